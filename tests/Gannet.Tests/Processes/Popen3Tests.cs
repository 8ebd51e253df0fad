using Gannet.Interop;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

[Collection(Spawned.Collection)]
public sealed class Popen3Tests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly string[] s_echo = ["echo", "$HOME", "a b"];

    private readonly HashSet<string> _before;

    public Popen3Tests()
    {
        Os.WaitAll(s_patience);
        _before = Spawned.Descriptors();
    }

    public void Dispose()
    {
        Os.WaitAll(s_patience);
        Spawned.AssertNothingLeft(_before);
    }

    [Fact, Trait("S", "S275"), Trait("S", "S276")]
    public void Popen2_gives_the_output_and_then_the_input()
    {
        (StreamReader Output, StreamWriter Input) pipes = Os.Popen2("tr a-z A-Z");
        pipes.Input.Write("two way\n");
        pipes.Input.Dispose();
        Assert.Equal("TWO WAY\n", pipes.Output.ReadToEnd());
        pipes.Output.Dispose();
    }

    [Fact, Trait("S", "S277"), Trait("S", "S282")]
    public void Popen3_gives_the_output_the_input_and_the_standard_error_apart()
    {
        (StreamReader output, StreamWriter input, StreamReader error) = Os.Popen3("cat; echo oops >&2");
        input.Write("in\n");
        input.Dispose();
        Assert.Equal(("in", null), (output.ReadLine(), output.ReadLine()));
        Assert.Equal("oops\n", error.ReadToEnd());
        output.Dispose();
        error.Dispose();
    }

    [Fact, Trait("S", "S278")]
    public void Popen4_gives_output_and_standard_error_in_one_in_the_order_of_writing()
    {
        (StreamReader output, StreamWriter input) = Os.Popen4("cat; echo oops >&2; echo again");
        input.Write("in\n");
        input.Dispose();
        Assert.Equal("in\noops\nagain\n", output.ReadToEnd());
        output.Dispose();
    }

    [Fact, Trait("S", "S279")]
    public void The_size_of_the_buffer_and_the_mode_may_be_given_and_change_nothing_here()
    {
        foreach ((int size, string mode) in new[] { (-1, "t"), (0, "b"), (1, "t"), (512, "b") })
        {
            (StreamReader output, StreamWriter input) = Os.Popen2("cat", size, mode);
            input.Write("x");
            input.Dispose();
            Assert.Equal("x", output.ReadToEnd());
            output.Dispose();
        }

        Assert.Throws<ArgumentException>("mode", () => Os.Popen2("cat", mode: "r"));
    }

    [Fact, Trait("S", "S280")]
    public void A_list_is_a_program_with_its_arguments_and_no_shell_looks_at_them()
    {
        List<StreamReader> outputs = [];
        (StreamReader output, StreamWriter input) = Os.Popen2(s_echo);
        input.Dispose();
        outputs.Add(output);
        (output, input, StreamReader error) = Os.Popen3(s_echo);
        input.Dispose();
        Assert.Equal("", error.ReadToEnd());
        error.Dispose();
        outputs.Add(output);
        (output, input) = Os.Popen4(s_echo);
        input.Dispose();
        outputs.Add(output);
        Assert.All(outputs, text => Assert.Equal("$HOME a b\n", text.ReadToEnd()));
        outputs.ForEach(text => text.Dispose());
        using Popen3 popen = new(s_echo);
        using Popen4 merged = new(s_echo);
        Assert.Equal(("$HOME a b\n", "$HOME a b\n"), (popen.FromChild.ReadToEnd(), merged.FromChild.ReadToEnd()));
    }

    [Fact, Trait("S", "S281"), Trait("S", "S285"), Trait("S", "S290")]
    public void Standard_error_is_left_alone_unless_it_is_asked_for()
    {
        using TestProcess run = ChildProgram.Run("PopenStreams.LeavesErrorAlone");
        Assert.Equal(("in\nout\nTrue exit 0\n", "err2\nerr3\n"), (run.Stdout, run.Stderr));
        using Popen3 popen = new("echo err >&2", captureStderr: true);
        Assert.Equal(("err\n", ""), (popen.ChildErr!.ReadToEnd(), popen.FromChild.ReadToEnd()));
    }

    [Fact, Trait("S", "S283")]
    public void The_command_sees_the_end_of_its_input_when_that_is_closed()
    {
        using Popen3 popen = new("cat");
        Assert.Null(popen.Poll());
        popen.ToChild.Dispose();
        Assert.Equal(("", new WaitStatus(0)), (popen.FromChild.ReadToEnd(), popen.Wait()));
    }

    [Fact, Trait("S", "S284"), Trait("S", "S286"), Trait("S", "S287"), Trait("S", "S288"), Trait("S", "S289"), Trait("S", "S291")]
    public void The_class_has_the_pipes_the_number_poll_and_wait()
    {
        using Popen3 popen = new("read x; echo got $x; echo err >&2; exit 3", captureStderr: true);
        Assert.True(popen.Pid > 0);
        Assert.Null(popen.Poll());
        popen.ToChild.Write("hello\n");
        popen.ToChild.Dispose();
        Assert.Equal(("got hello\n", "err\n"), (popen.FromChild.ReadToEnd(), popen.ChildErr!.ReadToEnd()));
        Assert.Equal(new WaitStatus(768), popen.Wait());
        Assert.Equal((new WaitStatus(768), new WaitStatus(768)), (popen.Poll(), popen.Wait()));
        Assert.Equal(3, popen.Wait().ExitStatus);
    }

    [Fact, Trait("S", "S287")]
    public async Task A_death_by_a_signal_is_told_as_one()
    {
        using Popen3 popen = new("kill -15 $$");
        Assert.Equal(new WaitStatus(15), await popen.WaitAsync());
    }

    [Fact, Trait("S", "S292")]
    public void A_status_that_another_wait_was_told_is_known_here_too_and_one_that_is_lost_is_an_error()
    {
        using Popen3 popen = new("exit 7");
        Assert.Equal((popen.Pid, new WaitStatus(1792)), Os.WaitPid(popen.Pid));
        Assert.Equal(new WaitStatus(1792), popen.Poll());
        using Popen3 stolen = new("exit 8");
        SpawnedChild child = new(stolen.Pid, PidFd: null);
        Assert.Equal(8, ChildWait.ForEnd(child).Status.ExitStatus);

        // Linux 6.15 and later remember the status for the holder of a pidfd.
        if (Environment.OSVersion.Version >= new Version(6, 15))
        {
            Assert.Equal(8, stolen.Poll()?.ExitStatus);
        }
        else
        {
            Assert.Equal(Errno.ECHILD, Assert.Throws<OsException>(() => stolen.Poll()).Errno);
        }
    }

    [Fact, Trait("S", "S293")]
    public void A_missing_program_of_a_list_is_an_error_and_of_a_command_line_exit_127()
    {
        Assert.Equal(Errno.ENOENT, Assert.Throws<OsException>(() => new Popen3(["no-such-program"])).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<OsException>(() => Os.Popen2(["no-such-program"])).Errno);
        using Popen4 popen = new("no-such-command");
        Assert.Contains("not found", popen.FromChild.ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(new WaitStatus(32512), popen.Wait());
    }

    [Fact, Trait("S", "S294")]
    public void Popen4_has_both_outputs_in_one_and_no_childerr()
    {
        using Popen4 popen = new("echo out; echo err >&2");
        Assert.Equal("out\nerr\n", popen.FromChild.ReadToEnd());
        Assert.Null(popen.ChildErr);
        Assert.Equal(new WaitStatus(0), popen.Wait());
    }

    [Fact]
    public void A_command_that_nobody_asks_for_is_reaped_and_the_next_wait_for_any_can_still_tell()
    {
        (StreamReader output, StreamWriter input) = Os.Popen2("exit 6");
        Assert.Equal("", output.ReadToEnd());
        input.Dispose();
        output.Dispose();
        Spawned.Await(() => Spawned.Zombies().Count == 0, "The command is not reaped.");
        Assert.Equal(6, Os.Wait().Status.ExitStatus);
    }

    [Fact]
    public void A_disposal_closes_the_pipes_and_leaves_a_running_command_alone()
    {
        Popen3 popen = new("cat; exec sleep 100");
        popen.ToChild.Write("never read");
        int pid = popen.Pid;
        popen.Dispose();
        popen.Dispose();
        Os.Kill(pid, Signal.SIGTERM);
        Spawned.Await(() => Spawned.Zombies().Count == 0 && !Directory.Exists($"/proc/{pid}"), "The command is not reaped.");
    }

    [Fact]
    public void What_can_be_no_command_is_refused_before_anything_has_happened()
    {
        Assert.Throws<ArgumentException>("command", () => new Popen3("a\0b"));
        Assert.Throws<ArgumentException>("command", () => new Popen4((IReadOnlyList<string>)[]));
        Assert.Throws<ArgumentNullException>("command", () => new Popen4((string)null!));
        Assert.ThrowsAny<ArgumentException>(() => Os.Popen3(["cat", "a\0b"]));
        Assert.ThrowsAny<ArgumentException>(() => Os.Popen3([""]));
    }

    [Theory]
    [InlineData("echo xyzzy", 0, "xyzzy")]
    [InlineData("echo xyzzy; exit 4", 1024, "xyzzy")]
    [InlineData("{ cat /no/such/file; } 2>&1 | wc -l", 0, "1")]
    [InlineData("cat /no/such/file 2>/dev/null", 256, "")]
    public void Status_and_output_together_are_what_the_module_commands_had(string command, int status, string output)
    {
        using Popen4 popen = new(command);
        popen.ToChild.Dispose();
        Assert.Equal((output, new WaitStatus(status)), (popen.FromChild.ReadToEnd().TrimEnd(), popen.Wait()));
    }
}
