namespace Gannet.Interop;

/// <summary>
/// A lock that a forked child finds free, whoever held it in the parent: dead threads don't give back, and those that were queued for it
/// would swallow a wake-up; so the child begins with a new one.
/// </summary>
internal sealed class LivingLock
{
    // A dead thread in the queue of the old lock may get the wake-up of a thread that lives on in the child, which so looks for itself.
    private const int LookMilliseconds = 100;

    private Era _era = new(ForkCount.Value);
    private Lock? _heldOverFork;

    private Lock Current
    {
        get
        {
            Era era = Volatile.Read(ref _era);
            return era.Forks == ForkCount.Value ? era.Lock : Renew(era);
        }
    }

    /// <summary>Waits for it and takes it; the end of the result gives it back.</summary>
    public Held Enter() => new(Take(Deadline.Never)!);

    /// <summary>Before a fork: takes it, so that what it guards is whole in the child; false when it has not become free in time.</summary>
    public bool TryHoldOverFork(Deadline deadline)
    {
        _heldOverFork = Take(deadline);
        return _heldOverFork is not null;
    }

    /// <summary>After a fork, in either process: gives back what <see cref="TryHoldOverFork"/> has taken, if anything. In the child that is
    /// the old one, which a thread of the pool may be waiting for.</summary>
    public void EndHold()
    {
        Lock? held = _heldOverFork;
        _heldOverFork = null;
        held?.Exit();
    }

    private Lock? Take(Deadline deadline)
    {
        while (true)
        {
            Lock current = Current;
            // The one without a time first: the other has a longer way even to a free lock.
            if (!current.TryEnter() && !current.TryEnter(deadline.MillisecondsAtMost(LookMilliseconds)))
            {
                if (deadline.IsOver)
                {
                    return null;
                }

                continue;
            }

            if (current == Current)
            {
                return current;
            }

            // A thread of the pool that lives on in the child was queued for the old one.
            current.Exit();
        }
    }

    private Lock Renew(Era seen)
    {
        Era era = new(ForkCount.Value);
        Era found = Interlocked.CompareExchange(ref _era, era, seen);
        return found == seen ? era.Lock : found.Lock;
    }

    /// <summary>The lock while it is held.</summary>
    public readonly ref struct Held(Lock held)
    {
        /// <summary>Gives it back.</summary>
        public void Dispose() => held.Exit();
    }

    private sealed class Era(int forks)
    {
        public int Forks { get; } = forks;

        public Lock Lock { get; } = new();
    }
}
