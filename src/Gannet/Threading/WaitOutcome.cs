namespace Gannet.Threading;

/// <summary>How a wait stands. It begins as <see cref="Waiting"/>; one compare-and-swap decides what becomes of it.</summary>
internal enum WaitOutcome
{
    /// <summary>Nothing has happened yet.</summary>
    Waiting,

    /// <summary>Somebody is about to deliver. It ends soon, or waits again when there was nothing to deliver after all.</summary>
    Claimed,

    /// <summary>It will be ended by whoever claimed it, soon or once an action has run, and can't be given up any more.</summary>
    Decided,

    /// <summary>What was waited for has been handed over.</summary>
    Delivered,

    /// <summary>What was waited for may be there; the waiter tries itself.</summary>
    Called,

    /// <summary>The time was over first.</summary>
    TimedOut,

    /// <summary>The token was cancelled first.</summary>
    Canceled,

    /// <summary>Nothing will ever come: the queue was shut down, the barrier is broken.</summary>
    Refused,
}
