using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Gannet.Interop;
using Gannet.Testing;
using Gannet.Tests.Tool;

namespace Gannet.Tests.Processes;

[Collection(Spawned.Collection)]
public sealed class ExecTests : IDisposable
{
    private const int Sighup = 1;
    private const int Sigint = 2;
    private const int Sigalrm = 14;

    private static readonly Dictionary<string, string?> s_inherited = new() { ["WHO"] = "inherited" };

    private readonly string _directory = Directory.CreateTempSubdirectory("gannet-exec-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact, Trait("S", "S211")]
    public void The_new_program_sees_its_arguments_from_argv_0_on()
    {
        using TestProcess run = ChildProgram.Run("Execution.Replace", "/bin/cat", "renamed", "/proc/self/cmdline");
        Assert.Equal((0, "renamed\0/proc/self/cmdline\0", ""), Outcome(run));
    }

    [Fact, Trait("S", "S219"), Trait("S", "S220")]
    public void The_process_stays_the_same()
    {
        using TestProcess run = ChildProgram.Run("Execution.Replace", "/bin/sh", "sh", "-c", "echo $$; exit 7");
        Assert.Equal((7, $"{run.Pid}\n", ""), Outcome(run));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_reach_the_new_program_as_they_came()
    {
        byte[][] words = [.. new[] { "Execution.Replace", "/bin/cat", "cat", "/proc/self/cmdline" }.Select(Encoding.UTF8.GetBytes)];
        using TestProcess run = TestProcess.StartRaw(ChildProgram.Executable, [.. words, [(byte)'a', 0xE9, 0xFF]]);
        run.Wait();
        Assert.Equal([.. "cat\0/proc/self/cmdline\0a"u8, 0xE9, 0xFF, 0], run.StdoutBytes);
    }

    [Fact, Trait("S", "S212"), Trait("S", "S213"), Trait("S", "S215")]
    public void Bad_arguments_are_refused_before_anything_happens()
    {
        using TestProcess run = ChildProgram.Run("Execution.Refuse");
        Assert.Equal(
            [
                "no arguments: ArgumentException arguments",
                "null path: ArgumentNullException path",
                "null arguments: ArgumentNullException arguments",
                "null argument: ArgumentNullException arguments",
                "NUL in the path: ArgumentException path",
                "NUL in an argument: ArgumentException arguments",
                "half a pair: ArgumentException arguments",
                "no arguments: ArgumentException arguments",
                "null environment: ArgumentNullException environment",
                "null value: ArgumentException environment",
                "null name: ArgumentException environment",
                "empty name: ArgumentException environment",
                "null file: ArgumentNullException file",
                "NUL in the file: ArgumentException file",
                "no listed arguments: ArgumentException arguments",
                "null environment: ArgumentNullException environment",
                "null environment: ArgumentNullException environment",
                "null environment: ArgumentNullException environment",
                "null value: ArgumentException environment",
                "= in a name: ArgumentException environment",
                "NUL in a value: ArgumentException environment",
            ],
            run.Stdout.TrimEnd().Split('\n'));
    }

    [Theory, Trait("S", "S231"), Trait("S", "S234")]
    [InlineData("/no/such", "No such file or directory", Errno.ENOENT)]
    [InlineData("/dev/null", "Permission denied", Errno.EACCES)]
    [InlineData("/", "Permission denied", Errno.EACCES)]
    public void A_path_that_is_no_program_is_an_error_with_its_number(string path, string text, Errno errno)
    {
        using TestProcess run = ChildProgram.Run("Execution.Fail", path, "1");
        Assert.Equal((0, $"execv '{path}': {text} ({errno})|{errno}|execv|{path}\n", ""), Outcome(run));
    }

    [Theory, Trait("S", "S234")]
    [InlineData("no program at all\n", "Exec format error", Errno.ENOEXEC)]
    [InlineData("#!/no/such/interpreter\n", "No such file or directory", Errno.ENOENT)]
    public void A_file_that_can_not_be_run_is_an_error_with_its_number(string content, string text, Errno errno)
    {
        string path = Path.Combine(_directory, "file");
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using TestProcess run = ChildProgram.Run("Execution.Fail", path, "1");
        Assert.Equal((0, $"execv '{path}': {text} ({errno})|{errno}|execv|{path}\n", ""), Outcome(run));
    }

    [Fact]
    public void Arguments_that_are_too_large_are_an_error()
    {
        using TestProcess run = ChildProgram.Run("Execution.Fail", "/bin/true", "200000");
        Assert.Equal((0, "execv '/bin/true': Argument list too long (E2BIG)|E2BIG|execv|/bin/true\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S223")]
    public void Descriptors_that_the_program_has_opened_are_not_passed_on()
    {
        using TestProcess direct = TestProcess.Run("/bin/ls", ["/proc/self/fd"]);
        using TestProcess run = ChildProgram.Run("Execution.WithOpenDescriptors");
        Assert.Equal((0, direct.Stdout, ""), Outcome(run));
    }

    [Fact, Trait("S", "S221")]
    public void Pending_output_is_written_first_and_neither_hooks_nor_finally_blocks_run()
    {
        using TestProcess run = ChildProgram.Run("Execution.WithPendingOutput");
        Assert.Equal((0, "body new program\n", ""), Outcome(run));
    }

    [Fact]
    public void A_closed_stdout_is_no_obstacle()
    {
        using TestProcess run = ChildProgram.Run("Execution.WithClosedOutput");
        Assert.Equal((0, "new program\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S224")]
    public void Other_threads_may_run()
    {
        using TestProcess run = ChildProgram.Run("Execution.AmongThreads");
        Assert.Equal((0, "new program\n", ""), Outcome(run));
    }

    [Fact]
    public void The_new_program_starts_with_SIGPIPE_at_its_default_and_no_signal_blocked()
    {
        using TestProcess run = ChildProgram.Run("Execution.WithBlockedSignal");
        Assert.Equal((0UL, 0UL), (Signals(run, "SigBlk"), Signals(run, "SigIgn")));
    }

    [Fact, Trait("S", "S222")]
    public void Signals_that_were_ignored_at_start_stay_ignored()
    {
        using TestProcess run = TestProcess.Run(
            "/bin/sh", ["-c", "trap '' HUP INT; exec \"$0\" Execution.WithBlockedSignal", ChildProgram.Executable]);
        Assert.Equal(Bit(Sighup) | Bit(Sigint), Signals(run, "SigIgn"));
    }

    [Theory]
    [InlineData("Execution.FailWithBlockedSignal")]
    [InlineData("Execution.FailWithHandlerForBrokenPipe")]
    public void An_attempt_that_fails_leaves_the_signals_as_they_were(string scenario)
    {
        using TestProcess run = ChildProgram.Run(scenario);
        Assert.Equal((0, "same\n", ""), Outcome(run));
    }

    [Fact]
    public void While_an_attempt_fails_other_threads_may_write_to_a_broken_pipe()
    {
        using TestProcess run = ChildProgram.Run("Execution.FailWhileWritingToBrokenPipe");
        Assert.Equal((0, "survived\n", ""), (run.ShellStatus, run.Stdout, run.Stderr));
    }

    [Fact, Trait("S", "S214")]
    public void Execve_passes_the_given_environment_and_nothing_else()
    {
        using TestProcess run = ChildProgram.Run("Execution.WithEnvironment");
        Assert.Equal([.. "A=1\0L"u8, 0xE9, (byte)'=', 0xFF, .. "\0E=\0"u8], run.StdoutBytes);
    }

    [Fact, Trait("S", "S222")]
    public void Signals_that_the_program_handles_start_at_their_default()
    {
        using TestProcess run = ChildProgram.Run("Execution.WithHandlers");
        Assert.Equal(0UL, Signals(run, "SigCgt"));
    }

    [Fact, Trait("S", "S222")]
    public void A_pending_alarm_ends_the_new_program()
    {
        using TestProcess run = ChildProgram.Run("Execution.WithAlarm");
        Assert.Equal(Sigalrm, run.Signal);
    }

    [Fact, Trait("S", "S222")]
    public void The_working_directory_stays()
    {
        using TestProcess run = TestProcess.Run(
            ChildProgram.Executable, ["Execution.Call", "execv", "/bin/pwd", "", "pwd"], workingDirectory: "/usr");
        Assert.Equal((0, "/usr\n", ""), Outcome(run));
    }

    [Fact]
    public void The_new_program_finds_the_terminal_in_the_mode_in_which_this_one_found_it()
    {
        using TestTerminal terminal = new();
        string before = Spawned.Output("stty -g", new DescriptorMapping(terminal.Child, 0));
        terminal.Type("a line\n");
        Assert.Equal(before, Spawned.Capture(output => new()
        {
            Program = ChildProgram.Executable,
            Arguments = ["child", "Execution.AfterReadingFromTerminal"],
            Descriptors = [new(terminal.Child, 0), new(output, 1)],
        }));
    }

    [Fact, Trait("S", "S224")]
    public void An_exec_on_another_thread_replaces_the_whole_process()
    {
        using TestProcess run = ChildProgram.Run("Execution.FromAnotherThread");
        Assert.Equal((0, "new program\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S224")]
    public void Of_many_threads_that_try_one_replaces_the_process()
    {
        using TestProcess run = ChildProgram.Run("Execution.FromManyThreads");
        Assert.Equal((0, "new program\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S218")]
    public void Nothing_after_the_call_runs()
    {
        using TestProcess run = ChildProgram.Run("Execution.BetweenLines");
        Assert.Equal((0, "before\nnew program\n", ""), Outcome(run));
    }

    [Theory]
    [InlineData("execv", "/bin/sh", "inherited"), Trait("S", "S201"), Trait("S", "S212")]
    [InlineData("execve", "/bin/sh", "given"), Trait("S", "S203")]
    [InlineData("execvp", "sh", "inherited"), Trait("S", "S204")]
    [InlineData("execvpe", "sh", "given"), Trait("S", "S205")]
    [InlineData("execl", "/bin/sh", "inherited"), Trait("S", "S226"), Trait("S", "S227")]
    [InlineData("execle", "/bin/sh", "given"), Trait("S", "S228")]
    [InlineData("execlp", "sh", "inherited"), Trait("S", "S229")]
    [InlineData("execlpe", "sh", "given"), Trait("S", "S230")]
    public void Each_form_runs_the_program_with_its_arguments_and_environment(string form, string program, string who)
    {
        using TestProcess run = ChildProgram.Run("Execution.WithChangedVariable", form, program);
        Assert.Equal((0, $"sh {who}\n", ""), Outcome(run));
    }

    [Theory, Trait("S", "S214")]
    [InlineData("ONLY=2")]
    [InlineData("")]
    public void A_given_environment_is_all_that_there_is(string environment)
    {
        using TestProcess run = TestProcess.Run(
            ChildProgram.Executable,
            ["Execution.Call", "execve", "/usr/bin/env", environment, "env"],
            environment: new Dictionary<string, string?> { ["KEEP"] = "1" });
        Assert.Equal((0, environment is "" ? "" : $"{environment}\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S217")]
    public void The_first_argument_is_the_name_of_the_program_even_if_it_looks_like_an_option()
    {
        File.WriteAllText(Path.Combine(_directory, ".hidden"), "");
        File.WriteAllText(Path.Combine(_directory, "afile"), "");
        Assert.Equal("afile\n", List("-a"));
        Assert.Equal(".\n..\n.hidden\nafile\n", List("ls", "-a"));
    }

    [Theory, Trait("S", "S216")]
    [InlineData("execve", "./cvs")]
    [InlineData("execvpe", "cvs")]
    public void A_program_reads_its_settings_from_the_environment_that_it_was_given(string form, string program)
    {
        string path = Path.Combine(_directory, "cvs");
        File.WriteAllText(path, "#!/bin/sh\necho \"$1 to $CVSROOT\"\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using TestProcess run = TestProcess.Run(
            ChildProgram.Executable,
            ["Execution.Call", form, program, $"CVSROOT=/export/cvs\nPATH={_directory}", "cvs", "commit"],
            workingDirectory: _directory);
        Assert.Equal((0, "commit to /export/cvs\n", ""), Outcome(run));
    }

    [Theory, Trait("S", "S202"), Trait("S", "S231")]
    [InlineData("execl")]
    [InlineData("execle")]
    [InlineData("execv")]
    [InlineData("execve")]
    public void A_path_is_not_searched_for(string form)
    {
        using TestProcess run = TestProcess.Run(
            ChildProgram.Executable, ["Execution.Call", form, "ls", "PATH=/bin", "ls"], workingDirectory: _directory);
        Assert.Equal((0, $"{form} 'ls': No such file or directory (ENOENT)|ENOENT|{form}|ls\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S231"), Trait("S", "S233")]
    public void An_empty_name_for_the_program_to_see_does_not_hide_that_it_is_missing()
    {
        using TestProcess run = ChildProgram.Run("Execution.Call", "execv", "nothing", "", "");
        Assert.Equal((0, "execv 'nothing': No such file or directory (ENOENT)|ENOENT|execv|nothing\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S211"), Trait("S", "S233")]
    public void The_name_that_the_program_sees_may_be_empty()
    {
        using TestProcess run = ChildProgram.Run("Execution.Call", "execv", "/bin/cat", "", "", "/proc/self/cmdline");
        Assert.Equal((0, "\0/proc/self/cmdline\0", ""), Outcome(run));
    }

    [Fact, Trait("S", "S232")]
    public void An_error_that_nobody_catches_ends_the_program_with_its_message_and_status_1()
    {
        using TestProcess run = ChildProgram.Run("Execution.Uncaught");
        Assert.Equal((1, ""), (run.ExitCode, run.Stdout));
        Assert.Contains("execv 'nothing': No such file or directory (ENOENT)", run.Stderr);
    }

    [Fact, Trait("S", "S200")]
    public void All_eight_forms_are_there_and_only_those_with_l_take_their_arguments_one_by_one()
    {
        MethodInfo[] forms = [.. typeof(Os).GetMethods().Where(method => method.Name.StartsWith("Exec")).OrderBy(method => method.Name)];
        Assert.Equal(
            ["Execl", "Execle", "Execlp", "Execlpe", "Execv", "Execve", "Execvp", "Execvpe"], forms.Select(method => method.Name));
        Assert.All(forms, method => Assert.Equal(method.Name[4] is 'l', method.GetParameters().Any(IsListed)));

        static bool IsListed(ParameterInfo parameter) => parameter.IsDefined(typeof(ParamCollectionAttribute));
    }

    [Fact, Trait("S", "S213")]
    public void A_text_in_place_of_the_list_of_arguments_does_not_compile()
    {
        using ScriptFolder folder = new();
        using TestProcess run = folder.Gannet("-c", "Os.Execv(\"/bin/ls\", \"-a\")");
        Assert.Equal((1, ""), (run.ExitCode, run.Stdout));
        Assert.Contains("CS1503: Argument 2: cannot convert from 'string'", run.Stderr);
    }

    [Fact, Trait("S", "S225")]
    public void A_program_that_is_to_run_beside_this_one_is_spawned_instead()
    {
        string[] ids = Spawned.Output("echo $$ $PPID").Split();
        Assert.Equal($"{Environment.ProcessId}", ids[1]);
        Assert.NotEqual(ids[0], ids[1]);
    }

    [PythonFact, Trait("S", "S211"), Trait("S", "S214"), Trait("S", "S220"), Trait("S", "S226"), Trait("S", "S230"), Trait("S", "S234")]
    public void Every_form_ends_as_CPythons()
    {
        (string Program, string[] Words)[] calls =
        [
            ("/bin/sh", ["zero", "-c", "echo $0 $WHO; exit 42"]), ("sh", ["zero", "-c", "echo $0 $WHO; exit 42"]),
            ("cat", ["-", "/proc/self/cmdline"]), ("/", ["root"]), ("no-such", ["such"]),
        ];
        string[] forms = ["execl", "execle", "execlp", "execlpe", "execv", "execve", "execvp", "execvpe"];
        foreach ((string form, (string program, string[] words)) in forms.SelectMany(form => calls.Select(call => (form, call))))
        {
            using TestProcess theirs = CallInPython(form, program, words);
            using TestProcess ours = Call(form, program, words);
            Assert.Equal((form, program, Outcome(theirs)), (form, program, (ours.ShellStatus, Told(ours.Stdout), ours.Stderr)));
        }

        static string Told(string output) => output.Split('|') is [_, string errno, ..] ? $"{errno}\n" : output;
    }

    private static TestProcess Call(string form, string program, string[] words) => TestProcess.Run(
        ChildProgram.Executable, ["Execution.Call", form, program, "WHO=given\nPATH=/bin", .. words], environment: s_inherited);

    private static TestProcess CallInPython(string form, string program, string[] words)
    {
        string listed = string.Join(", ", words.Select(word => $"'{word}'"));
        string arguments = form[4] is 'l' ? listed : $"[{listed}]";
        string environment = form.EndsWith('e') ? ", {'WHO': 'given', 'PATH': '/bin'}" : "";
        string code =
            $"""
            import errno, os
            try:
                os.{form}('{program}', {arguments}{environment})
            except OSError as error:
                print(errno.errorcode[error.errno])
            """;
        return TestProcess.Run("/usr/bin/env", ["python3", "-c", code], environment: s_inherited);
    }

    // A directory's entries, by ls with these words.
    private string List(params string[] words)
    {
        using TestProcess run = TestProcess.Run(
            ChildProgram.Executable, ["Execution.Call", "execv", "/bin/ls", "", .. words], workingDirectory: _directory);
        Assert.Equal((0, ""), (run.ExitCode, run.Stderr));
        return run.Stdout;
    }

    // The signals from 32 on are glibc's own business: its posix_spawn, by which tests start programs, leaves one of them ignored.
    private static ulong Signals(TestProcess run, string field) =>
        (uint)(ulong.Parse(run.Stdout.Split('\n').Single(line => line.StartsWith(field)).Split('\t')[1], NumberStyles.HexNumber)
            & int.MaxValue);

    private static ulong Bit(int signal) => 1UL << (signal - 1);

    private static (int Status, string Stdout, string Stderr) Outcome(TestProcess run) => (run.ExitCode, run.Stdout, run.Stderr);
}
