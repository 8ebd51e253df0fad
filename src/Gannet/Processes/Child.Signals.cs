using Gannet.Interop;

namespace Gannet;

/// <content>Signals to it, and its end by force.</content>
public sealed partial class Child
{
    // What a timer of the framework can be set to; a longer time has no end for whoever waits.
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary><c>Popen.send_signal</c>: sends a signal to it, and never to another process that has got its number
    /// (pidfd_send_signal(2)).</summary>
    /// <param name="signal">The signal; <see cref="Signal.None"/> only asks whether it is there.</param>
    /// <returns>Whether it was there; false once it has ended and been reaped.</returns>
    /// <exception cref="OsException">EPERM: it runs as another user by now; EINVAL: no such signal.</exception>
    public bool SendSignal(Signal signal) => _record.SendSignal(signal);

    /// <summary><c>Popen.kill</c>: sends SIGKILL to it alone, which it can't refuse. Waits for nothing.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="OsException">EPERM: it runs as another user by now.</exception>
    public bool Kill() => SendSignal(Signal.SIGKILL);

    /// <summary>Ends it as its command says (<see cref="Command.WithTermination"/>): a signal, time to follow it, then SIGKILL; the child
    /// alone or its process group. Waits for the end. <see cref="Ending"/> tells what it took.</summary>
    /// <param name="cancellationToken">Ends the wait; the child has its signal by then, and may be left at that.</param>
    /// <returns>How it ended; at once when it had ended before.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="OsException">EPERM: it runs as another user by now; ECHILD: somebody else has reaped it.</exception>
    public WaitStatus Terminate(CancellationToken cancellationToken = default) =>
        SyncCall.Result(TerminateAsync(isAsync: false, cancellationToken));

    /// <summary>As <see cref="Terminate"/>, without a thread that waits.</summary>
    /// <param name="cancellationToken">Ends the wait; the child has its signal by then, and may be left at that.</param>
    /// <returns>How it ended; the exceptions are those of <see cref="Terminate"/>.</returns>
    public Task<WaitStatus> TerminateAsync(CancellationToken cancellationToken = default) =>
        TerminateAsync(isAsync: true, cancellationToken).AsTask();

    /// <summary>The first step of ending it, when it has just been running: its signal, unless its group has got it.</summary>
    /// <param name="reachedGroup">The group that has got the signal already; 0 for none.</param>
    internal void BeginToEnd(int reachedGroup)
    {
        if (reachedGroup != 0 && (_record.HasEnded() || Libc.GroupOf(Pid) == reachedGroup))
        {
            InterlockedMax(ref _ending, (int)ChildEnding.OnSignal);
        }
        else
        {
            Send(_plan.Signal, ChildEnding.OnSignal);
        }
    }

    /// <summary>The second step: SIGKILL, unless it ends in time.</summary>
    /// <param name="isAsync">Whether to wait without a thread.</param>
    /// <param name="group">The group that it shares with others who have ended, and of which nobody is to be left; 0 for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async ValueTask EndAsync(bool isAsync, int group, CancellationToken cancellationToken)
    {
        if (group != 0)
        {
            _record.EndGroup(group);
        }

        if (!await HasEndedAsync(isAsync, _plan.Grace, cancellationToken).ConfigureAwait(false))
        {
            Send(Signal.SIGKILL, ChildEnding.OnKill);
        }
    }

    /// <summary>Sends its first signal to a process group that it is in.</summary>
    internal bool SendSignalToGroup(int group) => _record.SendSignalToGroup(group, _plan.Signal);

    private async ValueTask<WaitStatus> TerminateAsync(bool isAsync, CancellationToken cancellationToken)
    {
        if (Poll() is { } status)
        {
            return status;
        }

        BeginToEnd(reachedGroup: 0);
        await EndAsync(isAsync, group: 0, cancellationToken).ConfigureAwait(false);
        return isAsync ? await WaitAsync(cancellationToken).ConfigureAwait(false) : Wait(cancellationToken);
    }

    private async ValueTask<bool> HasEndedAsync(bool isAsync, TimeSpan grace, CancellationToken cancellationToken) => isAsync
        ? await IsOverAsync(_record.WaitAsync(), Deadline.After(grace), cancellationToken).ConfigureAwait(false)
        : _record.Wait(Deadline.After(grace), cancellationToken) is not null;

    private void Send(Signal signal, ChildEnding ending)
    {
        if (_plan.WholeGroup ? _record.SendSignalToGroup(signal) : _record.SendSignal(signal))
        {
            InterlockedMax(ref _ending, (int)ending);
        }
    }

    // Two callers at once: what was done by the sterner one stands.
    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = Volatile.Read(ref target); seen < value;)
        {
            int now = Interlocked.CompareExchange(ref target, value, seen);
            if (now == seen)
            {
                return;
            }

            seen = now;
        }
    }
}
