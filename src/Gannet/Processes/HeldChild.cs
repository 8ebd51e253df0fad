using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>One child of a <see cref="Conversation"/>, and how far its end has come. It is reaped by nobody until all of them have
/// ended, so that its number stays its own, and its group's.</summary>
/// <param name="record">The child.</param>
/// <param name="plan">How it is to be ended.</param>
/// <param name="descriptor">What tells of its end; null on a kernel without pidfds.</param>
internal sealed class HeldChild(ChildRecord record, EndingPlan plan, SafeFileHandle? descriptor)
{
    /// <summary>The child.</summary>
    public ChildRecord Record => record;

    /// <summary>How it is to be ended.</summary>
    public EndingPlan Plan => plan;

    /// <summary>What tells of its end; null on a kernel without pidfds.</summary>
    public SafeFileHandle? Descriptor => descriptor;

    /// <summary>Whether its end has been seen.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What it took, so far.</summary>
    public ChildEnding Ending { get; private set; }

    /// <summary>When it gets SIGKILL.</summary>
    public Deadline KillTime { get; private set; } = Deadline.Never;

    /// <summary>Looks whether it has ended.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Look() => !HasEnded && (HasEnded = record.HasEnded());

    /// <summary>Sends the first signal.</summary>
    /// <param name="group">The group that it shares with others and that has got the signal already; 0 for none.</param>
    public void Stop(int group)
    {
        if (!HasEnded)
        {
            Ending = ChildEnding.OnSignal;
            KillTime = Deadline.After(plan.Grace);
        }

        if (group == 0 || Libc.GroupOf(record.Pid) != group)
        {
            Send(plan.Signal);
        }
    }

    /// <summary>Sends the second one, when it is time.</summary>
    public void KillIfDue()
    {
        if (!HasEnded && Ending is ChildEnding.OnSignal && KillTime.IsOver)
        {
            Ending = ChildEnding.OnKill;
            KillTime = Deadline.Never;
            Send(Signal.SIGKILL);
        }
    }

    /// <summary>Ends who is left of the group that it has led, if that was meant.</summary>
    public void KillGroup()
    {
        if (plan.WholeGroup)
        {
            record.SendSignalToGroup(Signal.SIGKILL);
        }
    }

    private void Send(Signal signal) => _ = plan.WholeGroup ? record.SendSignalToGroup(signal) : record.SendSignal(signal);
}
