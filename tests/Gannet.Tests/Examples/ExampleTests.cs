using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Gannet.Testing;
using Gannet.Tests.Tool;

namespace Gannet.Tests.Examples;

/// <summary>
/// Every example, as a reader would run it from the checkout: by <c>./gannet</c>, and by <c>dotnet run</c> with the same
/// output and status. What it prints is what the book's listing prints, where that does not depend on the machine.
/// </summary>
public class ExampleTests
{
    private const string Usage = @"usage: getopt.cs \[-yg\] \[-n number\] \[--debug\] \[--output=file\] \[file \.\.\.\]" + "\n";

    /// <summary>The example with its arguments, its status, and patterns for its whole standard output and error.</summary>
    public static TheoryData<string, string[], int, string, string> Examples => new()
    {
        { "alarm.cs", [], 0, "Going to sleep...\nWake Up!\n", "" },
        { "argv.cs", ["hello", "this", "is", "a", "test"], 0, "Argument 0 is examples/argv.cs\nArgument 1 is hello\nArgument 2 is this\nArgument 3 is is\nArgument 4 is a\nArgument 5 is test\n", "" },
        { "argv.cs", ["-h", ""], 0, "Argument 0 is examples/argv.cs\nArgument 1 is -h\nArgument 2 is \n", "" },
        { "command.cs", [], 0, "one   word \\$HOME \\*\nSHOUT\n1 2 3 \nexit 3\nsh -c 'echo no such luck >&2; exit 3': exit 3: no such luck\nsignal 15 \\(SIGTERM\\), OnSignal\n", "" },
        { "default.cs", [], 131, "ignored once\n", "" },
        { "environ.cs", [], 0, ".+\n", "" },
        { "environ-set.cs", [], 0, "/bin:/sbin:/usr/sbin:/usr/bin:/usr/local/bin\nchild:/bin:/sbin:/usr/sbin:/usr/bin:/usr/local/bin\n", "" },
        { "exec.cs", [], 0, "execv: sh inherited\n", "" },
        { "exec.cs", ["execve"], 0, "execve: sh given\n", "" },
        { "exec.cs", ["execvp"], 0, "execvp: sh inherited\n", "" },
        { "exec.cs", ["execvpe"], 0, "execvpe: sh given\n", "" },
        { "exec-listed.cs", [], 0, "execl: sh inherited\n", "" },
        { "exec-listed.cs", ["execle"], 0, "execle: sh given\n", "" },
        { "exec-listed.cs", ["execlp"], 0, "execlp: sh inherited\n", "" },
        { "exec-listed.cs", ["execlpe"], 0, "execlpe: sh given\n", "" },
        { "exec-missing.cs", [], 1, "", @".*Gannet\.OsException: execv 'nothing': No such file or directory \(ENOENT\)\n(   at .*\n)+" },
        { "exec-never-returns.cs", [], 0, "before\nthe same process\n", "" },
        { "exec-own-name.cs", [], 0, "CVSROOT=/export/cvs\n", "" },
        { "exec-own-name.cs", ["execv"], 0, @"\.\n\.\.\n(.+\n)*examples\n(.+\n)*", "" },
        { "exec-own-name.cs", ["execvp"], 0, @"\.\n\.\.\n(.+\n)*examples\n(.+\n)*", "" },
        { "exec-own-name.cs", ["execvpe"], 0, "CVSROOT=/export/cvs\nPATH=/usr/bin\n", "" },
        { "exec-own-name.cs", ["forgotten"], 0, @"([^.].*\n)*examples\n([^.].*\n)*", "" },
        { "exit.cs", [], 0, "", "" },
        { "exitfunc.cs", [], 0, "body done\nHad enough, deciding to leave\n\n", "" },
        { "getopt.cs", ["-y", "-g", "--debug", "--output=process.out", "myfile.txt"], 0, "option -y\noption -g\noption --debug\noption --output with 'process.out'\nrest: myfile.txt\n", "" },
        { "getopt.cs", ["-q"], 2, "", "getopt: option -q not recognized\n" + Usage },
        { "getopt.cs", ["-n"], 2, "", "getopt: option -n requires argument\n" + Usage },
        { "getopt.cs", ["--nope"], 2, "", "getopt: option --nope not recognized\n" + Usage },
        { "getopt.cs", ["--debug=1"], 2, "", "getopt: option --debug must not have an argument\n" + Usage },
        { "getsignal.cs", [], 0, "True\nTrue\nTrue\n", "" },
        { "handler.cs", [], 0, "handler called with SIGALRM, sender: none\nThe handler 'Default' is no function; it can't be called\\.\n", "" },
        { "id.cs", [], 0, @"uid=\d+\S* gid=\d+\S* groups=\d+\S*" + "\n", "" },
        { "id.cs", ["root"], 0, @"uid=0\(root\) gid=0\(root\) groups=0\(root\)\S*" + "\n", "" },
        { "id.cs", ["nosuchuser"], 1, "", "id: 'nosuchuser': no such user\n" },
        { "ignore.cs", [], 0, "still here\n", "" },
        { "kill.cs", [], 0, "there\n3 ESRCH\n22 EINVAL\n", "" },
        { "kill-self.cs", [], 142, "", "" },
        { "linesep.cs", [], 0, @"'Some other text\\n' '\\n'" + "\n", "" },
        { "modules.cs", [], 0, @"__main__ +<module 'modules' from '/.*modules\.dll'>\nGannet +<module 'Gannet' from '/.*Gannet\.dll'>\n(\S+ +<module .*>\n)+No\.Such\.Module +\(absent\)\nTrue\n", "" },
        { "osname.cs", [], 0, "'posix'\n", "" },
        { "ospath.cs", [], 0, "a/b\n", "" },
        { "password.cs", ["nosuchuser"], 1, "", @"password(\.cs)?: there is no user 'nosuchuser'" + "\n" },
        { "path.cs", [], 0, @"list True\n" + Repository.Examples + @"\n(/.*\n)+", "" },
        { "path-append.cs", [], 0, "appended lib\nTrue\n", "" },
        { "path-insert.cs", [], 0, "early copy\n", "" },
        { "print.cs", [], 0, "Busy doin nothin\nBusy doin nothin\n", "" },
        { "putenv.cs", [], 0, @"mapping: C:\\Tools;C:\\Windows\nchild: C:\\Tools;C:\\Windows" + "\n", "" },
        { "redirect.cs", [], 0, @"'Error log!\\n'" + "\n", "" },
        { "reload.cs", [], 2, "", "usage: reload.cs CONFIGURATION LOG\n" },
        { "restore.cs", [], 0, @"True 'captured\\n'" + "\n", "visible again\n" },
        { "signal.cs", [], 0, "True\nTrue\nTrue\n", "" },
        { "user.cs", [], 0, @"You are \S+ \(.*\)\nHome Directory is /.*\nShell is /.*" + "\n", "" },
        { "wait.cs", [], 0, "True\nTrue\n", "" },
        { "wait-each.cs", [], 0, "left 2\nleft 1\nleft 0\nwait: No child processes \\(ECHILD\\)\n", "" },
        { "wait-nohang.cs", [], 0, "0\nTrue 1536 6\n", "" },
        { "wait-signaled.cs", [], 0, "15 True 15 False False\n", "" },
        { "os-system.cs", [], 0, "0\n768\n32512\n", "" },
        { "spawn.cs", [], 0, "3\n4\nTrue 1280\nECHILD\n", "" },
        { "popen.cs", [], 0, "alpha\nbeta\nexit 0\n", "" },
        { "popen-forms.cs", [], 0, "default mode\nr\nbuffered\nexit 0, sent\n768\n", "" },
        { "popen2.cs", [], 0, "TWO WAY\n", "" },
        { "popen3.cs", [], 0, "in oops\n", "" },
        { "popen4.cs", [], 0, "in\noops\n", "" },
        { "popen3-class.cs", [], 0, "while running: null\ngot hello, err\nwait: 768 poll after: 768\nchilderr without capture: null wait: 0\n", "" },
        { "popen4-class.cs", [], 0, "out\nerr\nnull 0\n", "" },
        { "parallel.cs", ["-j", "3", "sleep 0.3; echo first", "echo second; exit 3", "echo third >&2; kill $$"], 3, "first\nsecond\nthird\n", "" },
        { "parallel.cs", ["-x", "-j", "2", "exit 4", "sleep 100", "echo not started; sleep 100"], 4, "", "" },
        { "parallel.cs", ["-j", "0"], 2, "", "parallel: -j takes a number, 1 or more\nusage: (.+\n)+" },
        { "expect.cs", [], 0, "132 columns, 50 rows\nno such command\nNot shown in time: what never comes\nexit 7\n", "" },
        { "pipeline.cs", [], 0, "1apple 2pear\nTrue: signal 13 \\(SIGPIPE\\), exit 0\nexit 0, exit 3\n3 2 1 60\n0\\.2 s: signal 15 \\(SIGTERM\\)\n", "" },
        { "condition.cs", [], 0, "True True\nTrue False\nFalse\n", "" },
        { "condition-depth.cs", [], 0, "reentrant lock: messages shown: 3\nplain lock: messages shown: 0\n", "" },
        { "condition-messages.cs", [], 0, "Display: New Message: 0\nDisplay: New Message: 1\nDisplay: New Message: 2\nDisplay: New Message: 3\nDisplay: New Message: 4\n", "" },
        { "event.cs", [], 0, "False\nFalse\nTrue True\nFalse\n", "" },
        { "lock.cs", [], 0, "0 False False\n", "" },
        { "lock-acquire.cs", [], 0, "True False\nTrue blocked\n", "" },
        { "lock-reentrant.cs", [], 0, "True True\ndepth 2, other thread gets it: False\ndepth 1, other thread gets it: False\ndepth 0, other thread gets it: True\n", "" },
        { "lock-release.cs", [], 0, "False True\nrelease unlocked lock\n", "" },
        { "lock-try.cs", [], 0, "1 True False\n", "" },
        { "queue.cs", [], 0, "True False 0\nFalse True 2\nFull\nfirst second\nEmpty\nFalse 1000\n", "" },
        { "semaphore.cs", [], 0, "True False\nTrue\nTrue True False\nsemaphore initial value must be >= 0\n", "" },
        { "thread-clock.cs", [], 0, @"(The time is now [A-Z][a-z]{2} [A-Z][a-z]{2} [ 1-3]\d \d\d:\d\d:\d\d \d{4}\n){4,}", "" },
        { "thread-counters.cs", [], 0, @"((Display thread\(\d+\): Counter is \d+|Thread [AB]\(\d+\): Executing|Thread [AB]: (Acquired lock\.\.\.pausing\.\.\.|Couldn't get lock))\n)+Counter is 12\n(Display thread\(\d+\): Counter is 12\n)*", "" },
        { "thread-display.cs", [], 0, "False\nCounter is 0\nFalse Thread-1\n", "" },
        { "thread-new.cs", [], 0, "1 2; 3 key=4\nTrue\n", "" },
        { "thread-object.cs", [], 0, "Thread-1 Given False False\n", "" },
        { "workers.cs", [], 0, "all 1000 items are done\nsum of squares: 333833500\n", "" },
        { "prefork-server.cs", [], 2, "", "usage: prefork-server.cs WORKERS\n" },
        { "reap-on-sigchld.cs", [], 0, "True 1024\nalready reaped: 10\n", "" },
        { "run-self.cs", [], 0, "12 squared: 144\n\\*\n\\*\\*\n\\*\\*\\*\ndrew 3 lines\n", "" },
    };

