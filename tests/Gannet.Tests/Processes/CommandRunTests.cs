using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>A command run to its end.</summary>
[Collection(Spawned.Collection)]
public sealed class CommandRunTests : ChildrenTest
{
    [Theory]
    [InlineData("exit 0", "exit 0", false)]
    [InlineData("exit 42", "exit 42", true)]
    [InlineData("kill -TERM $$", "signal 15 (SIGTERM)", false)]
    [InlineData("kill -KILL $$", "signal 9 (SIGKILL)", true)]
    public async Task The_way_it_ended_is_told(string script, string status, bool isAsync)
    {
        CommandResult result = await Commands.RunAsync(Commands.Script(script), isAsync);
        Assert.Equal((status, status == "exit 0"), (result.Status.ToString(), result.Succeeded));
        Assert.Equal(ChildEnding.ByItself, result.Ending);
        Assert.False(result.OutputAbandoned);
    }

    [Fact]
    public void The_result_tells_what_was_run_and_what_it_took()
    {
        Command command = Command.Of("/bin/true", "a b");
        CommandResult result = command.Run();
        Assert.Same(command, result.Command);
        Assert.Equal("/bin/true 'a b': exit 0", result.ToString());
        Assert.InRange(result.Pid, 2, int.MaxValue);
        Assert.InRange(result.Elapsed, TimeSpan.FromTicks(1), TestProcess.DefaultTimeout);
        Assert.InRange(result.Usage.MaxResidentBytes, 100_000, long.MaxValue);
    }

    [Fact]
    public void A_failure_is_no_exception_unless_one_is_asked_for()
    {
        CommandResult result = Commands.Script("exit 3").Run();
        CommandFailedException error = Assert.Throws<CommandFailedException>(() => result.EnsureSuccess());
        Assert.Same(result, error.Result);
        Assert.Equal("/bin/sh -c 'exit 3': exit 3", error.Message);
        CommandResult success = Command.Of("/bin/true").Run();
        Assert.Same(success, success.EnsureSuccess());
    }

    [Fact]
    public void The_failure_of_a_captured_command_tells_its_last_words()
    {
        CapturedText result = Commands.Script("echo out; echo first >&2; echo last >&2; exit 1").Capture();
        CommandFailedException error = Assert.Throws<CommandFailedException>(() => result.EnsureSuccess());
        Assert.EndsWith(": exit 1: last", error.Message);
        Assert.Equal("out\n", Assert.IsType<CapturedText>(error.Result).Output);
        Assert.EndsWith(": exit 1: out", Assert.Throws<CommandFailedException>(() => Commands.Script("echo out; exit 1").CaptureBytes().EnsureSuccess()).Message);
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("async")]
    public void It_has_this_programs_own_streams_unless_said_otherwise(string kind)
    {
        using TestProcess run = TestProcess.Run(ChildProgram.Executable, ["Commanding.Inherits", kind], stdin: "from the parent");
        Assert.Equal((0, "from the parent", "error\n"), (run.ShellStatus, run.Stdout, run.Stderr));
    }

    [Fact]
    public async Task It_has_been_started_when_the_task_is_there()
    {
        // The writer of a FIFO gets no further than its opening until a reader is there.
        Command.Of("/usr/bin/mkfifo", At("fifo")).Run().EnsureSuccess();
        Task<CommandResult> run = Commands.Script("echo started > \"$0\"", At("fifo")).RunAsync();
        Assert.Equal("started\n", File.ReadAllText(At("fifo")));
        Assert.True((await run).Succeeded);
        Assert.True(Command.Of("/no/such").RunAsync().IsFaulted);
    }

