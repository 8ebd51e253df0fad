namespace Gannet.Threading;

/// <summary><c>threading.BrokenBarrierError</c>: a barrier was reset or broken while it was waited for, or is broken.</summary>
public sealed class BrokenBarrierException : Exception
{
    /// <summary>With the usual message.</summary>
    public BrokenBarrierException()
        : base("The barrier is broken: a thread gave up waiting, its action failed, or it was aborted or reset.")
    {
    }
}