    /// <summary>Those that fork, in the same form.</summary>
    public static TheoryData<string, string[], int, string, string> ForkingExamples => new()
    {
        { "fork.cs", [], 0, "child branch\nparent branch, pid > 0 is True\n", "" },
        { "fork-greetings.cs", [], 0, "(Hello from the (child|parent)!\n){20}", "" },
        { "fork-per-connection.cs", [], 0, "served and reaped \\[0, 0, 0\\]\n", "" },
        { "forking-server.cs", [], 0, "6 of 6 children ended well\n", "" },
    };

    // One of each kind: words, a command's children, a trace on standard error, a status, an end by a signal, assemblies.
    private static readonly string[] s_ofEachKind = ["argv.cs", "command.cs", "exec-missing.cs", "getopt.cs", "kill-self.cs", "modules.cs"];

    // Where the program and its libraries lie is no part of "the same output", nor is which calls of a trace were inlined, nor the time of
    // day or how threads take turns.
    private static readonly string[] s_notTheSameTwice = ["exec-missing.cs", "modules.cs", "path.cs", "thread-clock.cs", "thread-counters.cs"];

    /// <summary>The SDK takes seconds to build each: one of each kind by default, all of them in the long form of the tests.</summary>
    public static IEnumerable<object[]> ExamplesForDotnetRun =>
        Examples.Concat(ForkPlatform.Complaint is null ? ForkingExamples : []).Where(row => s_runsAll || s_ofEachKind.Contains((string)row[0]));

