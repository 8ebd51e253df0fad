using System.Text;
using Gannet.Testing;

namespace Gannet.Tests.Tool;

/// <summary><c>gannet script.cs</c>: what the script gets, and what its caller gets back.</summary>
public sealed class RunScriptTests : IDisposable
{
    private const string PrintArguments = "foreach (string argument in Sys.Argv) Console.WriteLine($\"<{argument}>\");";

    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Arguments_reach_the_script_to_the_letter()
    {
        _folder.Write("dir/args.cs", "#!/usr/bin/env gannet\n" + PrintArguments + "Console.WriteLine(string.Join('|', args));");
        using TestProcess run = _folder.Gannet("dir/args.cs", "-h", "--", "--version", "dir/args.cs", "", "-c");
        Assert.Equal("<dir/args.cs>\n<-h>\n<-->\n<--version>\n<dir/args.cs>\n<>\n<-c>\n-h|--|--version|dir/args.cs||-c\n", run.Stdout);
        Assert.Equal("", run.Stderr);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_reach_the_script_and_the_programs_that_it_becomes()
    {
        _folder.Write("echo.cs", "Os.Execv(\"/bin/echo\", [\"echo\", .. args]);");
        using TestProcess run = _folder.StartRaw("echo.cs"u8.ToArray(), [(byte)'c', 0xE9, 0xFF]);
        run.Wait();
        Assert.Equal([(byte)'c', 0xE9, 0xFF, (byte)'\n'], run.StdoutBytes);
    }

    [Fact]
    public void Code_on_the_command_line_is_called_minus_c_and_may_lack_its_last_semicolon()
    {
        using TestProcess run = _folder.Gannet("-c", PrintArguments + "Console.WriteLine(Sys.ScriptPath is null) // done", "a", "-c");
        Assert.Equal("<-c>\n<a>\n<-c>\nTrue\n", run.Stdout);
    }

    [Theory]
    [InlineData("<->\n<a>\n", "-", "a")]
    [InlineData("<>\n")]
    public void A_script_may_come_from_standard_input(string expected, params string[] words)
    {
        using TestProcess run = _folder.GannetWithInput(PrintArguments, words);
        Assert.Equal(expected, run.Stdout);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" -")]
    [InlineData(" -i")]
    public void A_closed_standard_input_is_an_error_and_not_waited_for(string words)
    {
        using TestProcess run = TestProcess.Run(
            "/bin/sh", ["-c", $"exec \"$0\"{words} <&-", ScriptFolder.Command], "", _folder.Path, timeout: TimeSpan.FromSeconds(60));
        Assert.Equal((2, "", "gannet: standard input is closed\n"), (run.ExitCode, run.Stdout, run.Stderr));
    }

    [Fact]
    public void The_script_knows_its_path_and_the_SDKs_names_for_it()
    {
        _folder.Write("where.cs", """
            Console.WriteLine(Sys.ScriptPath);
            Console.WriteLine(AppContext.GetData("EntryPointFilePath"));
            Console.WriteLine(AppContext.GetData("EntryPointFileDirectoryPath"));
            Console.WriteLine(System.Reflection.Assembly.GetEntryAssembly()!.GetName().Name);
            Console.WriteLine(Where());
            static string Where([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
            """);
        using TestProcess run = _folder.Gannet("where.cs");
        string path = Path.Combine(_folder.Path, "where.cs");
        Assert.Equal($"{path}\n{path}\n{_folder.Path}\nwhere\n{path}\n", run.Stdout);
    }

    [Fact]
    public void The_script_starts_in_a_clean_process_without_the_compiler()
    {
        _folder.Write("clean.cs", """
            Console.WriteLine(AppDomain.CurrentDomain.GetAssemblies().Count(a => a.GetName().Name!.StartsWith("Microsoft.CodeAnalysis")));
            Console.WriteLine(ThreadPool.ThreadCount);
            Console.WriteLine(Directory.GetFiles("/proc/self/fd").Select(f => File.ResolveLinkTarget(f, false)?.FullName).Count(f => f?.EndsWith(".cs") == true));
            """);
        using TestProcess run = _folder.Gannet("clean.cs");
        Assert.Equal("0\n0\n0\n", run.Stdout);
    }

