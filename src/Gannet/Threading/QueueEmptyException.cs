namespace Gannet.Threading;

/// <summary><c>queue.Empty</c>: there was no item, and the call was not to wait, or no longer.</summary>
public sealed class QueueEmptyException : InvalidOperationException
{
    /// <summary>With the usual message.</summary>
    public QueueEmptyException()
        : base("The queue is empty.")
    {
    }
}
