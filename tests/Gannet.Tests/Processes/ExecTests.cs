using System.Globalization;
using System.Text;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

public sealed class ExecTests : IDisposable
{
    private const int Sighup = 1;
    private const int Sigint = 2;

    private readonly string _directory = Directory.CreateTempSubdirectory("gannet-exec-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_new_program_sees_its_arguments_from_argv_0_on()
    {
        using TestProcess run = ChildProgram.Run("Execution.Replace", "/bin/cat", "renamed", "/proc/self/cmdline");
        Assert.Equal((0, "renamed\0/proc/self/cmdline\0", ""), Outcome(run));
    }

    [Fact]
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

    [Fact]
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
                "= in a name: ArgumentException environment",
                "NUL in a value: ArgumentException environment",
            ],
            run.Stdout.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("/no/such", "No such file or directory", Errno.ENOENT)]
    [InlineData("/dev/null", "Permission denied", Errno.EACCES)]
    [InlineData("/", "Permission denied", Errno.EACCES)]
    public void A_path_that_is_no_program_is_an_error_with_its_number(string path, string text, Errno errno)
    {
        using TestProcess run = ChildProgram.Run("Execution.Fail", path, "1");
        Assert.Equal((0, $"execv '{path}': {text} ({errno})|{errno}|execv|{path}\n", ""), Outcome(run));
    }

    [Theory]
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

    [Fact]
    public void Descriptors_that_the_program_has_opened_are_not_passed_on()
    {
        using TestProcess direct = TestProcess.Run("/bin/ls", ["/proc/self/fd"]);
        using TestProcess run = ChildProgram.Run("Execution.WithOpenDescriptors");
        Assert.Equal((0, direct.Stdout, ""), Outcome(run));
    }

    [Fact]
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

    [Fact]
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

    [Fact]
    public void Signals_that_were_ignored_at_start_stay_ignored()
    {
        using TestProcess run = TestProcess.Run(
            "/bin/sh", ["-c", "trap '' HUP INT; exec \"$0\" Execution.WithBlockedSignal", ChildProgram.Executable]);
        Assert.Equal(Bit(Sighup) | Bit(Sigint), Signals(run, "SigIgn"));
    }

    [Fact]
    public void An_attempt_that_fails_leaves_the_signals_as_they_were()
    {
        using TestProcess run = ChildProgram.Run("Execution.FailWithBlockedSignal");
        Assert.Equal((0, "same\n", ""), Outcome(run));
    }

    [Fact]
    public void While_an_attempt_fails_other_threads_may_write_to_a_broken_pipe()
    {
        using TestProcess run = ChildProgram.Run("Execution.FailWhileWritingToBrokenPipe");
        Assert.Equal((0, "survived\n", ""), (run.ShellStatus, run.Stdout, run.Stderr));
    }

    [Fact]
    public void Execve_passes_the_given_environment_and_nothing_else()
    {
        using TestProcess run = ChildProgram.Run("Execution.WithEnvironment");
        Assert.Equal([.. "A=1\0L"u8, 0xE9, (byte)'=', 0xFF, .. "\0E=\0"u8], run.StdoutBytes);
    }

    // The signals from 32 on are glibc's own business: its posix_spawn, by which tests start programs, leaves one of them ignored.
    private static ulong Signals(TestProcess run, string field) =>
        (uint)(ulong.Parse(run.Stdout.Split('\n').Single(line => line.StartsWith(field)).Split('\t')[1], NumberStyles.HexNumber)
            & int.MaxValue);

    private static ulong Bit(int signal) => 1UL << (signal - 1);

    private static (int Status, string Stdout, string Stderr) Outcome(TestProcess run) => (run.ExitCode, run.Stdout, run.Stderr);
}
