using System.Diagnostics.CodeAnalysis;

namespace Gannet.Threading;

/// <summary>
/// Those who wait at a queue, for items, for room, or for its work to be done, beside the store that holds the items.
/// </summary>
/// <remarks>
/// Whoever puts in or takes out does so at the store, without a lock where the store has none, and then looks whether somebody waits
/// for that. A waiter steps into its list and then looks at the store. With a fence on both sides, the
/// last write of the store and the one after the list, one of the two sees the other. <see cref="Match"/> brings the two together: it claims a waiter, moves the item, and so decides against a time
/// that ends or a token that is cancelled at the same moment.
/// </remarks>
internal sealed class QueueSite<T>(ItemStore<T> store) : WaitSite
{
    private readonly WaiterList _getters = new();
    private readonly WaiterList _putters = new();
    private readonly WaiterList _joiners = new();
    private long _done;

    /// <summary>The items.</summary>
    public ItemStore<T> Store => store;

    /// <summary>How many items were put in and not yet reported as done.</summary>
    public long Unfinished
    {
        get
        {
            // In this order: both only grow, so what was put in up to the second look covers what was done up to the first.
            long done = Volatile.Read(ref _done);
            return store.Added - done;
        }
    }

    /// <summary>Whether a task's get would overtake another.</summary>
    public bool HasGetters => !_getters.IsEmpty;

    /// <summary>Whether a task's put would overtake another.</summary>
    public bool HasPutters => !_putters.IsEmpty;

    /// <summary>How many wait for an item.</summary>
    public int GettersCount => _getters.Count;

    /// <summary>How many wait for room.</summary>
    public int PuttersCount => _putters.Count;

    /// <summary>Puts an item in, if there is room.</summary>
    /// <returns>Whether there was.</returns>
    /// <exception cref="QueueShutDownException">The queue was shut down.</exception>
    public bool TryPut(T item)
    {
        AddResult result = store.TryAdd(item);
        if (result is AddResult.Added)
        {
            if (!_getters.IsEmpty)
            {
                Match();
            }

            return true;
        }

        return result is AddResult.Full ? false : throw new QueueShutDownException();
    }

    /// <summary>Takes an item out, if there is one.</summary>
    /// <returns>Whether there was.</returns>
    /// <exception cref="QueueShutDownException">The queue was shut down and is empty.</exception>
    public bool TryGet([MaybeNullWhen(false)] out T item) =>
        TryGetUnlessDrained(out item, out bool isDrained) || (isDrained ? throw new QueueShutDownException() : false);

    /// <summary>As <see cref="TryGet"/>, but tells of a queue that was shut down and is empty without an exception.</summary>
    public bool TryGetUnlessDrained([MaybeNullWhen(false)] out T item, out bool isDrained)
    {
        if (store.TryTake(out item))
        {
            isDrained = false;
            if (!_putters.IsEmpty)
            {
                Match();
            }

            return true;
        }

        isDrained = store.IsDrained;
        return false;
    }

    /// <summary>Puts an item in, and waits for room.</summary>
    /// <exception cref="QueueFullException">The time was over first.</exception>
    public void Put(T item, Deadline deadline, CancellationToken token)
    {
        Spinner spinner = default;
        bool added = false;
        try
        {
            while (!added && spinner.Next())
            {
                added = TryPut(item);
            }
        }
        finally
        {
            spinner.End();
        }

        if (added)
        {
            return;
        }

        QueueWaiter<T> waiter = QueueWaiter<T>.OfThread();
        waiter.Item = item;
        Enlist(_putters, waiter);
        Await(waiter, isGet: false, deadline, token);
    }

    /// <summary>Takes an item out, and waits for one.</summary>
    /// <exception cref="QueueEmptyException">The time was over first.</exception>
    public T Get(Deadline deadline, CancellationToken token)
    {
        T? item = default;
        Spinner spinner = default;
        bool taken = false;
        try
        {
            while (!taken && spinner.Next())
            {
                taken = TryGet(out item);
            }
        }
        finally
        {
            spinner.End();
        }

        if (taken)
        {
            return item!;
        }

        QueueWaiter<T> waiter = QueueWaiter<T>.OfThread();
        Enlist(_getters, waiter);
        return Await(waiter, isGet: true, deadline, token)!;
    }

    /// <summary>As <see cref="Put"/>, for a task.</summary>
    public ValueTask PutAsync(T item, Deadline deadline, CancellationToken token)
    {
        QueueWaiter<T> waiter = QueueWaiter<T>.OfTask(this, isGet: false);
        ValueTask task = waiter.AsRoomTask();
        waiter.Item = item;
        Enlist(_putters, waiter);
        waiter.Arm(deadline, token);
        return task;
    }

    /// <summary>As <see cref="Get"/>, for a task.</summary>
    public ValueTask<T> GetAsync(Deadline deadline, CancellationToken token)
    {
        QueueWaiter<T> waiter = QueueWaiter<T>.OfTask(this, isGet: true);
        ValueTask<T> task = waiter.AsItemTask();
        Enlist(_getters, waiter);
        waiter.Arm(deadline, token);
        return task;
    }

    /// <summary>Lets a wait at several queues wait at this one too.</summary>
    public void Attend(QueueWaiter<T> waiter) => Enlist(_getters, waiter);