    private static readonly bool s_runsAll = Environment.GetEnvironmentVariable("GANNET_STRESS") is "long";

    [Theory, Trait("S", "S486"), Trait("S", "S487"), Trait("S", "S488"), Trait("S", "S521"), Trait("S", "S522"), Trait("S", "S523")]
    [MemberData(nameof(Examples))]
    public void An_example_prints_what_the_listing_prints(string example, string[] arguments, int status, string output, string error) =>
        UnderGannet(example, arguments, status, output, error).Dispose();

    [ForkTheory]
    [MemberData(nameof(ForkingExamples))]
    public void An_example_that_forks_prints_what_the_listing_prints(string example, string[] arguments, int status, string output, string error) =>
        UnderGannet(example, arguments, status, output, error).Dispose();

    [Theory]
    [MemberData(nameof(ExamplesForDotnetRun))]
    public void An_example_prints_the_same_under_dotnet_run(string example, string[] arguments, int status, string output, string error)
    {
        using TestProcess gannet = UnderGannet(example, arguments, status, output, error);
        using TestProcess dotnet = AssertRuns("/usr/bin/env", ["dotnet", "run", $"examples/{example}", "--", .. arguments], status, output, error);
        if (!s_notTheSameTwice.Contains(example))
        {
            Assert.Equal((gannet.Stdout, gannet.Stderr), (dotnet.Stdout, dotnet.Stderr));
        }
    }

