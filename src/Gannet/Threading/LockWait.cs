namespace Gannet.Threading;

/// <summary>One thread and one lock, as <see cref="LockDiagnostics"/> sees them.</summary>
/// <param name="Thread">The thread that waits.</param>
/// <param name="Lock">The lock that it waits for.</param>
/// <param name="Holder">The thread that holds the lock; null when it is held by a task or no longer held.</param>
public sealed record LockWait(string Thread, string Lock, string? Holder)
{
    /// <summary>The wait as a sentence.</summary>
    public override string ToString() => $"{Thread} waits for {Lock}, held by {Holder ?? "no thread"}";
}
