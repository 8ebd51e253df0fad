namespace Gannet.Threading;

/// <summary>What <see cref="Lockable.Enter"/> gives: its disposal releases, at the end of a <c>using</c> block.</summary>
public readonly struct LockScope : IDisposable, IEquatable<LockScope>
{
    private readonly Lockable? _lock;

    internal LockScope(Lockable held) => _lock = held;

    /// <summary>Releases what was acquired. Call it once.</summary>
    public void Dispose() => _lock?.Release();

    /// <inheritdoc/>
    public bool Equals(LockScope other) => ReferenceEquals(_lock, other._lock);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LockScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _lock?.GetHashCode() ?? 0;

    /// <summary>Whether both release the same object.</summary>
    public static bool operator ==(LockScope left, LockScope right) => left.Equals(right);

    /// <summary>Whether they release different objects.</summary>
    public static bool operator !=(LockScope left, LockScope right) => !left.Equals(right);
}
