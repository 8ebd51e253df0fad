namespace Gannet.Tests.Processes;

/// <summary>How a command is ended that is not to go on, and what becomes of what it has left behind.</summary>
[Collection(Spawned.Collection)]
public sealed class CommandEndingTests : ChildrenTest
{
    private static readonly Command Stubborn = Commands.Sleeper.WithIgnoredSignals(Signal.SIGTERM);

    // A script that leaves a process with its output behind, and tells its number.
    private static readonly string LeavesBehind = $"sleep {Commands.Long} & echo $!";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_command_whose_time_is_over_is_ended_by_SIGTERM(bool isAsync)
    {
        CommandTimeoutException error = await Assert.ThrowsAsync<CommandTimeoutException>(
            () => Commands.RunAsync(Commands.Sleeper, isAsync, Commands.Short));
        Assert.Equal((Commands.Short, Signal.SIGTERM, ChildEnding.OnSignal), (error.Timeout, error.Result.Status.TermSignal, error.Result.Ending));
        Assert.Equal("/bin/sleep 60: not over after 0.05 s; ended: signal 15 (SIGTERM)", error.Message);
        Assert.InRange(error.Result.Elapsed, Commands.Short, TimeSpan.MaxValue);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_command_that_does_not_follow_the_signal_is_ended_by_SIGKILL(bool isAsync)
    {
        Command command = Stubborn.WithTermination(Signal.SIGTERM, Commands.Short);
        CommandTimeoutException error = await Assert.ThrowsAsync<CommandTimeoutException>(
            () => Commands.RunAsync(command, isAsync, Commands.Short));
        Assert.Equal((Signal.SIGKILL, ChildEnding.OnKill), (error.Result.Status.TermSignal, error.Result.Ending));
        Assert.InRange(error.Result.Elapsed, Commands.Short * 2, TimeSpan.MaxValue);
    }

    [Fact]
    public void The_first_signal_can_be_another()
    {
        // A runner that was started in the background of a shell ignores it.
        Command interruptible = Commands.Sleeper.WithDefaultSignals(Signal.SIGINT);
        Assert.Equal(Signal.SIGINT, Timeout(interruptible.WithTermination(Signal.SIGINT, System.Threading.Timeout.InfiniteTimeSpan)).Result.Status.TermSignal);
        Assert.Equal(Signal.SIGKILL, Timeout(Commands.Sleeper.WithTermination(Signal.SIGKILL, TimeSpan.Zero)).Result.Status.TermSignal);
        CommandResult result = Timeout(Stubborn.WithTermination(Signal.SIGTERM, TimeSpan.Zero)).Result;
        Assert.Equal((Signal.SIGKILL, ChildEnding.OnKill), (result.Status.TermSignal, result.Ending));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_command_that_has_no_time_at_all_is_ended_at_once(bool isAsync) =>
        Assert.Equal(TimeSpan.Zero, (await Assert.ThrowsAsync<CommandTimeoutException>(() => Commands.RunAsync(Commands.Sleeper, isAsync, TimeSpan.Zero))).Timeout);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_time_without_an_end_is_never_over(bool isAsync)
    {
        foreach (TimeSpan? time in new TimeSpan?[] { null, TimeSpan.MaxValue, System.Threading.Timeout.InfiniteTimeSpan, TimeSpan.FromDays(36_500), TimeSpan.FromDays(30) })
        {
            Assert.Equal(5, (await Commands.RunAsync(Commands.Script("exit 5"), isAsync, time)).Status.ExitStatus);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelled_it_may_end_in_an_orderly_way_and_what_it_wrote_is_told(bool isAsync)
    {
        using CancellationTokenSource cancel = new();
        Command command = Commands.Script("trap 'echo bye; exit 3' TERM; echo ready; echo > \"$0\"; while :; do sleep 0.01; done", At("ready"));
        Task<CapturedText> run = isAsync ? command.CaptureAsync(null, cancel.Token) : Task.Run(() => command.Capture(null, cancel.Token));
        AwaitLine("ready");
        cancel.Cancel();
        CommandCanceledException error = await Assert.ThrowsAsync<CommandCanceledException>(() => run);
        CapturedText result = Assert.IsType<CapturedText>(error.Result);
        Assert.Equal(("ready\nbye\n", "exit 3", ChildEnding.OnSignal), (result.Output, result.Status.ToString(), result.Ending));
        Assert.Equal(cancel.Token, error.CancellationToken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelled_from_within_its_own_output_it_ends(bool isAsync)
    {
        using CancellationTokenSource cancel = new();
        using HeedfulStream output = new(cancel.Cancel);
        CommandCanceledException error = await Assert.ThrowsAsync<CommandCanceledException>(
            () => Commands.RunAsync(Command.Of("yes").WithStdout(Stdio.Stream(output)), isAsync, null, cancel.Token));
        Assert.Equal((Signal.SIGTERM, ChildEnding.OnSignal), (error.Result.Status.TermSignal, error.Result.Ending));
    }

    [Fact]
    public async Task What_bytes_it_wrote_until_its_time_was_over_is_told()
    {
        Command command = Commands.Script($"echo begun; exec sleep {Commands.Long}");
        // Now and then the time is over before the shell has got so far.
        for (int milliseconds = 100; ; milliseconds *= 2)
        {
            CommandTimeoutException error = await Assert.ThrowsAsync<CommandTimeoutException>(
                () => command.CaptureBytesAsync(TimeSpan.FromMilliseconds(milliseconds)));
            if (Assert.IsType<CapturedBytes>(error.Result).Output.Span.SequenceEqual("begun\n"u8))
            {
                return;
            }

            Assert.InRange(milliseconds, 0, 20_000);
        }
    }

    [Fact]
    public async Task A_cancellation_after_the_end_changes_nothing()
    {
        using CancellationTokenSource cancel = new();
        CommandResult result = await Command.Of("/bin/true").RunAsync(null, cancel.Token);
        cancel.Cancel();
        Assert.Equal((true, ChildEnding.ByItself), (result.Succeeded, result.Ending));
    }

    [Fact]
    public async Task Of_many_each_is_ended_by_its_own_token()
    {
        using CancellationTokenSource cancel = new();
        Task<CommandResult>[] cancelled = [.. Enumerable.Range(0, 20).Select(_ => Commands.Sleeper.RunAsync(null, cancel.Token))];
        using CancellationTokenSource other = new();
        Task<CommandResult> left = Commands.Sleeper.RunAsync(null, other.Token);
        cancel.Cancel();
        foreach (Task<CommandResult> run in cancelled)
        {
            await Assert.ThrowsAsync<CommandCanceledException>(() => run);
        }

        Assert.False(left.IsCompleted);
        other.Cancel();
        await Assert.ThrowsAsync<CommandCanceledException>(() => left);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_whole_group_is_ended_with_all_that_its_members_have_started(bool isAsync)
    {
        // A grandchild, and a child of that, which do not follow the first signal. Only they set it aside: were it done
        // and undone in the shell itself, the signal could come in between, and the shell would stay for the minute.
        string script = $"(trap '' TERM; sleep {Commands.Long} & echo $! > \"$0\"; exec sleep {Commands.Long}) & wait";
        Command command = Commands.Script(script, At("pid")).WithTermination(Signal.SIGTERM, TimeSpan.FromMinutes(1), wholeGroup: true);
        using CancellationTokenSource cancel = new();
        Task<CommandResult> run = isAsync ? command.RunAsync(null, cancel.Token) : Task.Run(() => command.Run(null, cancel.Token));
        string pid = AwaitLine("pid");
        Assert.True(Commands.IsAlive(pid));
        cancel.Cancel();
        CommandResult result = (await Assert.ThrowsAsync<CommandCanceledException>(() => run)).Result;
        Assert.False(result.OutputAbandoned);
        Spawned.Await(() => !Commands.IsAlive(pid), "A process of the group has been left.");
    }

    [Fact]
    public void A_whole_group_that_ends_by_itself_is_left_alone()
    {
        CapturedText result = Commands.Script($"sleep {Commands.Long} >/dev/null 2>&1 & echo $!")
            .WithTermination(Signal.SIGTERM, TimeSpan.Zero, wholeGroup: true).Capture();
        Assert.True(Commands.IsAlive(result.Output));
        Commands.Kill(result.Output);
    }

    [Fact]
    public void Alone_it_leaves_behind_what_it_has_started()
    {
        Command command = Commands.Script($"{LeavesBehind} > \"$0\"; wait", At("pid"));
        using CancellationTokenSource cancel = new();
        Task<CommandResult> run = command.RunAsync(null, cancel.Token);
        string pid = AwaitLine("pid");
        cancel.Cancel();
        Assert.Equal(Signal.SIGTERM, Assert.Throws<CommandCanceledException>(() => run.GetAwaiter().GetResult()).Result.Status.TermSignal);
        Assert.True(Commands.IsAlive(pid));
        Commands.Kill(pid);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(100, false)]
    [InlineData(100, true)]
    public async Task A_process_left_behind_that_holds_the_output_is_waited_for_no_longer_than_said(int milliseconds, bool isAsync)
    {
        Command command = Commands.Script($"head -c 50000 /dev/zero >&2; {LeavesBehind}").WithDrainTime(TimeSpan.FromMilliseconds(milliseconds));
        CapturedText result = await Commands.CaptureAsync(command, isAsync);
        Assert.Equal((true, true, 50_000), (result.OutputAbandoned, result.Succeeded, result.Error.Length));
        Assert.True(Commands.IsAlive(result.Output));
        Commands.Kill(result.Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_written_after_the_childs_end_is_collected_while_there_is_time(bool isAsync)
    {
        Command command = Commands.Script("(sleep 0.1; echo late) & echo early").WithDrainTime(System.Threading.Timeout.InfiniteTimeSpan);
        CapturedText result = await Commands.CaptureAsync(command, isAsync);
        Assert.Equal(("early\nlate\n", false), (result.Output, result.OutputAbandoned));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_time_that_is_over_while_the_output_is_drained_ends_that_and_is_no_failure(bool isAsync)
    {
        Command command = Commands.Script(LeavesBehind).WithDrainTime(System.Threading.Timeout.InfiniteTimeSpan);
        // Long enough for the shell to have ended, nearly always; otherwise it is another case.
        for (int milliseconds = 200; ; milliseconds *= 2)
        {
            TimeSpan time = TimeSpan.FromMilliseconds(milliseconds);
            try
            {
                CapturedText result = isAsync ? await command.CaptureAsync(time) : command.Capture(time);
                Commands.Kill(result.Output);
                Assert.Equal((true, true, ChildEnding.ByItself), (result.OutputAbandoned, result.Succeeded, result.Ending));
                return;
            }
            catch (CommandTimeoutException error)
            {
                if (error.Result is CapturedText { Output: not "" } begun)
                {
                    Commands.Kill(begun.Output);
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelled_it_is_not_drained(bool isAsync)
    {
        Command command = Commands.Script($"{LeavesBehind}; echo > \"$0\"; exec sleep {Commands.Long}", At("ready"))
            .WithDrainTime(System.Threading.Timeout.InfiniteTimeSpan);
        using CancellationTokenSource cancel = new();
        Task<CapturedText> run = isAsync ? command.CaptureAsync(null, cancel.Token) : Task.Run(() => command.Capture(null, cancel.Token));
        AwaitLine("ready");
        cancel.Cancel();
        CommandCanceledException error = await Assert.ThrowsAsync<CommandCanceledException>(() => run);
        CapturedText result = Assert.IsType<CapturedText>(error.Result);
        Assert.Equal((Signal.SIGTERM, true), (result.Status.TermSignal, result.OutputAbandoned));
        Commands.Kill(result.Output);
    }

    [Fact]
    public void A_child_that_is_stopped_is_ended_by_SIGKILL()
    {
        Command command = Commands.Script("kill -STOP $$").WithTermination(Signal.SIGTERM, Commands.Short);
        Assert.Equal(ChildEnding.OnKill, Timeout(command, TimeSpan.FromSeconds(1)).Result.Ending);
    }

    [Fact]
    public void A_child_that_has_closed_its_output_is_ended_in_time() =>
        Assert.Equal(Signal.SIGTERM, Assert.Throws<CommandTimeoutException>(
            () => Commands.Script($"exec sleep {Commands.Long} >&- 2>&-").Capture(Commands.Short)).Result.Status.TermSignal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_that_writes_without_an_end_is_ended_in_time(bool isAsync)
    {
        using EndlessStream input = new();
        Command command = Command.Of("/bin/cat").WithStdin(Stdio.Stream(input)).WithStdout(Stdio.Stream(Stream.Null));
        CommandTimeoutException error = await Assert.ThrowsAsync<CommandTimeoutException>(() => Commands.RunAsync(command, isAsync, Commands.Short));
        Assert.Equal(Signal.SIGTERM, error.Result.Status.TermSignal);
    }

    private static CommandTimeoutException Timeout(Command command, TimeSpan? time = null) =>
        Assert.Throws<CommandTimeoutException>(() => command.Run(time ?? Commands.Short));

    [Fact]
    public void A_limit_counts_for_what_is_written_after_the_child_has_ended()
    {
        Command command = Commands.Script("(sleep 0.3; head -c 1000 /dev/zero) & exit 0").WithOutputLimit(10);
        OutputLimitException error = Assert.Throws<OutputLimitException>(() => command.CaptureBytes());
        Assert.Equal((10, "exit 0"), (((CapturedBytes)error.Result).Output.Length, error.Result.Status.ToString()));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_child_that_has_left_its_group_is_ended_with_it(bool isAsync)
    {
        Command command = Command.Of("setsid", "-w", "sleep", "100").WithTermination(Signal.SIGTERM, TimeSpan.FromSeconds(20), wholeGroup: true);
        CommandTimeoutException error = await Assert.ThrowsAsync<CommandTimeoutException>(
            () => isAsync ? command.RunAsync(Commands.Short) : Task.Run(() => command.Run(Commands.Short)));
        Assert.Equal((Signal.SIGTERM, ChildEnding.OnSignal), (error.Result.Status.TermSignal, error.Result.Ending));
        Commands.Kill((await Command.Of("pgrep", "-n", "-x", "sleep").CaptureAsync()).Output);
    }

    [Fact]
    public async Task A_stream_that_stands_still_does_not_stop_the_clock()
    {
        using StillStream still = new();
        Command command = Commands.Script("echo x; sleep 100").WithStdout(Stdio.Stream(still));
        await Assert.ThrowsAsync<CommandTimeoutException>(() => command.RunAsync(Commands.Short));
    }

    /// <summary>Takes what is written to it, and never says so.</summary>
    private sealed class StillStream : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await Task.Delay(System.Threading.Timeout.Infinite, CancellationToken.None);
    }
}
