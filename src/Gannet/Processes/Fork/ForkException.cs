namespace Gannet;

/// <summary>
/// The process can't be forked just now: what stood in the way at the last attempt, and what to do about it. Nothing has happened; the
/// process goes on as before. <see cref="OsException.Errno"/> is EAGAIN, as that of a <c>fork</c> that the system refuses.
/// </summary>
public sealed class ForkException : OsException
{
    internal ForkException(ForkReason reason, int threadId, string? threadName, string description, string advice)
        : base($"fork: {description}. {advice}", Errno.EAGAIN, "fork")
    {
        Reason = reason;
        ThreadId = threadId;
        ThreadName = threadName;
        Advice = advice;
    }

    /// <summary>What stood in the way.</summary>
    public ForkReason Reason { get; }

    /// <summary>The kernel's number of the thread that did; 0 when it was none in particular.</summary>
    public int ThreadId { get; }

    /// <summary>The name of that thread, of which the kernel keeps 15 bytes; null when it was none in particular.</summary>
    public string? ThreadName { get; }

    /// <summary>What to do about it.</summary>
    public string Advice { get; }
}