    [Fact]
    public async Task Many_run_at_once()
    {
        CommandResult[] results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Commands.Script($"exit {i}").RunAsync()));
        Assert.Equal(Enumerable.Range(0, 100), results.Select(result => result.Status.ExitStatus!.Value));
        Assert.Equal(100, results.Select(result => result.Command).Distinct().Count());
    }

    [Theory]
    [InlineData("/no/such/program", "execve '/no/such/program': No such file or directory (ENOENT)")]
    [InlineData("gannet-no-such-program", "execve 'gannet-no-such-program': No such file or directory (ENOENT)")]
    [InlineData("/dev/null", "execve '/dev/null': Permission denied (EACCES)")]
    [InlineData("/usr", "execve '/usr': Permission denied (EACCES)")]
    public async Task A_program_that_can_not_be_run_is_an_error_in_every_way(string program, string message)
    {
        Command command = Command.Of(program);
        Assert.Equal(message, Assert.Throws<OsException>(() => command.Run()).Message);
        Assert.Equal(message, Assert.Throws<OsException>(() => command.Capture()).Message);
        Assert.Equal(message, Assert.Throws<OsException>(() => command.WithStdin(Stdio.Pipe).Start()).Message);
        Assert.Equal(message, (await Assert.ThrowsAsync<OsException>(() => command.RunAsync())).Message);
        Assert.Equal(message, (await Assert.ThrowsAsync<OsException>(() => command.WithInput(new byte[1_000_000]).CaptureBytesAsync())).Message);
    }

    [Fact]
    public void A_missing_working_directory_is_told_from_a_missing_program()
    {
        OsException error = Assert.Throws<OsException>(() => Command.Of("/bin/true").In(At("missing")).Run());
        Assert.Equal((Errno.ENOENT, "chdir", At("missing")), (error.Errno, error.Operation, error.Path));
        error = Assert.Throws<OsException>(() => Command.Of(At("missing")).In(Folder).Run());
        Assert.Equal((Errno.ENOENT, "execve", At("missing")), (error.Errno, error.Operation, error.Path));
        Assert.Equal("chdir", Assert.Throws<OsException>(() => Command.Of("/bin/true").In(Write("file", "")).Run()).Operation);
    }

    [Fact]
    public void A_script_without_its_interpreter_is_told_by_that() =>
        Assert.Equal(
            "execve '/no/such/interpreter': No such file or directory (ENOENT)",
            Assert.Throws<OsException>(() => Command.Of(WriteProgram("script", "#!/no/such/interpreter\n")).Run()).Message);

    [Fact]
    public void A_text_without_an_interpreter_is_no_program() =>
        Assert.Equal(Errno.ENOEXEC, Assert.Throws<OsException>(() => Command.Of(WriteProgram("text", "echo x\n")).Run()).Errno);

    [Fact]
    public void Arguments_that_are_too_long_are_told()
    {
        OsException error = Assert.Throws<OsException>(() => Command.Of("/bin/true", new string('x', 200_000)).Run());
        Assert.Equal((Errno.E2BIG, "execve"), (error.Errno, error.Operation));
    }

    [Fact]
    public void A_program_that_is_being_written_for_a_moment_is_run_after_it()
    {
        string path = WriteProgram("busy", "");
        File.Copy("/bin/true", path, overwrite: true);
        FileStream writer = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        // Longer than the first attempt, and shorter than the last on a machine that is not: then it is the next test's case.
        using Timer closing = new(_ => writer.Dispose(), null, 5, Timeout.Infinite);
        try
        {
            Assert.True(Command.Of(path).Run().Succeeded);
        }
        catch (OsException error) when (error.Errno is Errno.ETXTBSY)
        {
            writer.Dispose();
            Assert.True(Command.Of(path).Run().Succeeded);
        }
    }

    [Fact]
    public void A_program_that_is_written_on_and_on_is_told()
    {
        string path = WriteProgram("busy", "");
        File.Copy("/bin/true", path, overwrite: true);
        using FileStream writer = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        OsException error = Assert.Throws<OsException>(() => Command.Of(path).WithInput("x").Capture());
        Assert.Equal((Errno.ETXTBSY, "execve", path), (error.Errno, error.Operation, error.Path));
    }
}