    [Fact]
    public void The_environment_reaches_the_script_byte_for_byte()
    {
        _folder.Write("environ.cs", "Console.Out.Flush(); Os.Execv(\"/usr/bin/env\", [\"env\"]);");
        using TestProcess run = TestProcess.Start(
            "/bin/sh",
            ["-c", "RAW=$(printf 'caf\\351') EMPTY= exec \"$0\" environ.cs", ScriptFolder.Command],
            workingDirectory: _folder.Path);
        run.Wait();
        string[] lines = Encoding.Latin1.GetString(run.StdoutBytes).Split('\n');
        Assert.Contains("RAW=caf\xe9", lines);
        Assert.Contains("EMPTY=", lines);
    }

    [Fact]
    public void A_script_leaves_the_signals_as_a_program_of_C_would_find_them()
    {
        _folder.Write("status.cs", "Os.Execl(\"/bin/grep\", \"grep\", \"-E\", \"Sig(Blk|Ign)\", \"/proc/self/status\");");
        using TestProcess run = _folder.Gannet("status.cs");
        // Signal 32 is glibc's own; its posix_spawn, by which the test starts the command, leaves it ignored.
        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", run.Stdout.Replace("80000000\n", "00000000\n"));
    }

    [Theory]
    [InlineData("Sys.Exit(3)", 3, "", "")]
    [InlineData("return 4;", 4, "", "")]
    [InlineData("Environment.ExitCode = 5;", 5, "", "")]
    [InlineData("Environment.Exit(6);", 6, "", "")]
    [InlineData("await Task.Yield(); return 7;", 7, "", "")]
    [InlineData("try { Sys.Exit(\"bye\"); } finally { Console.WriteLine(\"finally\"); }", 1, "finally\n", "bye\n")]
    [InlineData("AtExit.Register(() => Console.WriteLine(\"hook\")); await Task.Yield(); Sys.Exit(8);", 8, "hook\n", "")]
    public void The_status_is_the_scripts(string code, int status, string output, string error)
    {
        using TestProcess run = _folder.Gannet("-c", code);
        Assert.Equal((status, output, error), (run.ExitCode, run.Stdout, run.Stderr));
    }

    [Fact]
    [Trait("S", "S090")]
    public void An_unhandled_exception_prints_its_trace_runs_finally_and_hooks_and_ends_with_1()
    {
        _folder.Write("throw.cs", """
            AtExit.Register(() => Console.WriteLine("hook"));
            try
            {
                Inner();
            }
            finally
            {
                Console.WriteLine("finally");
            }

            static void Inner() => throw new InvalidOperationException("broken");
            """);
        using TestProcess run = _folder.Gannet("throw.cs");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("finally\nhook\n", run.Stdout);
        string path = Path.Combine(_folder.Path, "throw.cs");
        Assert.Equal(
            $"Unhandled exception. System.InvalidOperationException: broken\n" +
            $"   at Program.<<Main>$>g__Inner|0_1() in {path}:line 11\n" +
            $"   at Program.<Main>$(String[] args) in {path}:line 4\n",
            run.Stderr);
    }

    [Fact]
    [Trait("S", "S099")]
    public void An_interrupt_runs_the_hooks_and_then_ends_the_script_by_the_signal()
    {
        using TestProcess run = _folder.Start("-c", "AtExit.Register(() => Console.WriteLine(\"hook\")); Console.WriteLine(\"ready\"); Thread.Sleep(-1)");
        run.WaitForOutput("ready");
        run.Kill(2);
        run.Wait();
        Assert.Equal((2, 130, "ready\nhook\n"), (run.Signal, run.ShellStatus, run.Stdout));
    }

    [Fact]
    [Trait("S", "S097")]
    public void A_termination_signal_ends_the_script_without_hooks()
    {
        using TestProcess run = _folder.Start("-c", "AtExit.Register(() => Console.WriteLine(\"hook\")); Console.WriteLine(\"ready\"); Thread.Sleep(-1)");
        run.WaitForOutput("ready");
        run.Kill(15);
        run.Wait();
        Assert.Equal((15, "ready\n"), (run.Signal, run.Stdout));
    }

    [Fact]
    public void Help_goes_to_standard_output_with_status_0()
    {
        using TestProcess run = _folder.Gannet("--help");
        Assert.StartsWith("usage: gannet", run.Stdout);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void The_version_names_the_runtime_too()
    {
        using TestProcess run = _folder.Gannet("--version");
        Assert.Matches(@"^gannet \d+\.\d+\.\d+, \.NET 10\.", run.Stdout);
    }
}