    [Fact]
    public void The_service_rereads_its_configuration_opens_its_log_again_and_drains()
    {
        string folder = Directory.CreateTempSubdirectory("gannet-reload-").FullName;
        string configuration = Path.Combine(folder, "configuration"), log = Path.Combine(folder, "log");
        File.WriteAllText(configuration, "hello\n");
        using TestProcess service = TestProcess.Start(ScriptFolder.Command, ["examples/reload.cs", configuration, log], workingDirectory: Repository.Root);
        service.WaitForOutput("ready\n");
        File.WriteAllText(configuration, "good morning\n");
        service.Kill((int)Signal.SIGHUP);
        service.WaitForOutput("configuration: good morning\n");
        File.Move(log, $"{log}.1");
        service.Kill((int)Signal.SIGUSR1);
        service.WaitForOutput("log opened\n");
        service.Kill((int)Signal.SIGTERM);
        service.Wait();
        Assert.Equal((0, ""), (service.ShellStatus, service.Stderr));
        Assert.Equal("started: hello\nconfiguration: good morning\n", File.ReadAllText($"{log}.1"));
        Assert.Equal("log opened\ndrained after SIGTERM\n", File.ReadAllText(log));
        Directory.Delete(folder, recursive: true);
    }

    [ForkFact]
    public void The_prefork_server_replaces_a_dead_worker_is_upgraded_without_a_lost_connection_and_drains()
    {
        using TestProcess server = TestProcess.Start(ScriptFolder.Command, ["examples/prefork-server.cs", "2"], workingDirectory: Repository.Root);
        Regex ready = new(@"ready on port (\d+)\n");
        server.WaitForOutput("ready on port ");
        Await(() => ready.IsMatch(server.Stdout));
        int port = int.Parse(ready.Match(server.Stdout).Groups[1].Value, CultureInfo.InvariantCulture);
        int victim = Ask(port);
        Os.Kill(victim, Signal.SIGKILL);
        server.WaitForOutput("a worker has ended: signal 9 (SIGKILL)\n");
        HashSet<int> old = [];
        for (int i = 0; i < 20; i++)
        {
            old.Add(Ask(port));
        }

        server.Kill((int)Signal.SIGUSR2);
        Await(() => !old.Contains(Ask(port)) && ready.Count(server.Stdout) == 2);
        server.Kill((int)Signal.SIGTERM);
        server.Wait();
        Assert.Equal((0, ""), (server.ShellStatus, server.Stderr));
        Assert.DoesNotContain(victim, old);
        Assert.EndsWith("drained\n", server.Stdout, StringComparison.Ordinal);

        // The number of the worker that answered.
        static int Ask(int port)
        {
            using TcpClient client = new("127.0.0.1", port);
            using StreamReader reader = new(client.GetStream());
            client.GetStream().Write("hello\n"u8);
            string[] reply = reader.ReadLine()!.Split(' ');
            Assert.Equal("hello", reply[1]);
            return int.Parse(reply[0], CultureInfo.InvariantCulture);
        }

        static void Await(Func<bool> condition)
        {
            Stopwatch clock = Stopwatch.StartNew();
            while (!condition())
            {
                Assert.True(clock.Elapsed < TestProcess.DefaultTimeout, "Nothing came of it.");
                Thread.Sleep(1);
            }
        }
    }

