using System.Runtime.CompilerServices;

namespace Gannet.Threading;

/// <summary>
/// <c>threading.RLock</c>: a lock that belongs to the thread which took it. That thread may take it again; it is free once it was released
/// as often as acquired.
/// </summary>
/// <remarks>
/// There is no asynchronous form: the rest of an async method may run on another thread, which would not be the owner, and what it
/// awaits may run on this one, which would. <see cref="PrimitiveLock"/> serves there.
/// </remarks>
public sealed class ReentrantLock : ThreadLock, IPermits
{
    private readonly bool _isFair;
    private int _owner;
    private int _depth;
    private PermitQueue? _waiters;

    /// <summary>Makes an unlocked one.</summary>
    /// <param name="fair">Whether those who wait get it strictly in the order in which they came.</param>
    public ReentrantLock(bool fair = false) => _isFair = fair;

    /// <summary>Whether some thread holds it.</summary>
    public override bool IsLocked => Volatile.Read(ref _owner) != 0;

    /// <summary>How often the calling thread holds it; 0 for a thread that does not.</summary>
    public int Depth => IsOwned ? _depth : 0;

    int IPermits.Free => IsLocked ? 0 : 1;

    internal override bool IsOwned => Volatile.Read(ref _owner) == CurrentThread.Id;

    /// <summary><c>rlock.acquire()</c>: waits until it is free or the caller's own, and takes it.</summary>
    /// <returns>True.</returns>
    /// <exception cref="DeadlockException"><see cref="LockDiagnostics"/> is on, and the wait would never end.</exception>
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
        int thread = CurrentThread.Id;
        if (Volatile.Read(ref _owner) == thread)
        {
            _depth = checked(_depth + 1);
            return true;
        }

        if ((_isFair && Volatile.Read(ref _waiters) is { IsEmpty: false }) || Interlocked.CompareExchange(ref _owner, thread, 0) != 0)
        {
            return false;
        }

        _depth = 1;
        if (LockDiagnostics.IsOn)
        {
            LockDiagnostics.Take(this);
        }

        return true;
    }

    /// <summary><c>rlock.release()</c>: undoes one acquisition; the outermost frees the lock.</summary>
    /// <exception cref="SynchronizationLockException">"cannot release un-acquired lock": the caller does not own it.</exception>
    public override void Release()
    {
        CheckOwned();
        if (--_depth == 0)
        {
            Free();
        }
    }

    bool IPermits.TryTake(int thread) => Interlocked.CompareExchange(ref _owner, thread, 0) == 0;

    /// <summary>How many wait for it.</summary>
    internal int WaitingCount => Volatile.Read(ref _waiters)?.Count ?? 0;

    internal override int Save()
    {
        CheckOwned();
        int depth = _depth;
        Free();
        return depth;
    }

    internal override void Restore(int depth)
    {
        Acquire();
        _depth = depth;
    }

    // The slow ways are kept out of the loops of those who lock: inlined there they would take the registers from the short way.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected override bool Wait(Deadline deadline, CancellationToken token)
    {
        bool taken = LockDiagnostics.IsOn ? LockDiagnostics.Wait(this, Waiters, deadline, token) : Waiters.Wait(deadline, token);
        if (taken)
        {
            _depth = 1;
        }

        return taken;
    }

    private protected override ValueTask<bool> WaitAsync(Deadline deadline, CancellationToken token) => throw new NotSupportedException();

    private protected override void RefuseTasks() =>
        throw new NotSupportedException("A reentrant lock belongs to a thread; a task may go on on another one. Use a PrimitiveLock.");

    private void CheckOwned()
    {
        if (!IsOwned)
        {
            throw new SynchronizationLockException("cannot release un-acquired lock");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Free()
    {
        // Nobody has ever waited: no fence between this and the second look at the waiters, see PermitQueue.OfLock.
        if (Volatile.Read(ref _waiters) is null && !LockDiagnostics.IsOn)
        {
            Volatile.Write(ref _owner, 0);
            SchedulePoint.Pass();
            if (Volatile.Read(ref _waiters) is not null)
            {
                PermitQueue.ServeOf(ref _waiters);
            }
        }
        else
        {
            FreeWaitedFor();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FreeWaitedFor()
    {
        if (LockDiagnostics.IsOn)
        {
            LockDiagnostics.Give(this);
        }

        Interlocked.Exchange(ref _owner, 0);
        SchedulePoint.Pass();
        PermitQueue.ServeOf(ref _waiters);
    }

    private PermitQueue Waiters => Volatile.Read(ref _waiters) ?? PermitQueue.OfLock(ref _waiters, this, _isFair);
}
