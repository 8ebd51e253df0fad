using System.Diagnostics;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>Children with a terminal of their own, and who holds its other end.</summary>
[Collection(Spawned.Collection)]
public sealed class TerminalTests : ChildrenTest
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    private readonly int _terminals = CountTerminals();

    [Fact]
    public async Task All_three_streams_are_the_terminal_and_it_controls_the_childs_session()
    {
        using Child child = Commands.Script("test -t 0 && test -t 1 && test -t 2 && : <> /dev/tty && tty > tty; cut -d' ' -f5-8 /proc/$$/stat").In(Folder)
            .WithTerminal().Start();
        string shown = await new Screen(child.Terminal, isAsync: false).ReadToEndAsync();
        Assert.Equal(0, child.Wait().ExitStatus);
        Assert.StartsWith("/dev/pts/", AwaitLine("tty"));

        // Its group, its session, its terminal, and the group in the foreground of that.
        string[] numbers = shown.Trim().Split(' ');
        Assert.Equal(($"{child.Pid}", $"{child.Pid}", $"{child.Pid}"), (numbers[0], numbers[1], numbers[3]));
        Assert.NotEqual("0", numbers[2]);
    }

    [Fact]
    public void The_size_is_as_said()
    {
        Assert.Equal("24 80\r\n", Command.Of("stty", "size").WithTerminal().Capture().Output);
        Assert.Equal("1 65535\r\n", Command.Of("stty", "size").WithTerminal(65535, 1).Capture().Output);
        using Child child = Commands.Sleeper.WithTerminal(100, 40).Start();
        Assert.Equal((100, 40), child.Terminal.Size);
    }

    [Theory]
    [InlineData(0, 24)]
    [InlineData(80, 0)]
    [InlineData(-1, 24)]
    [InlineData(65536, 24)]
    [InlineData(80, 65536)]
    public void A_size_that_is_none_is_refused(int columns, int rows)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Commands.Sleeper.WithTerminal(columns, rows));
        using Child child = Commands.Sleeper.WithTerminal().Start();
        Assert.Throws<ArgumentOutOfRangeException>(() => child.Terminal.Resize(columns, rows));
        Assert.Equal((80, 24), child.Terminal.Size);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_new_size_is_told_by_SIGWINCH(bool isAsync)
    {
        using Child child = Commands.Script("trap 'stty size; exit 7' WINCH; echo ready; while :; do sleep 0.01; done").WithTerminal().Start();
        Screen screen = new(child.Terminal, isAsync);
        await screen.ReadUntilAsync("ready");
        child.Terminal.Resize(132, 50);
        await screen.ReadUntilAsync("50 132\r\n");
        Assert.Equal(7, child.Wait().ExitStatus);
        Assert.Equal((132, 50), child.Terminal.Size);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_dialogue_is_typed_and_read(bool isAsync)
    {
        using Child child = Commands.Script("printf 'Who? '; read name; echo \"Hello $name\"; printf 'Again? '; read name; echo \"<$name>\"")
            .WithTerminal().Start();
        Screen screen = new(child.Terminal, isAsync);
        await screen.ReadUntilAsync("Who? ");
        child.Terminal.Type("you\n");
        await screen.ReadUntilAsync("Again? ");
        await child.Terminal.TypeAsync("\uDCFF\r");
        Assert.Equal("Who? you\r\nHello you\r\nAgain? \u00FF\r\n<\u00FF>\r\n", await screen.ReadToEndAsync());
        Assert.Equal(0, child.Wait().ExitStatus);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_that_was_written_comes_and_then_the_end_again_and_again(bool isAsync)
    {
        using Child child = Commands.Script("seq 100000").WithTerminal().Start();
        string shown = await new Screen(child.Terminal, isAsync).ReadToEndAsync();
        Assert.Equal(string.Concat(Enumerable.Range(1, 100_000).Select(number => $"{number}\r\n")), shown);
        Assert.Equal(0, await child.Terminal.ReadAsync(new byte[1]));
        Assert.Equal(0, child.Terminal.Read(new byte[1], 0, 1));
        Assert.Equal(0, child.Wait().ExitStatus);
    }

    [Fact]
    public async Task What_a_child_wrote_before_its_end_is_there_after_it()
    {
        foreach (int size in (int[])[1, 1000, 4000, 4095, 4096])
        {
            using Child child = Commands.Script($"head -c {size} /dev/zero | tr '\\0' x").WithTerminal().Start();
            Assert.Equal(0, child.Wait().ExitStatus);
            Assert.Equal(new string('x', size), await new Screen(child.Terminal, isAsync: false).ReadToEndAsync());
        }
    }

    [Fact]
    public void A_key_interrupts_the_child_also_when_this_program_has_that_signal_ignored()
    {
        using TestProcess run = TestProcess.Run(
            Spawned.Shell, ["-c", "trap '' INT HUP; exec \"$0\" Commanding.InterruptsOnTerminal", ChildProgram.Executable]);
        Assert.Equal((0, "signal 2 (SIGINT)\nsignal 1 (SIGHUP)\n", ""), (run.ShellStatus, run.Stdout, run.Stderr));
    }

    [Fact]
    public async Task A_dispose_hangs_up()
    {
        using Child child = Commands.Sleeper.WithTerminal().Start();
        child.Terminal.Dispose();
        child.Terminal.Dispose();
        Assert.Equal(Signal.SIGHUP, child.Wait().TermSignal);

        Child given = Commands.Script("trap 'echo hung up > told; exit' HUP; echo ready; while :; do sleep 0.01; done").In(Folder).WithTerminal().Start();
        await new Screen(given.Terminal, isAsync: false).ReadUntilAsync("ready");
        given.Dispose();
        Assert.Equal("hung up", AwaitLine("told"));
    }

    [Fact]
    public void What_is_disposed_is_closed_to_everything()
    {
        using Child child = Commands.Sleeper.WithTerminal().Start();
        PseudoTerminal terminal = child.Terminal;
        Assert.True(terminal is { CanRead: true, CanWrite: true, CanSeek: false });
        Assert.Throws<NotSupportedException>(() => terminal.Length);
        Assert.Throws<NotSupportedException>(() => terminal.Position = 0);
        Assert.Throws<ArgumentNullException>(() => terminal.Type(null!));
        Assert.Throws<ArgumentException>(() => terminal.Type("\uD800"));
        terminal.Dispose();
        Assert.False(terminal.CanRead || terminal.CanWrite);
        Assert.Throws<ObjectDisposedException>(() => terminal.Read(new byte[1]));
        Assert.Throws<ObjectDisposedException>(() => terminal.Read(new byte[1], TimeSpan.Zero));
        Assert.Throws<ObjectDisposedException>(() => terminal.Type("x"));
        Assert.Throws<ObjectDisposedException>(() => terminal.Resize(1, 1));
        Assert.Throws<ObjectDisposedException>(() => terminal.Size);
        Assert.Throws<ObjectDisposedException>(() => terminal.Echo);
    }

    [Fact]
    public async Task A_dispose_ends_a_read_that_waits_and_hangs_up_at_once()
    {
        using Child child = Commands.Sleeper.WithTerminal().Start();
        Task<int> waiting = Task.Factory.StartNew(() => child.Terminal.Read(new byte[1]), TaskCreationOptions.LongRunning);
        Assert.NotSame(waiting, await Task.WhenAny(waiting, Task.Delay(Commands.Short)));
        child.Terminal.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        Assert.Equal(Signal.SIGHUP, child.Wait().TermSignal);

        using Child other = Commands.Sleeper.WithTerminal().Start();
        Task<int> read = other.Terminal.ReadAsync(new byte[1]).AsTask();
        other.Terminal.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read);
        Assert.Equal(Signal.SIGHUP, other.Wait().TermSignal);
    }

    [Fact]
    public async Task A_read_waits_no_longer_than_asked_and_loses_nothing()
    {
        using Child child = Command.Of("cat").WithTerminal(echo: false).Start();
        PseudoTerminal terminal = child.Terminal;
        byte[] buffer = new byte[16];
        Assert.Null(terminal.Read(buffer, TimeSpan.Zero));
        Assert.Null(await terminal.ReadAsync(buffer, TimeSpan.Zero));
        Stopwatch clock = Stopwatch.StartNew();
        Assert.Null(terminal.Read(buffer, Commands.Short));
        Assert.Null(await terminal.ReadAsync(buffer, Commands.Short));
        Assert.True(clock.Elapsed >= 2 * Commands.Short);
        Assert.Throws<ArgumentOutOfRangeException>(() => terminal.Read(buffer, TimeSpan.FromSeconds(-2)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => terminal.ReadAsync(buffer, TimeSpan.FromSeconds(-2)).AsTask());
        using CancellationTokenSource soon = new(Commands.Short);
        Assert.Throws<OperationCanceledException>(() => terminal.Read(buffer, TimeSpan.MaxValue, soon.Token));
        using CancellationTokenSource later = new(Commands.Short);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => terminal.ReadAsync(buffer, TimeSpan.MaxValue, later.Token).AsTask());
        terminal.Type("x\n");
        await new Screen(terminal, isAsync: true).ReadUntilAsync("x\r\n");
        terminal.Type("\x04");
        Assert.Equal(0, await terminal.ReadAsync(buffer));
        Assert.Equal(0, child.Wait().ExitStatus);
    }

    [Fact]
    public async Task It_is_read_and_written_at_once_by_two_and_typing_waits_for_room()
    {
        const int Lines = 20_000;
        using Child child = Commands.Script("cat; echo done").WithTerminal(echo: false).Start();
        string line = new('x', 20);
        Task typing = Task.Run(() =>
        {
            for (int i = 0; i < Lines; i++)
            {
                child.Terminal.Type($"{line}\n");
            }

            child.Terminal.Type("\x04");
        });
        string shown = await new Screen(child.Terminal, isAsync: true).ReadToEndAsync();
        await typing;
        Assert.Equal(Lines * (line.Length + 2) + "done\r\n".Length, shown.Length);
    }

    [Fact]
    public void What_is_typed_after_the_end_is_lost_or_refused()
    {
        using Child child = Command.Of("/bin/true").WithTerminal().Start();
        child.Wait();
        Assert.True(Record.Exception(() => child.Terminal.Type("x")) is null or OsException { Errno: Errno.EIO });
    }

    [Fact]
    public async Task Echo_is_seen_and_set_on_both_sides()
    {
        using Child child = Commands.Script("stty -echo; echo off; read word; echo \"[$word]\"; read word; stty -a | grep -o '.echo '").WithTerminal().Start();
        Screen screen = new(child.Terminal, isAsync: false);
        await screen.ReadUntilAsync("off\r\n");
        Assert.False(child.Terminal.Echo);
        child.Terminal.Type("secret\n");
        await screen.ReadUntilAsync("[secret]\r\n");
        child.Terminal.Echo = true;
        Assert.True(child.Terminal.Echo);
        child.Terminal.Type("open\n");
        Assert.Equal("off\r\n[secret]\r\nopen\r\n echo \r\n", await screen.ReadToEndAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_capture_has_what_the_terminal_shows(bool isAsync)
    {
        Command both = Commands.Script("echo out; echo error >&2; test -t 0");
        CapturedText captured = await Commands.CaptureAsync(both.WithTerminal(), isAsync);
        Assert.Equal(("out\r\nerror\r\n", "", "exit 0"), (captured.Output, captured.Error, captured.Status.ToString()));
        captured = await Commands.CaptureAsync(both.WithTerminal().WithStderr(Stdio.Pipe), isAsync);
        Assert.Equal(("out\r\n", "error\n"), (captured.Output, captured.Error));
        captured = await Commands.CaptureAsync(both.WithTerminal().WithMergedOutput(), isAsync);
        Assert.Equal("out\r\nerror\r\n", captured.Output);
        Assert.Equal(588895 + 100_000, (await Commands.CaptureBytesAsync(Command.Of("seq", "100000").WithTerminal(), isAsync)).Output.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Input_is_typed_and_ends_with_the_key_for_it(bool isAsync)
    {
        Command cat = Command.Of("cat").WithTerminal(echo: false);
        Assert.Equal("", (await Commands.CaptureAsync(cat, isAsync)).Output);
        Assert.Equal("", (await Commands.CaptureAsync(cat.WithInput(""), isAsync)).Output);
        Assert.Equal("a\r\nb\r\n", (await Commands.CaptureAsync(cat.WithInput("a\nb\r"), isAsync)).Output);
        Assert.Equal("a\r\nb", (await Commands.CaptureAsync(cat.WithInput("a\nb"), isAsync)).Output);

        // The key that erases takes a letter, not a byte.
        Assert.Equal("ab\r\n", (await Commands.CaptureAsync(cat.WithInput("a\u00E9\u007Fb\n"), isAsync)).Output);
        Assert.Equal("a\r\na\r\n", (await Commands.CaptureAsync(Command.Of("cat").WithTerminal().WithInput("a\n"), isAsync)).Output);

        string much = string.Concat(Enumerable.Repeat(new string('x', 99) + '\n', 3000));
        Assert.Equal("300000\r\n", (await Commands.CaptureAsync(Command.Of("wc", "-c").WithTerminal(echo: false).WithInput(much), isAsync)).Output);
        Assert.EndsWith("300000\r\n", (await Commands.CaptureAsync(Command.Of("wc", "-c").WithTerminal().WithInput(much), isAsync)).Output);

        // Who reads none of it is not typed at for ever.
        Assert.Equal("", (await Commands.CaptureAsync(Command.Of("/bin/true").WithTerminal(echo: false).WithInput(much), isAsync)).Output);
    }

    [Fact]
    public async Task Lines_and_pipelines_have_terminals_too()
    {
        Command count = Command.Of("seq", "3").WithTerminal();
        Assert.Equal(["1", "2", "3"], count.Lines());
        List<string> lines = [];
        await foreach (string line in count.LinesAsync())
        {
            lines.Add(line);
        }

        Assert.Equal(["1", "2", "3"], lines);
        Assert.Equal("1\r\n2\r\n3\r\n", (Command.Of("seq", "3") | Command.Of("cat").WithTerminal()).Capture().Output);
        Assert.Equal("A\nB\n", (Commands.Script("test -t 0; echo a; cat").WithTerminal().WithInput("b\n") | Command.Of("tr", "a-z", "A-Z")).Capture().Output);
    }

    [Fact]
    public async Task A_started_child_is_typed_its_input_too()
    {
        using Child child = Command.Of("cat").WithTerminal(echo: false).WithInput("a\n").Start();
        Assert.Equal("a\r\n", await new Screen(child.Terminal, isAsync: true).ReadToEndAsync());
        Assert.Equal(0, child.Wait().ExitStatus);
    }

    [Fact]
    public void Streams_that_are_said_are_not_the_terminal()
    {
        Command show = Commands.Script("for fd in 0 1 2; do test -t $fd; echo $? >> seen; done").In(Folder).WithTerminal();
        using Child child = show.WithStdin(Stdio.Null).WithStdout(Stdio.Pipe).Start();
        Assert.Equal(0, child.Wait().ExitStatus);
        Assert.Equal("1\n1\n0\n", File.ReadAllText(At("seen")));
        Command none = show.WithStdin(Stdio.Null).WithStdout(Stdio.Null).WithStderr(Stdio.Null);
        Assert.Throws<InvalidOperationException>(() => none.Start());
        Assert.Throws<InvalidOperationException>(() => none.Run());
        using Child without = Commands.Sleeper.Start();
        Assert.Throws<InvalidOperationException>(() => without.Terminal);
        without.Kill();
        without.Wait();
    }

    [Fact]
    public void A_run_shows_what_the_terminal_shows()
    {
        using TestProcess run = ChildProgram.Run("Commanding.RunsOnTerminal");
        Assert.Equal((0, "out\r\nerror\r\nout\r\nerror\r\n", ""), (run.ShellStatus, run.Stdout, run.Stderr));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_out_of_time_is_ended_and_what_was_shown_is_told(bool isAsync)
    {
        Command command = Commands.Script($"echo begun; exec sleep {Commands.Long}").WithTerminal();
        for (int milliseconds = 100; ; milliseconds *= 2)
        {
            TimeSpan timeout = TimeSpan.FromMilliseconds(milliseconds);
            CommandTimeoutException error = isAsync
                ? await Assert.ThrowsAsync<CommandTimeoutException>(() => command.CaptureAsync(timeout))
                : Assert.Throws<CommandTimeoutException>(() => command.Capture(timeout));
            CapturedText captured = Assert.IsType<CapturedText>(error.Result);
            Assert.Equal(Signal.SIGTERM, captured.Status.TermSignal);
            if (captured.Output.Length > 0)
            {
                Assert.Equal("begun\r\n", captured.Output);
                return;
            }

            Assert.True(timeout < s_longest, "What was shown is not told.");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dispose_hangs_up_also_while_input_is_typed(bool isTerminal)
    {
        string much = string.Concat(Enumerable.Repeat(new string('x', 99) + '\n', 5000));
        using Child child = Commands.Sleeper.WithTerminal().WithInput(much).Start();
        string pid = $"{child.Pid}";
        if (isTerminal)
        {
            child.Terminal.Dispose();
            Assert.Equal(Signal.SIGHUP, child.Wait(s_longest)?.TermSignal);
        }
        else
        {
            child.Dispose();
            Spawned.Await(() => !Commands.IsAlive(pid), "It was not hung up.");
        }
    }

    [Fact]
    public void What_a_child_leaves_behind_loses_the_terminal_with_it()
    {
        CapturedText captured = Commands.Script($"trap '' HUP; sleep {Commands.Long} & echo $!").WithTerminal().Capture();
        Commands.Kill(captured.Output.Trim());
        Assert.False(captured.OutputAbandoned);
    }

    [Fact]
    public void Joining_a_group_and_another_terminal_are_refused_and_replaced()
    {
        Assert.Throws<InvalidOperationException>(() => Commands.Sleeper.WithProcessGroup().WithTerminal());
        Assert.Throws<ArgumentException>(() => Commands.Sleeper.WithTerminal().WithProcessGroup());
        OsException error = Assert.Throws<OsException>(() => Commands.Sleeper.WithTerminal().WithControllingTerminal().WithStdin(Stdio.Null).Start());
        Assert.Equal((Errno.ENOTTY, "ioctl(TIOCSCTTY)"), (error.Errno, error.Operation));
        Assert.Equal("24 80\r\n", Command.Of("stty", "size").WithControllingTerminal(5).WithForeground().WithTerminal().Capture().Output);
    }

    [Fact]
    public void A_start_that_fails_leaves_no_terminal()
    {
        Assert.Throws<OsException>(() => Command.Of(At("missing")).WithTerminal().Start());
        Assert.Throws<OsException>(() => Command.Of(At("missing")).WithTerminal().Capture());
        Assert.Equal(_terminals, CountTerminals());
    }

    protected override void Dispose(bool isDisposing)
    {
        base.Dispose(isDisposing);
        Spawned.Await(() => CountTerminals() == _terminals, "A terminal was left open.");
    }

    private static int CountTerminals() => Spawned.Descriptors().Count(descriptor =>
        descriptor.Contains("/dev/ptmx", StringComparison.Ordinal) || descriptor.Contains("/dev/pts/", StringComparison.Ordinal));
}
