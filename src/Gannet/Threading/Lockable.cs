using System.Runtime.CompilerServices;

namespace Gannet.Threading;

/// <summary>
/// What can be acquired and released: the locks, the semaphores, and a condition variable in place of its lock. Each wait comes in
/// the same forms: for ever, up to a time, until a token is cancelled, not at all; for a thread and for a task.
/// </summary>
/// <remarks>
/// A wait that ends by its time or its token has acquired nothing and leaves nothing behind. A wait with a token that is
/// cancelled already fails, though the lock be free. <see cref="Thread.Interrupt"/> is not supported in the waits of this namespace: use
/// a token.
/// </remarks>
public abstract class Lockable
{
    private protected Lockable()
    {
    }

    /// <summary><c>lock.locked()</c>: whether an attempt that does not wait would fail now, for a thread that holds nothing.</summary>
    public abstract bool IsLocked { get; }

    /// <summary>A name for messages, dumps and <see cref="LockDiagnostics"/>; null for none.</summary>
    public string? Name { get; set; }

    /// <summary><c>lock.acquire()</c>: waits until it is free, and takes it.</summary>
    /// <returns>True.</returns>
    /// <exception cref="DeadlockException"><see cref="LockDiagnostics"/> is on, and the wait would never end.</exception>
    public abstract bool Acquire();

    /// <summary><c>lock.release()</c>: gives up what was acquired, and wakes one who waits.</summary>
    /// <exception cref="SynchronizationLockException">It is not held, or not by this thread where that matters.</exception>
    public abstract void Release();

    /// <summary><c>lock.acquire(False)</c>: takes it if it is free, without waiting.</summary>
    /// <returns>Whether it was taken.</returns>
    public abstract bool TryAcquire();

    /// <summary><c>lock.acquire(blocking)</c>: with true as <see cref="Acquire()"/>, with false as <see cref="TryAcquire()"/>.</summary>
    /// <param name="blocking">Whether to wait.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Acquire(bool blocking) => blocking ? Acquire() : TryAcquire();

    /// <summary><c>lock.acquire(blocking, timeout)</c>. The book's default is not to wait; Python's, and so this library's, is to wait.</summary>
    /// <param name="blocking">Whether to wait.</param>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <returns>Whether it was taken.</returns>
    /// <exception cref="ArgumentException">A time for a call that does not wait.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    public bool Acquire(bool blocking, TimeSpan timeout) =>
        blocking ? TryAcquire(timeout)
        : timeout == Timeout.InfiniteTimeSpan ? TryAcquire()
        : throw new ArgumentException("can't specify a timeout for a non-blocking call", nameof(timeout));

    /// <summary>As <see cref="Acquire()"/>, until a token is cancelled.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled before it was free.</exception>
    public bool Acquire(CancellationToken cancellationToken) => TryAcquire(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary><c>lock.acquire(timeout=…)</c>: waits for at most so long.</summary>
    /// <param name="timeout">How long at most; zero does not wait, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever. A time that no
    /// clock will reach is none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was taken in time.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool TryAcquire(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        return TryAcquire() || (timeout != TimeSpan.Zero && Wait(deadline, cancellationToken));
    }

    /// <summary>As <see cref="Acquire()"/>, for a task: no thread waits. Tasks that wait get it in the order in which they came.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that is complete once it is taken; to be awaited once.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="NotSupportedException">A lock that is bound to its thread, which a task is not.</exception>
    public ValueTask AcquireAsync(CancellationToken cancellationToken = default)
    {
        RefuseTasks();
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken)
            : TryTakeForTask() ? ValueTask.CompletedTask
            : Ignore(WaitAsync(Deadline.Never, cancellationToken));
    }

    /// <summary>As <see cref="TryAcquire(TimeSpan, CancellationToken)"/>, for a task.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was taken in time; to be awaited once.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="NotSupportedException">A lock that is bound to its thread, which a task is not.</exception>
    public ValueTask<bool> TryAcquireAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        RefuseTasks();
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken)
            : TryTakeForTask() ? new(true)
            : timeout == TimeSpan.Zero ? new(false)
            : WaitAsync(deadline, cancellationToken);
    }

    /// <summary><c>with lock:</c>, as <c>using (l.Enter())</c>: waits and takes it; the end of the block releases it, also after an
    /// exception.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What releases it.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public LockScope Enter(CancellationToken cancellationToken = default)
    {
        Acquire(cancellationToken);
        return new(this);
    }

    /// <summary><c>async with lock:</c>, as <c>using (await l.EnterAsync())</c>.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What releases it.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="NotSupportedException">A lock that is bound to its thread, which a task is not.</exception>
    public ValueTask<LockScope> EnterAsync(CancellationToken cancellationToken = default)
    {
        RefuseTasks();
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<LockScope>(cancellationToken)
            : TryTakeForTask() ? new(new LockScope(this))
            : EnterAfter(WaitAsync(Deadline.Never, cancellationToken));
    }

    /// <summary>The type, its name if it has one, and its state.</summary>
    public override string ToString() => $"{Label} ({State})";

    /// <summary>The type, and the name if it has one.</summary>
    internal string Label => Name is null ? GetType().Name : $"{GetType().Name} '{Name}'";

    /// <summary>What is held after an acquisition.</summary>
    private protected virtual Lockable Held => this;

    /// <summary>The state in a word.</summary>
    private protected virtual string State => IsLocked ? "locked" : "unlocked";

    /// <summary>Waits and takes it, after an attempt that failed.</summary>
    private protected abstract bool Wait(Deadline deadline, CancellationToken token);

    /// <summary>As <see cref="Wait"/>, for a task.</summary>
    private protected abstract ValueTask<bool> WaitAsync(Deadline deadline, CancellationToken token);

    /// <summary>Throws when tasks can't hold it.</summary>
    private protected virtual void RefuseTasks()
    {
    }

    private bool TryTakeForTask()
    {
        if (!TryAcquire())
        {
            return false;
        }

        // It has no holder that could be named.
        LockDiagnostics.Give(Held);
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask Ignore(ValueTask<bool> taken) => await taken.ConfigureAwait(false);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LockScope> EnterAfter(ValueTask<bool> taken)
    {
        await taken.ConfigureAwait(false);
        return new(this);
    }
}
