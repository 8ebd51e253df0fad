namespace Gannet.Threading;

/// <summary>
/// <c>threading.Event</c>: a flag that threads and tasks wait for.
/// </summary>
/// <remarks>
/// Whoever waits while it is set goes on, even if it is cleared at once; <see cref="ManualResetEventSlim"/> loses such waiters. What was
/// written before <see cref="Set"/> is seen by whoever finds it set.
/// </remarks>
public sealed class EventFlag
{
    private readonly Room _room = new();
    private int _isSet;

    /// <summary>Makes one.</summary>
    /// <param name="initiallySet">Whether the flag is set at first.</param>
    public EventFlag(bool initiallySet = false) => _isSet = initiallySet ? 1 : 0;

    /// <summary><c>event.is_set()</c>.</summary>
    public bool IsSet => Volatile.Read(ref _isSet) != 0;

    /// <summary>How many wait.</summary>
    internal int WaitingCount => _room.Waiters.Count;

    /// <summary><c>event.set()</c>: sets the flag and lets all who wait go on. Setting it again does nothing.</summary>
    public void Set()
    {
        WakeChain chain = default;
        using (_room.Guard.Enter())
        {
            Volatile.Write(ref _isSet, 1);
            while (_room.Waiters.TakeFirst() is { } waiter)
            {
                chain.Add(waiter, WaitOutcome.Delivered);
            }
        }

        chain.Wake();
    }

    /// <summary><c>event.clear()</c>: clears the flag; later waits wait.</summary>
    public void Clear()
    {
        using (_room.Guard.Enter())
        {
            Volatile.Write(ref _isSet, 0);
        }
    }

    /// <summary><c>event.wait()</c>: waits until the flag is set.</summary>
    /// <returns>True.</returns>
    public bool Wait() => Wait(Timeout.InfiniteTimeSpan);

    /// <summary>As <see cref="Wait()"/>, until a token is cancelled.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool Wait(CancellationToken cancellationToken) => Wait(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary><c>event.wait(timeout)</c>: for at most so long.</summary>
    /// <param name="timeout">How long; zero and less return at once, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was set in time.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsSet || !Waits(timeout))
        {
            return IsSet;
        }

        Deadline deadline = Deadline.After(timeout);
        Waiter waiter = Waiter.OfThread();
        if (!_room.TryEnter(waiter, ref _isSet))
        {
            return true;
        }

        WaitOutcome outcome = waiter.Wait(spins: true, deadline, cancellationToken);
        if (outcome is WaitOutcome.Delivered)
        {
            return true;
        }

        _room.Forget(waiter);
        return outcome is WaitOutcome.TimedOut ? false : throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>As <see cref="Wait(TimeSpan, CancellationToken)"/>, for a task: no thread waits.</summary>
    /// <param name="timeout">How long at most; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was set in time; to be awaited once.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        TimeSpan limit = timeout ?? Timeout.InfiniteTimeSpan;
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (IsSet || !Waits(limit))
        {
            return new(IsSet);
        }

        Deadline deadline = Deadline.After(limit);
        Waiter waiter = Waiter.OfTask(_room);
        ValueTask<bool> task = waiter.AsTask();
        if (!_room.TryEnter(waiter, ref _isSet))
        {
            // It was set meanwhile.
            waiter.Complete(WaitOutcome.Delivered);
            return task;
        }

        waiter.Arm(deadline, cancellationToken);
        return task;
    }

    /// <summary>The type and the state.</summary>
    public override string ToString() => $"{nameof(EventFlag)} ({(IsSet ? "set" : "unset")})";

    private static bool Waits(TimeSpan timeout) => timeout > TimeSpan.Zero || timeout == Timeout.InfiniteTimeSpan;

    private sealed class Room : WaitSite
    {
        public WaiterList Waiters { get; } = new();

        public bool TryEnter(Waiter waiter, ref int isSet)
        {
            using (Guard.Enter())
            {
                if (Volatile.Read(ref isSet) != 0)
                {
                    return false;
                }

                Waiters.Add(waiter);
                return true;
            }
        }
    }
}
