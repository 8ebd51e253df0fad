namespace Gannet.Threading;

/// <summary>Where waiters wait.</summary>
internal abstract class WaitSite
{
    /// <summary>Guards the lists of this site; never held while a thread sleeps or user code runs.</summary>
    public Lock Guard { get; } = new();

    /// <summary>Takes a waiter that has given up out of the lists; one who stands there no more is no error.</summary>
    public virtual void Forget(Waiter waiter)
    {
        lock (Guard)
        {
            waiter.List?.Remove(waiter);
        }
    }
}
