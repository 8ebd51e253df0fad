using Gannet.Interop;

namespace Gannet.Tests.Processes;

/// <summary>All that is waited for is waited for without a descriptor too, as on kernels before 5.3.</summary>
[Collection(Spawned.Collection)]
public sealed class ChildFallbackTests : ChildrenTest
{
    private const SpawnOptions WithoutPidFd = SpawnOptions.WithoutClone3 | SpawnOptions.WithoutClonePidFd | SpawnOptions.WithoutPidFdOpen;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_command_is_run_and_captured(bool isAsync)
    {
        Assert.Equal(7, (await Commands.RunAsync(Old(Commands.Script("exit 7")), isAsync)).Status.ExitStatus);
        byte[] input = new byte[1_000_000];
        CapturedBytes result = await Commands.CaptureBytesAsync(Old(Commands.Script("cat; echo x >&2")).WithInput(input), isAsync);
        Assert.Equal((input.Length, 2), (result.Output.Length, result.Error.Length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_command_is_ended_in_time(bool isAsync)
    {
        CommandTimeoutException error = await Assert.ThrowsAsync<CommandTimeoutException>(
            () => Commands.RunAsync(Old(Commands.Sleeper), isAsync, Commands.Short));
        Assert.Equal((Signal.SIGTERM, ChildEnding.OnSignal), (error.Result.Status.TermSignal, error.Result.Ending));
        Command stubborn = Old(Commands.Sleeper).WithIgnoredSignals(Signal.SIGTERM).WithTermination(Signal.SIGTERM, Commands.Short);
        error = await Assert.ThrowsAsync<CommandTimeoutException>(() => Commands.RunAsync(stubborn, isAsync, Commands.Short));
        Assert.Equal((Signal.SIGKILL, ChildEnding.OnKill), (error.Result.Status.TermSignal, error.Result.Ending));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_process_left_behind_is_waited_for_no_longer_than_said(bool isAsync)
    {
        Command command = Old(Commands.Script($"sleep {Commands.Long} & echo $!")).WithDrainTime(Commands.Short);
        CapturedText result = await Commands.CaptureAsync(command, isAsync);
        Assert.True(result.OutputAbandoned);
        Commands.Kill(result.Output);
    }

    [Fact]
    public async Task A_child_is_waited_for_polled_and_signalled()
    {
        using Child child = Old(Commands.Sleeper).Start();
        Assert.Null(child.PidFd);
        Assert.Null(child.Poll());
        Assert.Null(child.Wait(Commands.Short));
        Assert.Null(await child.WaitAsync(Commands.Short));
        using CancellationTokenSource cancel = new(Commands.Short);
        Assert.ThrowsAny<OperationCanceledException>(() => child.Wait(cancel.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => child.WaitAsync(cancel.Token));
        Task<WaitStatus>[] waits = [.. Enumerable.Range(0, 10).Select(_ => child.WaitAsync())];
        Assert.True(child.SendSignal(Signal.SIGTERM));
        Assert.Equal(Signal.SIGTERM, child.Wait().TermSignal);
        Assert.All(await Task.WhenAll(waits), status => Assert.Equal(Signal.SIGTERM, status.TermSignal));
        Assert.False(child.SendSignal(Signal.SIGTERM));
        Assert.False(child.Kill());
    }

    [Fact]
    public void A_child_is_terminated_with_its_group()
    {
        using Child child = Old(Commands.Sleeper).WithTermination(Signal.SIGTERM, TimeSpan.FromMinutes(1), wholeGroup: true).Start();
        Assert.Equal(Signal.SIGTERM, child.Terminate().TermSignal);
    }

    [Fact]
    public void A_child_that_is_disposed_is_reaped_when_it_ends()
    {
        Child child = Old(Command.Of("/bin/cat")).WithStdin(Stdio.Pipe).Start();
        int pid = child.Pid;
        child.Dispose();
        Spawned.Await(() => Commands.StateOf(pid) is null, "The child was not reaped.");
    }

    private static Command Old(Command command) => new(command.Settings with { Fallbacks = WithoutPidFd });
}
