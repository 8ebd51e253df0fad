namespace Gannet.Threading;

/// <summary><c>queue.Full</c>: there was no room, and the call was not to wait, or no longer.</summary>
public sealed class QueueFullException : InvalidOperationException
{
    /// <summary>With the usual message.</summary>
    public QueueFullException()
        : base("The queue is full.")
    {
    }
}
