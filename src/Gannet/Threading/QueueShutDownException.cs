namespace Gannet.Threading;

/// <summary><c>queue.ShutDown</c>: the queue was shut down. Nothing more goes in; once it is empty, nothing comes out.</summary>
public sealed class QueueShutDownException : InvalidOperationException
{
    /// <summary>With the usual message.</summary>
    public QueueShutDownException()
        : base("The queue was shut down.")
    {
    }
}
