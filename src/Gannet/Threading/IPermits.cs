namespace Gannet.Threading;

/// <summary>What a <see cref="PermitQueue"/> hands out: the one permit of a lock, or those of a semaphore.</summary>
internal interface IPermits
{
    /// <summary>How many are free.</summary>
    public int Free { get; }

    /// <summary>Takes one, if one is free.</summary>
    /// <param name="thread">Whose it will be; 0 for a task's.</param>
    public bool TryTake(int thread);
}
