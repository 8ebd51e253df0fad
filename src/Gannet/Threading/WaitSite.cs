using Gannet.Interop;

namespace Gannet.Threading;

/// <summary>Where waiters wait.</summary>
internal abstract class WaitSite
{
    /// <summary>Guards the lists of this site; never held while a thread sleeps or user code runs.</summary>
    public LivingLock Guard { get; } = new();

    /// <summary>Takes a waiter that has given up out of the lists; one who stands there no more is no error.</summary>
    public virtual void Forget(Waiter waiter)
    {
        using (Guard.Enter())
        {
            waiter.List?.Remove(waiter);
        }
    }
}
