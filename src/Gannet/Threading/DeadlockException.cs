namespace Gannet.Threading;

/// <summary>
/// Thrown by <see cref="LockDiagnostics"/> in place of a wait that would never end: each thread of a circle waits for a lock that the
/// next one holds. In a forked child it may also be a chain, at whose end stands a thread that the fork has left behind.
/// </summary>
public sealed class DeadlockException : Exception
{
    internal DeadlockException(IReadOnlyList<LockWait> cycle)
        : base("deadlock: " + string.Join("; ", cycle)) => Cycle = cycle;

    /// <summary>The waits of the circle, beginning with the one that was refused. The last one's lock is held by the first one's
    /// thread, or by one that is not in this process.</summary>
    public IReadOnlyList<LockWait> Cycle { get; }
}
