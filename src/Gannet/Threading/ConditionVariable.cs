using System.Runtime.CompilerServices;

namespace Gannet.Threading;

/// <summary>
/// <c>threading.Condition</c>: a lock, and a place to wait for a change of what the lock guards. Several can stand on one lock, each for a
/// change of its own.
/// </summary>
/// <remarks>
/// <para>A wait gives the lock up, however often it was acquired, and has it again as it was when it returns, on every way: notified,
/// out of time, cancelled. Those who wait are notified in the order in which they came. A notification that nobody waits
/// for is not remembered. Nobody is woken for nothing; still, another thread may run between the notification and the
/// waiter, so wait in a loop, or by <see cref="WaitFor(Func{bool})"/>. Only with <see cref="LockDiagnostics"/> on may a wait end
/// without the lock: by <see cref="DeadlockException"/>, when it could never have it again.</para>
/// <para>Tasks can wait for a condition over a <see cref="PrimitiveLock"/>; the default lock belongs to a thread.</para>
/// </remarks>
public sealed class ConditionVariable : Lockable
{
    private readonly ThreadLock _lock;
    private readonly Room _room = new();

    /// <summary>Makes one over a new <see cref="ReentrantLock"/>.</summary>
    public ConditionVariable()
        : this(new ReentrantLock())
    {
    }

    /// <summary>Makes one over a lock, which other conditions may share.</summary>
    /// <param name="heldLock">The lock.</param>
    /// <exception cref="ArgumentNullException"><paramref name="heldLock"/> is null.</exception>
    public ConditionVariable(ThreadLock heldLock)
    {
        ArgumentNullException.ThrowIfNull(heldLock);
        _lock = heldLock;
    }

    /// <summary>Whether the lock is held.</summary>
    public override bool IsLocked => _lock.IsLocked;

    /// <summary>How many wait. Other threads may change it at any time.</summary>
    public int WaitingCount => _room.Waiters.Count;

    /// <summary>Acquires the lock.</summary>
    /// <returns>True.</returns>
    public override bool Acquire() => _lock.Acquire();

    /// <summary>Acquires the lock if it is free.</summary>
    /// <returns>Whether it was.</returns>
    public override bool TryAcquire() => _lock.TryAcquire();

    /// <summary>Releases the lock.</summary>
    /// <exception cref="SynchronizationLockException">It is not held, or not by this thread.</exception>
    public override void Release() => _lock.Release();

    /// <summary><c>condition.wait()</c>: gives the lock up, waits for a notification, and takes the lock again.</summary>
    /// <returns>True.</returns>
    /// <exception cref="SynchronizationLockException">"cannot wait on un-acquired lock".</exception>
    public bool Wait() => Wait(Timeout.InfiniteTimeSpan);

