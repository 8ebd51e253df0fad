namespace Gannet.Threading;

/// <summary>One of the two locks that a <see cref="ConditionVariable"/> can stand on.</summary>
public abstract class ThreadLock : Lockable
{
    private protected ThreadLock()
    {
    }

    /// <summary>Whether the caller holds it, as far as the lock can tell.</summary>
    internal abstract bool IsOwned { get; }

    /// <summary>Gives it up wholly, however often it was acquired.</summary>
    /// <returns>What <see cref="Restore"/> wants.</returns>
    internal abstract int Save();

    /// <summary>Takes it again as it was.</summary>
    internal abstract void Restore(int depth);
}
