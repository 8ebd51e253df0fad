using Gannet.Interop;

namespace Gannet.Threading;

/// <summary>
/// A lock for a few instructions, none of which waits. A forked child finds it free, since a process is forked only while its threads
/// wait, but dead threads may have been queued for it, and would swallow a wake-up; so the child begins with a new one.
/// </summary>
internal sealed class LivingLock
{
    private Era _era = new(ForkCount.Value);

    private Lock Current
    {
        get
        {
            Era era = Volatile.Read(ref _era);
            return era.Forks == ForkCount.Value ? era.Lock : Renew(era);
        }
    }

    /// <summary>Waits for it and takes it; the end of the result gives it back.</summary>
    public Lock.Scope Enter()
    {
        while (true)
        {
            Lock current = Current;
            Lock.Scope scope = current.EnterScope();
            if (current == Current)
            {
                return scope;
            }

            // A thread of the pool that lives on in the child was queued for the old one.
            scope.Dispose();
        }
    }

    private Lock Renew(Era seen)
    {
        Era era = new(ForkCount.Value);
        Era found = Interlocked.CompareExchange(ref _era, era, seen);
        return found == seen ? era.Lock : found.Lock;
    }

    private sealed class Era(int forks)
    {
        public int Forks { get; } = forks;

        public Lock Lock { get; } = new();
    }
}