    /// <summary><c>condition.wait(timeout)</c>: for at most so long.</summary>
    /// <param name="timeout">How long; zero and less give up the lock for a moment only, <see cref="Timeout.InfiniteTimeSpan"/> waits
    /// for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was notified in time; the lock is held either way.</returns>
    /// <exception cref="SynchronizationLockException">"cannot wait on un-acquired lock".</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the lock is held.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        CheckOwned("cannot wait on un-acquired lock");
        return WaitUntil(DeadlineOf(timeout), cancellationToken);
    }

    /// <summary><c>condition.wait_for(predicate)</c>: waits until something is true.</summary>
    /// <param name="predicate">What to wait for; called with the lock held, at first and after each notification.</param>
    /// <returns>True.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="predicate"/> is null.</exception>
    /// <exception cref="SynchronizationLockException">"cannot wait on un-acquired lock".</exception>
    public bool WaitFor(Func<bool> predicate) => WaitFor(predicate, Timeout.InfiniteTimeSpan);

    /// <summary><c>condition.wait_for(predicate, timeout)</c>: for at most so long in all.</summary>
    /// <param name="predicate">What to wait for; called with the lock held.</param>
    /// <param name="timeout">How long; zero and less look once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the predicate said last; the lock is held either way.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="predicate"/> is null.</exception>
    /// <exception cref="SynchronizationLockException">"cannot wait on un-acquired lock".</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the lock is held.</exception>
    public bool WaitFor(Func<bool> predicate, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        CheckOwned("cannot wait on un-acquired lock");
        Deadline deadline = DeadlineOf(timeout);
        while (!predicate())
        {
            if (deadline.IsOver)
            {
                return false;
            }

            WaitUntil(deadline, cancellationToken);
        }

        return true;
    }

    /// <summary>As <see cref="Wait(TimeSpan, CancellationToken)"/>, for a task: no thread waits, neither for the notification nor for the
    /// lock.</summary>
    /// <param name="timeout">How long at most; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was notified in time; to be awaited once.</returns>
    /// <exception cref="NotSupportedException">The lock belongs to a thread.</exception>
    /// <exception cref="SynchronizationLockException">"cannot wait on un-acquired lock".</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the lock is held.</exception>
    public ValueTask<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        RefuseTasks();
        CheckOwned("cannot wait on un-acquired lock");
        Deadline deadline = DeadlineOf(timeout ?? Timeout.InfiniteTimeSpan);
        Waiter waiter = Waiter.OfTask(_room);
        ValueTask<bool> notified = waiter.AsTask();
        int depth = GiveUpLock(waiter);
        waiter.Arm(deadline, cancellationToken);
        return Reacquire(notified, depth);
    }

    /// <summary>As <see cref="WaitFor(Func{bool}, TimeSpan, CancellationToken)"/>, for a task.</summary>
    /// <param name="predicate">What to wait for; called with the lock held.</param>
    /// <param name="timeout">How long at most; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the predicate said last; to be awaited once.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="predicate"/> is null.</exception>
    /// <exception cref="NotSupportedException">The lock belongs to a thread.</exception>
    /// <exception cref="SynchronizationLockException">"cannot wait on un-acquired lock".</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the lock is held.</exception>
    public ValueTask<bool> WaitForAsync(Func<bool> predicate, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        RefuseTasks();
        CheckOwned("cannot wait on un-acquired lock");
        return WaitForAsync(predicate, DeadlineOf(timeout ?? Timeout.InfiniteTimeSpan), cancellationToken);
    }

    /// <summary><c>condition.notify(n)</c>: wakes those who have waited longest. They go on once the lock is released, which this
    /// does not do.</summary>
    /// <param name="count">How many at most; fewer are woken when fewer wait.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="SynchronizationLockException">"cannot notify on un-acquired lock".</exception>
    public void Notify(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        CheckOwned("cannot notify on un-acquired lock");
        if (!_room.Waiters.IsEmpty)
        {
            _room.Call(count);
        }
    }

    /// <summary><c>condition.notify_all()</c>: wakes all who wait.</summary>
    /// <exception cref="SynchronizationLockException">"cannot notify on un-acquired lock".</exception>
    public void NotifyAll() => Notify(int.MaxValue);

    private protected override Lockable Held => _lock;

    private protected override string State => $"{_lock}, waiters={WaitingCount}";

    private protected override bool Wait(Deadline deadline, CancellationToken token) => _lock.TryAcquire(deadline.Left, token);

    private protected override ValueTask<bool> WaitAsync(Deadline deadline, CancellationToken token) =>
        _lock.TryAcquireAsync(deadline.Left, token);

    private protected override void RefuseTasks()
    {
        if (_lock is ReentrantLock)
        {
            throw new NotSupportedException("A reentrant lock belongs to a thread; a task may go on on another one. Use a PrimitiveLock.");
        }
    }

    private static Deadline DeadlineOf(TimeSpan timeout) =>
        Deadline.After(timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : timeout);

    private void CheckOwned(string complaint)
    {
        if (!_lock.IsOwned)
        {
            throw new SynchronizationLockException(complaint);
        }
    }

    private bool WaitUntil(Deadline deadline, CancellationToken token)
    {
        Waiter waiter = Waiter.OfThread();
        int depth = GiveUpLock(waiter);
        WaitOutcome outcome = waiter.Wait(spins: true, deadline, token);
        if (outcome is not WaitOutcome.Delivered)
        {
            _room.Forget(waiter);
        }

        _lock.Restore(depth);
        return outcome is WaitOutcome.Canceled ? throw new OperationCanceledException(token) : outcome is WaitOutcome.Delivered;
    }

    private int GiveUpLock(Waiter waiter)
    {
        _room.Enter(waiter);
        try
        {
            return _lock.Save();
        }
        catch
        {
            // It was released meanwhile. A notification that came in between goes to the next one.
            bool isNotified = !waiter.Withdraw();
            _room.Forget(waiter);
            if (isNotified)
            {
                _room.Call(1);
            }

            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> Reacquire(ValueTask<bool> notified, int depth)
    {
        try
        {
            return await notified.ConfigureAwait(false);
        }
        finally
        {
            await RestoreAsync(depth).ConfigureAwait(false);
        }
    }

    private ValueTask RestoreAsync(int depth)
    {
        if (depth != 1)
        {
            throw new InvalidOperationException("A lock of tasks is held once.");
        }

        return _lock.AcquireAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitForAsync(Func<bool> predicate, Deadline deadline, CancellationToken token)
    {
        while (!predicate())
        {
            if (deadline.IsOver)
            {
                return false;
            }

            await WaitAsync(deadline.Left, token).ConfigureAwait(false);
        }

        return true;
    }

    private sealed class Room : WaitSite
    {
        public WaiterList Waiters { get; } = new();

        public void Enter(Waiter waiter)
        {
            using (Guard.Enter())
            {
                Waiters.Add(waiter);
            }
        }

        public void Call(int count)
        {
            WakeChain chain = default;
            using (Guard.Enter())
            {
                for (; count > 0 && Waiters.TakeFirst() is { } waiter; count--)
                {
                    chain.Add(waiter, WaitOutcome.Delivered);
                }
            }

            chain.Wake();
        }
    }
}
