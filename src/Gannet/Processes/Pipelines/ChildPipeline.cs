using Gannet.Interop;

namespace Gannet;

/// <summary>The children of a pipeline that <see cref="Pipeline.Start"/> has started. All members may be used from any thread.</summary>
/// <remarks>Each child is reaped as any <see cref="Child"/> is, and has its own wait.</remarks>
public sealed class ChildPipeline : IDisposable
{
    private readonly PipelineSettings _settings;
    private readonly Child[] _members;

    private ChildPipeline(PipelineSettings settings, Child[] members) => (_settings, _members) = (settings, members);

    /// <summary>The children in their order.</summary>
    public IReadOnlyList<Child> Members => _members;

    /// <summary>The end of the first one's standard input that is written to here; disposing it is the end of its input.</summary>
    /// <exception cref="InvalidOperationException">Its command did not ask for a pipe.</exception>
    public Stream Stdin => _members[0].Stdin;

    /// <summary>The end of the last one's standard output that is read from here.</summary>
    /// <exception cref="InvalidOperationException">Its command did not ask for a pipe.</exception>
    public Stream Stdout => _members[^1].Stdout;

    /// <summary>Waits for the end of all.</summary>
    /// <param name="cancellationToken">Ends the wait; the children go on.</param>
    /// <returns>The status of the whole: the last one's, or what <see cref="Pipeline.WithPipeFail"/> makes of all.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="OsException">ECHILD: somebody else has reaped one of them, so its status is not known.</exception>
    public WaitStatus Wait(CancellationToken cancellationToken = default) => Wait(Timeout.InfiniteTimeSpan, cancellationToken)!.Value;

    /// <summary>Waits for the end of all for a while.</summary>
    /// <param name="timeout">How long; zero to look only, <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <param name="cancellationToken">Ends the wait; the children go on.</param>
    /// <returns>The status of the whole; null when the time is over.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="OsException">ECHILD: somebody else has reaped one of them, so its status is not known.</exception>
    public WaitStatus? Wait(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        SyncCall.Result(WaitAsync(isAsync: false, Deadline.After(timeout), cancellationToken));

    /// <summary>As <see cref="Wait(CancellationToken)"/>, without a thread that waits.</summary>
    /// <param name="cancellationToken">Ends the wait; the children go on.</param>
    /// <returns>The status; the exceptions are those of <see cref="Wait(CancellationToken)"/>.</returns>
    public async Task<WaitStatus> WaitAsync(CancellationToken cancellationToken = default) =>
        (await WaitAsync(isAsync: true, Deadline.Never, cancellationToken).ConfigureAwait(false))!.Value;

    /// <summary>As <see cref="Wait(TimeSpan, CancellationToken)"/>, without a thread that waits.</summary>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <param name="cancellationToken">Ends the wait; the children go on.</param>
    /// <returns>The status, or null; the exceptions are those of <see cref="Wait(TimeSpan, CancellationToken)"/>.</returns>
    public Task<WaitStatus?> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitAsync(isAsync: true, Deadline.After(timeout), cancellationToken).AsTask();

    /// <summary>Sends a signal to each child that is there.</summary>
    /// <param name="signal">The signal.</param>
    /// <returns>Whether any was.</returns>
    /// <exception cref="OsException">EPERM: one runs as another user by now; EINVAL: no such signal.</exception>
    public bool SendSignal(Signal signal)
    {
        bool isAnyThere = false;
        foreach (Child member in _members)
        {
            isAnyThere |= member.SendSignal(signal);
        }

        return isAnyThere;
    }

    /// <summary>Sends SIGKILL to each child that is there. Waits for nothing.</summary>
    /// <returns>Whether any was.</returns>
    /// <exception cref="OsException">EPERM: one runs as another user by now.</exception>
    public bool Kill() => SendSignal(Signal.SIGKILL);

    /// <summary>Ends all as their commands, or <see cref="Pipeline.WithTermination"/>, say: a signal, time to follow it, then SIGKILL. Waits for
    /// the end.</summary>
    /// <param name="cancellationToken">Ends the wait; the children have their signal by then, and may be left at that.</param>
    /// <returns>The status of the whole.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="OsException">EPERM: one runs as another user by now; ECHILD: somebody else has reaped one.</exception>
    public WaitStatus Terminate(CancellationToken cancellationToken = default) =>
        SyncCall.Result(TerminateAsync(isAsync: false, cancellationToken));

    /// <summary>As <see cref="Terminate"/>, without a thread that waits.</summary>
    /// <param name="cancellationToken">Ends the wait; the children have their signal by then, and may be left at that.</param>
    /// <returns>The status; the exceptions are those of <see cref="Terminate"/>.</returns>
    public Task<WaitStatus> TerminateAsync(CancellationToken cancellationToken = default) =>
        TerminateAsync(isAsync: true, cancellationToken).AsTask();

    /// <summary>Lets go of all: closes this program's ends of their pipes. Children that still run go on, and are reaped when they
    /// end.</summary>
    public void Dispose() => Array.ForEach(_members, member => member.Dispose());

    internal static ChildPipeline Start(PipelineSettings settings)
    {
        // A group is there to be joined until its leader is reaped, so none is before all have been started.
        List<HeldCommand> members = [];
        using PipelineJoints joints = new(settings.Members.Length);
        try
        {
            for (int i = 0; i < settings.Members.Length; i++)
            {
                CommandSettings member = joints.Join(i, settings.Members[i].Settings);
                member = settings.SharesGroup ? member with { ProcessGroup = i == 0 ? 0 : members[0].Record.Pid } : member;
                members.Add(CommandRunner.StartHeld(member, isPrivate: true));
                joints.CloseEndsOf(i);
            }

            return Publish(settings, members);
        }
        catch
        {
            joints.Dispose();
            using ChildPipeline begun = Publish(settings, members);
            if (members.Count > 0)
            {
                begun.Terminate();
            }

            throw;
        }
    }

    private static ChildPipeline Publish(PipelineSettings settings, List<HeldCommand> members) =>
        new(settings, [.. members.Select(member => member.ToChild())]);

    private async ValueTask<WaitStatus?> WaitAsync(bool isAsync, Deadline deadline, CancellationToken cancellationToken)
    {
        WaitStatus[] statuses = new WaitStatus[_members.Length];
        for (int i = 0; i < _members.Length; i++)
        {
            WaitStatus? status = isAsync
                ? await _members[i].WaitAsync(deadline.Left, cancellationToken).ConfigureAwait(false)
                : _members[i].Wait(deadline.Left, cancellationToken);
            if (status is null)
            {
                return null;
            }

            statuses[i] = status.Value;
        }

        return statuses[_settings.FindDecisive(statuses)];
    }

    private async ValueTask<WaitStatus> TerminateAsync(bool isAsync, CancellationToken cancellationToken)
    {
        int group = _settings.EndsGroup ? _members[0].Pid : 0;
        Child[] running = Array.FindAll(_members, member => member.Poll() is null);
        bool isGroupReached = group != 0 && Array.Exists(running, member => member.SendSignalToGroup(group));
        Array.ForEach(running, member => member.BeginToEnd(isGroupReached ? group : 0));
        for (int i = 0; i < running.Length; i++)
        {
            // Who is left of the group is ended with the last of the members, while the number is the group's.
            int endedGroup = i == running.Length - 1 ? group : 0;
            await running[i].EndAsync(isAsync, endedGroup, cancellationToken).ConfigureAwait(false);
        }

        return (await WaitAsync(isAsync, Deadline.Never, cancellationToken).ConfigureAwait(false))!.Value;
    }
}