    /// <summary>Reports one item as done.</summary>
    /// <returns>False when there is none that is not.</returns>
    public bool TryFinish()
    {
        long done = Volatile.Read(ref _done);
        while (done < store.Added)
        {
            long seen = Interlocked.CompareExchange(ref _done, done + 1, done);
            if (seen == done)
            {
                if (!_joiners.IsEmpty)
                {
                    WakeJoiners();
                }

                return true;
            }

            done = seen;
        }

        return false;
    }

    /// <summary>Waits until all that was put in is done.</summary>
    /// <returns>Whether it was in time.</returns>
    public bool Join(Deadline deadline, CancellationToken token)
    {
        Waiter waiter = Waiter.OfThread();
        EnlistJoiner(waiter);
        WaitOutcome outcome = waiter.Wait(spins: true, deadline, token);
        if (outcome is WaitOutcome.Delivered)
        {
            return true;
        }

        Forget(waiter);
        return outcome is WaitOutcome.TimedOut ? false : throw new OperationCanceledException(token);
    }

    /// <summary>As <see cref="Join"/>, for a task.</summary>
    public ValueTask<bool> JoinAsync(Deadline deadline, CancellationToken token)
    {
        Waiter waiter = Waiter.OfTask(this);
        ValueTask<bool> task = waiter.AsTask();
        EnlistJoiner(waiter);
        waiter.Arm(deadline, token);
        return task;
    }

    /// <summary>Lets nothing more in, and ends the waits that can never succeed.</summary>
    /// <param name="immediate">Whether to throw away what is in.</param>
    public void ShutDown(bool immediate)
    {
        store.Close();
        while (immediate && store.TryTake(out _))
        {
            TryFinish();
        }

        Match();
        WakeJoiners();
    }

    private T? Await(QueueWaiter<T> waiter, bool isGet, Deadline deadline, CancellationToken token)
    {
        WaitOutcome outcome = waiter.Wait(spins: false, deadline, token);
        if (outcome is WaitOutcome.TimedOut or WaitOutcome.Canceled)
        {
            Forget(waiter);
        }

        return waiter.TakeResult(outcome, isGet, token);
    }

    private void Enlist(WaiterList list, QueueWaiter<T> waiter)
    {
        using (Guard.Enter())
        {
            list.Add(waiter);
        }

        SchedulePoint.Pass();
        Interlocked.MemoryBarrier();
        Match();
    }

    private void EnlistJoiner(Waiter waiter)
    {
        using (Guard.Enter())
        {
            _joiners.Add(waiter);
        }

        Interlocked.MemoryBarrier();
        WakeJoiners();
    }

    private void WakeJoiners()
    {
        WakeChain chain = default;
        using (Guard.Enter())
        {
            while (Unfinished == 0 && _joiners.TakeFirst() is { } waiter)
            {
                chain.Add(waiter, WaitOutcome.Delivered);
            }
        }

        chain.Wake();
    }

    /// <summary>Gives items to those who wait for them, and room to those who wait for room, in their order.</summary>
    private void Match()
    {
        WakeChain chain = default;
        using (Guard.Enter())
        {
            bool hasAdded;
            do
            {
                while (_getters.First is QueueWaiter<T> getter && TryServe(_getters, getter, ref chain, isGet: true))
                {
                }

                hasAdded = false;
                while (_putters.First is QueueWaiter<T> putter && TryServe(_putters, putter, ref chain, isGet: false))
                {
                    hasAdded = true;
                }
            }
            while (hasAdded && !_getters.IsEmpty);
        }

        chain.Wake();
    }

    // False when the waiter goes on waiting.
    private bool TryServe(WaiterList list, QueueWaiter<T> waiter, ref WakeChain chain, bool isGet)
    {
        QueueWaiter<T> chief = waiter.Chief;
        SpinWait spin = default;
        while (!chief.TryClaim())
        {
            if (!chief.IsOpen)
            {
                list.Remove(waiter);
                return true;
            }

            // Another queue looks whether it has something for it. It takes no second guard meanwhile, so that ends.
            spin.SpinOnce(sleep1Threshold: -1);
        }

        WaitOutcome outcome = isGet ? Deliver(waiter, chief) : Accept(chief);
        if (outcome is WaitOutcome.Waiting)
        {
            chief.Unclaim();
            return false;
        }

        list.Remove(waiter);
        chain.Add(chief, outcome);
        return true;
    }

    private WaitOutcome Deliver(QueueWaiter<T> waiter, QueueWaiter<T> chief)
    {
        try
        {
            if (store.TryTake(out T? item))
            {
                chief.Item = item;
                chief.Index = waiter.Index;
                return WaitOutcome.Delivered;
            }
        }
        catch (Exception error)
        {
            // An order of the program's making.
            chief.Error = error;
            return WaitOutcome.Refused;
        }

        return store.IsDrained ? WaitOutcome.Refused : WaitOutcome.Waiting;
    }

    private WaitOutcome Accept(QueueWaiter<T> chief)
    {
        try
        {
            return store.TryAdd(chief.Item!) switch
            {
                AddResult.Added => WaitOutcome.Delivered,
                AddResult.Full => WaitOutcome.Waiting,
                _ => WaitOutcome.Refused,
            };
        }
        catch (Exception error)
        {
            chief.Error = error;
            return WaitOutcome.Refused;
        }
    }
}
