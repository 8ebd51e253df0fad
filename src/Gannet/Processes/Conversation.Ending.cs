using System.Runtime.ExceptionServices;

namespace Gannet;

/// <content>When it is over, and how the children are made to end.</content>
internal sealed partial class Conversation
{
    // How long a group that has been killed may take to let go of the pipes. Who has left it does not count.
    private static readonly TimeSpan s_groupEnd = TimeSpan.FromSeconds(1);

    private int _endCount;
    private StopReason _reason;

    // Came when all children had ended, and concerns only who still reads.
    private StopReason _lateReason;
    private ExceptionDispatchInfo? _failure;
    private Deadline _drainEnd = Deadline.Never;

    /// <summary>The process group that all of the children share and are to be ended with; 0 for none.</summary>
    public int SharedGroup { get; set; }

    /// <summary>Has the children ended because of a failure that is then told.</summary>
    public void Fail(ExceptionDispatchInfo failure)
    {
        _failure ??= failure;
        Stop(StopReason.Failure);
    }

    /// <summary>Has the children ended because they write more than may be kept.</summary>
    public void StopAtLimit() => Stop(StopReason.OutputLimit);

    /// <summary>Has the children ended, if they have not; the first reason stands.</summary>
    public void Stop(StopReason reason)
    {
        if (_reason is not StopReason.None)
        {
            return;
        }

        if (_children.TrueForAll(child => child.HasEnded || child.Record.HasEnded()))
        {
            // Who has ended by himself has not been ended by what came later; but what was written is not all there.
            if (reason is StopReason.Timeout or StopReason.Cancellation)
            {
                _lateReason = _lateReason is StopReason.None ? reason : _lateReason;
                return;
            }

            _reason = reason;
            LimitPatience();
            return;
        }

        _reason = reason;
        LimitPatience();
        bool isGroupReached = SharedGroup != 0 && SendToSharedGroup(_children[0].Plan.Signal);
        foreach (HeldChild child in _children.Where(child => !child.HasEnded || child.Plan.WholeGroup))
        {
            child.Stop(isGroupReached ? SharedGroup : 0);
        }
    }

    // A stream of the caller's that stands still must not keep children from being killed, nor whoever waits for their end.
    private void LimitPatience() => _patience?.CancelAfter(Deadline.Earlier(_deadline, Deadline.After(_drainTime)).Milliseconds);

    private bool HaveAllEnded => _endCount == _children.Count;

    private bool IsGroupKilled => _reason is not StopReason.None && (SharedGroup != 0 || _children.Exists(child => child.Plan.WholeGroup));

    // When the children are gone, the time for them, or the caller's patience, may be over before that for what they left behind; but
    // not when that has been killed, and is only just letting go of the pipes. What is to be dropped is not waited for.
    private bool IsOver => HaveAllEnded && (!HasOpenOutput
        || _drainEnd.IsOver
        || _reason is StopReason.OutputLimit or StopReason.Failure or StopReason.ReaderLeft
        || (!IsGroupKilled && (_deadline.IsOver || _cancellationToken.IsCancellationRequested)));

    private int MillisecondsToWait()
    {
        // The deadline has had its effect once a signal was sent.
        Deadline next = _reason is StopReason.None ? Deadline.Earlier(_deadline, _drainEnd) : _drainEnd;
        bool isLookedFor = false;
        foreach (HeldChild child in _children)
        {
            if (!child.HasEnded)
            {
                next = Deadline.Earlier(next, child.KillTime);
                isLookedFor |= child.Descriptor is null;
            }
        }

        return isLookedFor ? next.MillisecondsAtMost(LookInterval) : next.Milliseconds;
    }

    private void OnEnd(HeldChild child)
    {
        _endCount++;
        if (child.Descriptor is not null)
        {
            _set.Remove(child.Descriptor);
        }

        if (child == _children[0])
        {
            CloseInput();
            _feeder?.Stop();
        }

        if (HaveAllEnded)
        {
            _drainEnd = IsGroupKilled ? Deadline.Earlier(Deadline.After(_drainTime), Deadline.After(s_groupEnd)) : Deadline.After(_drainTime);
            KillGroups();
        }
    }

    private void EndChildrenIfDue()
    {
        if (_cancellationToken.IsCancellationRequested)
        {
            Stop(StopReason.Cancellation);
        }
        else if (_deadline.IsOver)
        {
            Stop(StopReason.Timeout);
        }

        _children.ForEach(child => child.KillIfDue());
    }

    // Until they are reaped their numbers are their groups'.
    private void KillGroups()
    {
        if (!IsGroupKilled)
        {
            return;
        }

        try
        {
            _ = SharedGroup != 0 && SendToSharedGroup(Signal.SIGKILL);
            _children.ForEach(child => child.KillGroup());
        }
        catch (OsException)
        {
            // Who is left of it runs as another user (EPERM).
        }
    }

    private bool SendToSharedGroup(Signal signal) => _children.Exists(child => child.Record.SendSignalToGroup(SharedGroup, signal));
}