    [Fact]
    public void Of_commands_in_parallel_none_is_left_when_one_can_not_be_started()
    {
        const string Script = "{ echo 'exec sleep 61.125'; head -c 200000 /dev/zero | tr '\\0' x; echo; } | \"$0\" examples/parallel.cs -j 2";
        using TestProcess run = TestProcess.Run(
            "/bin/sh", ["-c", Script, ScriptFolder.Command], workingDirectory: Repository.Root, timeout: TimeSpan.FromMinutes(3));
        Assert.Equal((1, ""), (run.ShellStatus, run.Stdout));
        Assert.Contains("(E2BIG)", run.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("sleep\0" + "61.125\0", Directory.EnumerateDirectories("/proc").Select(CommandLineOf));
    }

    [Fact]
    public void Every_example_is_tested() =>
        Assert.Equal(
            Directory.EnumerateFiles(Repository.Examples, "*.cs").Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Examples.Concat(ForkingExamples).Select(row => (string)row[0]!).Distinct().Order(StringComparer.Ordinal));

    private static string CommandLineOf(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // No process, or gone meanwhile.
            return "";
        }
    }

    private static TestProcess UnderGannet(string example, string[] arguments, int status, string output, string error) =>
        AssertRuns(ScriptFolder.Command, [$"examples/{example}", .. arguments], status, output, error);

    private static TestProcess AssertRuns(string program, string[] arguments, int status, string output, string error)
    {
        TestProcess run = TestProcess.Run(program, arguments, workingDirectory: Repository.Root, timeout: TimeSpan.FromMinutes(3));
        Assert.Matches($@"\A{output}\z", run.Stdout);
        Assert.Matches($@"\A{error}\z", run.Stderr);
        Assert.Equal(status, run.ShellStatus);
        return run;
    }
}
