using System.Runtime.CompilerServices;

namespace Gannet.Threading;

/// <summary>
/// <c>threading.Barrier</c>: a point at which a fixed number of threads or tasks wait for each other, again and again.
/// </summary>
/// <remarks>
/// One that gives up, by its time or its token, breaks the barrier for all, because those who came would wait for ever for it; so does an
/// action that fails. A broken barrier refuses everybody until <see cref="Reset"/>. Once all have come the round is decided: no time, token,
/// abort or reset ends it while the action runs, though an abort breaks the barrier for those who come later. Who comes during the
/// action is held back until it has ended; the action must not wait at its own barrier.
/// </remarks>
public sealed class CyclicBarrier
{
    private readonly Action? _action;
    private readonly TimeSpan _timeout;
    private readonly Room _room;

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
        _room = new(parties, hasAction: action is not null);
    }

    /// <summary><c>barrier.parties</c>: how many wait for each other.</summary>
    public int Parties { get; }

    /// <summary><c>barrier.n_waiting</c>: how many wait now; nobody any more once all have come.</summary>
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
        if (cancellationToken.IsCancellationRequested)
        {
            Abort();
            throw new OperationCanceledException(cancellationToken);
        }

        while (true)
        {
            Waiter waiter = Waiter.OfThread();
            Entry entry = _room.Enter(waiter, out int index, out WakeChain others);
            switch (entry)
            {
                case Entry.Last:
                    LetGo(ref others);
                    return index;
                case Entry.Refused:
                    throw new BrokenBarrierException();
            }

            switch (waiter.Wait(spins: true, deadline, cancellationToken))
            {
                case WaitOutcome.Delivered when entry is Entry.HeldBack:
                    break;
                case WaitOutcome.Delivered:
                    return index;
                case WaitOutcome.Refused:
                    throw new BrokenBarrierException();
                case WaitOutcome.TimedOut:
                    _room.Forget(waiter);
                    throw new BrokenBarrierException();
                default:
                    _room.Forget(waiter);
                    throw new OperationCanceledException(cancellationToken);
            }
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
        if (cancellationToken.IsCancellationRequested)
        {
            Abort();
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        return WaitAsync(deadline, cancellationToken);
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
        while (true)
        {
            Entry entry = EnterAsTask(deadline, token, out int index, out ValueTask<bool> goesOn);
            if (!await goesOn.ConfigureAwait(false))
            {
                throw new BrokenBarrierException();
            }

            if (entry is not Entry.HeldBack)
            {
                return index;
            }
        }
    }

    private Entry EnterAsTask(Deadline deadline, CancellationToken token, out int index, out ValueTask<bool> goesOn)
    {
        Waiter waiter = Waiter.OfTask(_room);
        goesOn = waiter.AsTask();
        Entry entry = _room.Enter(waiter, out index, out WakeChain others);
        if (entry is Entry.Waits or Entry.HeldBack)
        {
            waiter.Arm(deadline, token);
            return entry;
        }

        waiter.GiveBack();
        goesOn = new(entry is Entry.Last);
        if (entry is Entry.Last)
        {
            LetGo(ref others);
        }

        return entry;
    }

    private void LetGo(ref WakeChain others)
    {
        if (_action is null)
        {
            others.Wake();
            return;
        }

        try
        {
            _action();
        }
        catch
        {
            _room.EndAction(hasFailed: true);
            others.WakeWith(WaitOutcome.Refused);
            throw;
        }

        _room.EndAction(hasFailed: false);
        others.Wake();
    }

    private enum Entry
    {
        Waits,
        HeldBack,
        Last,
        Refused,
    }

    private sealed class Room(int parties, bool hasAction) : WaitSite
    {
        // Those who came while the action of the round before was running.
        private readonly WaiterList _heldBack = new();

        private volatile bool _isBroken;
        private bool _isActing;
        private long _round;
        private long _roundAfterAction;

        public WaiterList Waiters { get; } = new();

        public bool IsBroken => _isBroken;

        /// <summary>Comes in. The last one does not wait, and gets the others, whose waits are decided.</summary>
        public Entry Enter(Waiter waiter, out int index, out WakeChain others)
        {
            others = default;
            bool isComplete;
            using (Guard.Enter())
            {
                index = Waiters.Count;
                if (_isBroken)
                {
                    return Entry.Refused;
                }

                if (_isActing || index < parties - 1)
                {
                    waiter.Mark = _round;
                    (_isActing ? _heldBack : Waiters).Add(waiter);
                    return _isActing ? Entry.HeldBack : Entry.Waits;
                }

                // Fewer when one of them gave up a moment ago.
                isComplete = TakeAll(Waiters, ref others, WaitOutcome.Delivered) == index;
                _round++;
                _isBroken = !isComplete;
                _isActing = isComplete && hasAction;
                _roundAfterAction = _round;
            }

            if (isComplete)
            {
                return Entry.Last;
            }

            others.WakeWith(WaitOutcome.Refused);
            return Entry.Refused;
        }

        /// <summary>Lets those come in who were held back. An action that has failed breaks the barrier first, unless it was reset
        /// meanwhile.</summary>
        public void EndAction(bool hasFailed)
        {
            WakeChain heldBack = default;
            using (Guard.Enter())
            {
                _isActing = false;
                _isBroken |= hasFailed && _round == _roundAfterAction;
                TakeAll(_heldBack, ref heldBack, WaitOutcome.Delivered);
            }

            heldBack.Wake();
        }

        /// <summary>Refuses all who wait.</summary>
        public void Clear(bool isBroken)
        {
            WakeChain refused = default;
            using (Guard.Enter())
            {
                RefuseAll(ref refused, isBroken);
            }

            refused.Wake();
        }

        /// <summary>Who gives up breaks the barrier for those of its own round.</summary>
        public override void Forget(Waiter waiter)
        {
            WakeChain refused = default;
            using (Guard.Enter())
            {
                waiter.List?.Remove(waiter);
                if (waiter.Mark == _round)
                {
                    RefuseAll(ref refused, isBroken: true);
                }
            }

            refused.Wake();
        }

        private void RefuseAll(ref WakeChain refused, bool isBroken)
        {
            _isBroken = isBroken;
            TakeAll(Waiters, ref refused, WaitOutcome.Refused);
            TakeAll(_heldBack, ref refused, WaitOutcome.Refused);
            _round++;
        }

        private static int TakeAll(WaiterList list, ref WakeChain chain, WaitOutcome outcome)
        {
            int taken = 0;
            for (; list.TakeFirst() is { } waiter; taken++)
            {
                chain.Add(waiter, outcome);
            }

            return taken;
        }
    }
}
