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

    /// <summary><c>Popen.kill</c>: sends SIGKILL, which can't be refused. Waits for nothing.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="OsException">EPERM: it runs as another user by now.</exception>
    public bool Kill() => SendSignal(Signal.SIGKILL);

    /// <summary>Ends it as its command says (<see cref="Command.WithTermination"/>): a signal, time to follow it, then SIGKILL; the child
    /// alone or its process group. Waits for the end. <see cref="Ending"/> tells what it took.</summary>
    /// <returns>How it ended; at once when it had ended before.</returns>
    /// <exception cref="OsException">EPERM: it runs as another user by now; ECHILD: somebody else has reaped it.</exception>
    public WaitStatus Terminate() => SyncCall.Result(TerminateAsync(isAsync: false));

    /// <summary>As <see cref="Terminate()"/>, without a thread that waits.</summary>
    /// <returns>How it ended; the exceptions are those of <see cref="Terminate()"/>.</returns>
    public Task<WaitStatus> TerminateAsync() => TerminateAsync(isAsync: true).AsTask();

    private async ValueTask<WaitStatus> TerminateAsync(bool isAsync)
    {
        if (Poll() is { } status)
        {
            return status;
        }

        Send(_plan.Signal);
        Ending = ChildEnding.OnSignal;
        if (!await HasEndedAsync(isAsync, _plan.Grace).ConfigureAwait(false))
        {
            Ending = ChildEnding.OnKill;
            Send(Signal.SIGKILL);
        }

        return isAsync ? await WaitAsync().ConfigureAwait(false) : Wait();
    }

    private async ValueTask<bool> HasEndedAsync(bool isAsync, TimeSpan grace) => isAsync
        ? await IsOverAsync(_record.WaitAsync(), Deadline.After(grace), CancellationToken.None).ConfigureAwait(false)
        : _record.Wait(Deadline.After(grace), CancellationToken.None) is not null;

    private void Send(Signal signal)
    {
        _ = _plan.WholeGroup ? _record.SendSignalToGroup(signal) : _record.SendSignal(signal);
    }
}
