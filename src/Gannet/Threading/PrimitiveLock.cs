using System.Runtime.CompilerServices;

namespace Gannet.Threading;

/// <summary>
/// <c>thread.allocate_lock()</c>, <c>threading.Lock</c>: a lock with two states and no owner. Its holder can't take it a second time,
/// and any thread or task may release it.
/// </summary>
/// <remarks>
/// A free lock goes to whoever asks first, which may be one who comes along while another is being woken; who has lost that race once is
/// handed the lock. With <c>fair</c> it goes to whoever has waited longest, at the price of a change of threads at each contended
/// release. A thread that ends while it holds the lock leaves it locked. As long as nobody has ever waited for the lock, two releases of
/// one hold at the same instant may both pass for right, since a release then is a plain store.
/// </remarks>
public sealed class PrimitiveLock : ThreadLock, IPermits
{
    private readonly bool _isFair;
    private int _held;
    private PermitQueue? _waiters;

    /// <summary>Makes an unlocked one.</summary>
    /// <param name="fair">Whether those who wait get it strictly in the order in which they came.</param>
    public PrimitiveLock(bool fair = false) => _isFair = fair;

    /// <inheritdoc/>
    public override bool IsLocked => Volatile.Read(ref _held) != 0;

    int IPermits.Free => 1 - Volatile.Read(ref _held);

    internal override bool IsOwned => IsLocked;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override bool Acquire()
    {
        if (!TryAcquire())
        {
            Wait(Deadline.Never, CancellationToken.None);
        }

        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override bool TryAcquire()
    {
        if ((_isFair && Volatile.Read(ref _waiters) is { IsEmpty: false }) || Interlocked.CompareExchange(ref _held, 1, 0) != 0)
        {
            return false;
        }

        if (LockDiagnostics.IsOn)
        {
            LockDiagnostics.Take(this);
        }

        return true;
    }

    /// <summary><c>lock.release()</c>: frees the lock, from whatever thread, and wakes one who waits.</summary>
    /// <exception cref="SynchronizationLockException">"release unlocked lock": it is free.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override void Release()
    {
        // Nobody has ever waited: no fence between this and the second look at the waiters, see PermitQueue.OfLock.
        if (Volatile.Read(ref _waiters) is null && !LockDiagnostics.IsOn && _held != 0)
        {
            Volatile.Write(ref _held, 0);
            SchedulePoint.Pass();
            if (Volatile.Read(ref _waiters) is not null)
            {
                PermitQueue.ServeOf(ref _waiters);
            }
        }
        else
        {
            ReleaseWaitedFor();
        }
    }

    bool IPermits.TryTake(int thread) => Interlocked.CompareExchange(ref _held, 1, 0) == 0;

    /// <summary>How many wait for it.</summary>
    internal int WaitingCount => Volatile.Read(ref _waiters)?.Count ?? 0;

    internal override int Save()
    {
        Release();
        return 1;
    }

    internal override void Restore(int depth) => Acquire();

    // The slow ways are kept out of the loops of those who lock: inlined there they would take the registers from the short way.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected override bool Wait(Deadline deadline, CancellationToken token) =>
        LockDiagnostics.IsOn ? LockDiagnostics.Wait(this, Waiters, deadline, token) : Waiters.Wait(deadline, token);

    private protected override ValueTask<bool> WaitAsync(Deadline deadline, CancellationToken token) => Waiters.WaitAsync(deadline, token);

    private PermitQueue Waiters => Volatile.Read(ref _waiters) ?? PermitQueue.OfLock(ref _waiters, this, _isFair);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReleaseWaitedFor()
    {
        if (LockDiagnostics.IsOn && IsLocked)
        {
            LockDiagnostics.Give(this);
        }

        if (Interlocked.CompareExchange(ref _held, 0, 1) == 0)
        {
            throw new SynchronizationLockException("release unlocked lock");
        }

        SchedulePoint.Pass();
        PermitQueue.ServeOf(ref _waiters);
    }
}
