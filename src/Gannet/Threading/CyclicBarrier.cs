using System.Runtime.CompilerServices;

namespace Gannet.Threading;

/// <summary>
/// <c>threading.Barrier</c>: a point at which a fixed number of threads or tasks wait for each other, again and again.
/// </summary>
/// <remarks>
/// One that gives up, by its time or its token, breaks the barrier for all, because those who came would wait for ever for it; so does an
/// action that fails. A broken barrier refuses everybody until <see cref="Reset"/>.
/// </remarks>
public sealed class CyclicBarrier
{
    private readonly Action? _action;
    private readonly TimeSpan _timeout;
    private readonly Room _room = new();

    /// <summary>Makes one.</summary>
    /// <param name="parties">How many wait for each other; 1 or more.</param>
    /// <param name="action">What the last to come runs before all go on.</param>
    /// <param name="timeout">How long a wait lasts that names no time; null for ever.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="parties"/> is less than 1, or the time is negative.</exception>
    public CyclicBarrier(int parties, Action? action = null, TimeSpan? timeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parties, 1);
        _ = Deadline.After(timeout);
        Parties = parties;
        _action = action;
        _timeout = timeout ?? Timeout.InfiniteTimeSpan;
    }

    /// <summary><c>barrier.parties</c>: how many wait for each other.</summary>
    public int Parties { get; }

    /// <summary><c>barrier.n_waiting</c>: how many wait now.</summary>
    public int WaitingCount => _room.Waiters.Count;

    /// <summary><c>barrier.broken</c>.</summary>
    public bool IsBroken => _room.IsBroken;

    /// <summary><c>barrier.wait()</c>: waits until all have come, for at most the time that the barrier was made with.</summary>
    /// <returns>The number of those who came earlier: 0 for the first, <see cref="Parties"/> - 1 for the last.</returns>
    /// <exception cref="BrokenBarrierException">It is broken, or was broken or reset meanwhile, by the time of this wait for
    /// instance.</exception>
    public int Wait() => Wait(_timeout);

    /// <summary><c>barrier.wait(timeout)</c>.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <param name="cancellationToken">Ends the wait, and breaks the barrier.</param>
    /// <returns>The number of those who came earlier.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="BrokenBarrierException">It is broken, or was broken or reset meanwhile.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public int Wait(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter = Waiter.OfThread();
        int index = _room.Enter(waiter, Parties, out WakeChain others);
        if (index == Parties - 1)
        {
            LetGo(ref others);
            return index;
        }

        WaitOutcome outcome = waiter.Wait(spins: true, deadline, cancellationToken);
        switch (outcome)
        {
            case WaitOutcome.Delivered:
                return index;
            case WaitOutcome.Refused:
                throw new BrokenBarrierException();
            default:
                _room.Forget(waiter);
                throw outcome is WaitOutcome.TimedOut ? new BrokenBarrierException() : new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>As <see cref="Wait(TimeSpan, CancellationToken)"/>, for a task: no thread waits.</summary>
    /// <param name="timeout">How long at most; null for the time that the barrier was made with.</param>
    /// <param name="cancellationToken">Ends the wait, and breaks the barrier.</param>
    /// <returns>The number of those who came earlier; to be awaited once.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="BrokenBarrierException">It is broken, or was broken or reset meanwhile.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask<int> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout ?? _timeout);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : WaitAsync(deadline, cancellationToken);
    }

    /// <summary><c>barrier.abort()</c>: breaks it; all who wait and who come later get <see cref="BrokenBarrierException"/>.</summary>
    public void Abort() => _room.Clear(isBroken: true);

    /// <summary><c>barrier.reset()</c>: makes it as new; those who wait get <see cref="BrokenBarrierException"/>.</summary>
    public void Reset() => _room.Clear(isBroken: false);

    /// <summary>The type and the state.</summary>
    public override string ToString() => $"{nameof(CyclicBarrier)} ({(IsBroken ? "broken" : $"waiters={WaitingCount}/{Parties}")})";

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAsync(Deadline deadline, CancellationToken token)
    {
        int index = EnterAsTask(deadline, token, out ValueTask<bool> all);
        return await all.ConfigureAwait(false) ? index : throw new BrokenBarrierException();
    }

    private int EnterAsTask(Deadline deadline, CancellationToken token, out ValueTask<bool> all)
    {
        Waiter waiter = Waiter.OfTask(_room);
        all = waiter.AsTask();
        int index = _room.Enter(waiter, Parties, out WakeChain others);
        if (index == Parties - 1)
        {
            all = new(true);
            LetGo(ref others);
        }
        else
        {
            waiter.Arm(deadline, token);
        }

        return index;
    }

    private void LetGo(ref WakeChain others)
    {
        try
        {
            _action?.Invoke();
        }
        catch
        {
            others.WakeWith(WaitOutcome.Refused);
            _room.Clear(isBroken: true);
            throw;
        }

        others.Wake();
    }

    private sealed class Room : WaitSite
    {
        private volatile bool _isBroken;
        private long _round;

        public WaiterList Waiters { get; } = new();

        public bool IsBroken => _isBroken;

        /// <summary>Comes in. The last one does not wait, and gets the others, claimed.</summary>
        public int Enter(Waiter waiter, int parties, out WakeChain others)
        {
            others = default;
            int index;
            bool isComplete;
            lock (Guard)
            {
                if (_isBroken)
                {
                    throw new BrokenBarrierException();
                }

                index = Waiters.Count;
                if (index < parties - 1)
                {
                    waiter.Mark = _round;
                    Waiters.Add(waiter);
                    return index;
                }

                // Fewer when one of them gave up a moment ago.
                isComplete = TakeAll(ref others, WaitOutcome.Delivered) == index;
                _isBroken = !isComplete;
            }

            if (isComplete)
            {
                return index;
            }

            others.WakeWith(WaitOutcome.Refused);
            throw new BrokenBarrierException();
        }

        /// <summary>Refuses all who wait.</summary>
        public void Clear(bool isBroken)
        {
            WakeChain refused = default;
            lock (Guard)
            {
                _isBroken = isBroken;
                TakeAll(ref refused, WaitOutcome.Refused);
            }

            refused.Wake();
        }

        /// <summary>Who gives up breaks the barrier for those of its own round.</summary>
        public override void Forget(Waiter waiter)
        {
            WakeChain refused = default;
            lock (Guard)
            {
                Waiters.Remove(waiter);
                if (waiter.Mark == _round)
                {
                    _isBroken = true;
                    TakeAll(ref refused, WaitOutcome.Refused);
                }
            }

            refused.Wake();
        }

        private int TakeAll(ref WakeChain chain, WaitOutcome outcome)
        {
            int taken = 0;
            for (; Waiters.TakeFirst() is { } waiter; taken++)
            {
                chain.Add(waiter, outcome);
            }

            _round++;
            return taken;
        }
    }
}
