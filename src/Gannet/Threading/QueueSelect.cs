namespace Gannet.Threading;

/// <summary>Gets from whichever of several queues has an item first. Python's queues have nothing like it.</summary>
/// <remarks>
/// Of several queues with items the first in the list is taken: the order is a priority. Exactly one item is taken. A queue that was shut
/// down and is empty is passed over; when all are, the call is refused.
/// </remarks>
public static class QueueSelect
{
    /// <summary>Waits for an item of any of the queues.</summary>
    /// <param name="queues">The queues; at least one.</param>
    /// <typeparam name="T">The items.</typeparam>
    /// <returns>Which queue it was, and the item.</returns>
    /// <exception cref="ArgumentException">No queue.</exception>
    /// <exception cref="QueueShutDownException">All were shut down and are empty.</exception>
    public static (int Index, T Item) Get<T>(params IReadOnlyList<WorkQueue<T>> queues) => Get(queues, Timeout.InfiniteTimeSpan);

    /// <summary>As <see cref="Get{T}(IReadOnlyList{WorkQueue{T}})"/>, for at most so long.</summary>
    /// <param name="queues">The queues; at least one.</param>
    /// <param name="timeout">How long; zero does not wait, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <typeparam name="T">The items.</typeparam>
    /// <returns>Which queue it was, and the item.</returns>
    /// <exception cref="ArgumentException">No queue, or a negative time.</exception>
    /// <exception cref="QueueEmptyException">There was none in time.</exception>
    /// <exception cref="QueueShutDownException">All were shut down and are empty.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static (int Index, T Item) Get<T>(
        IReadOnlyList<WorkQueue<T>> queues, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Check(queues);
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            if (TryGet(queues, out (int, T) found))
            {
                return found;
            }

            if (timeout == TimeSpan.Zero)
            {
                throw new QueueEmptyException();
            }

            QueueWaiter<T> waiter = QueueWaiter<T>.OfThread();
            QueueWaiter<T>[] entries = Attend(queues, waiter);
            WaitOutcome outcome = waiter.Wait(spins: true, deadline, cancellationToken);
            Leave(queues, entries);
            if (outcome is WaitOutcome.Refused && waiter.Error is null)
            {
                // One of them has come to its end; the others go on.
                continue;
            }

            T item = waiter.TakeResult(outcome, isGet: true, cancellationToken)!;
            return (waiter.Index, item);
        }
    }

    /// <summary>As <see cref="Get{T}(IReadOnlyList{WorkQueue{T}}, TimeSpan, CancellationToken)"/>, for a task.</summary>
    /// <param name="queues">The queues; at least one.</param>
    /// <param name="timeout">How long; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <typeparam name="T">The items.</typeparam>
    /// <returns>Which queue it was, and the item.</returns>
    /// <exception cref="ArgumentException">No queue, or a negative time.</exception>
    /// <exception cref="QueueEmptyException">There was none in time.</exception>
    /// <exception cref="QueueShutDownException">All were shut down and are empty.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static Task<(int Index, T Item)> GetAsync<T>(
        IReadOnlyList<WorkQueue<T>> queues, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        Check(queues);
        Deadline deadline = Deadline.After(timeout);
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<(int, T)>(cancellationToken)
            : GetAsync(queues, deadline, timeout == TimeSpan.Zero, cancellationToken);
    }

    private static async Task<(int Index, T Item)> GetAsync<T>(
        IReadOnlyList<WorkQueue<T>> queues, Deadline deadline, bool isImmediate, CancellationToken token)
    {
        while (true)
        {
            if (TryGet(queues, out (int, T) found))
            {
                return found;
            }

            if (isImmediate)
            {
                throw new QueueEmptyException();
            }

            QueueWaiter<T> waiter = QueueWaiter<T>.OfSelectingTask();
            ValueTask<T> task = waiter.AsItemTask();
            QueueWaiter<T>[] entries = Attend(queues, waiter);
            waiter.Arm(deadline, token);
            try
            {
                T item = await task.ConfigureAwait(false);
                return (waiter.Index, item);
            }
            catch (QueueShutDownException)
            {
                // One of them has come to its end; the others go on.
            }
            finally
            {
                Leave(queues, entries);
            }
        }
    }

    private static void Check<T>(IReadOnlyList<WorkQueue<T>> queues)
    {
        ArgumentNullException.ThrowIfNull(queues);
        if (queues.Count == 0 || queues.Contains(null!))
        {
            throw new ArgumentException("At least one queue is needed, and none may be null.", nameof(queues));
        }
    }

    private static bool TryGet<T>(IReadOnlyList<WorkQueue<T>> queues, out (int Index, T Item) found)
    {
        int drained = 0;
        for (int i = 0; i < queues.Count; i++)
        {
            if (queues[i].Site.TryGetUnlessDrained(out T? item, out bool isDrained))
            {
                found = (i, item);
                return true;
            }

            drained += isDrained ? 1 : 0;
        }

        found = default;
        return drained < queues.Count ? false : throw new QueueShutDownException();
    }

    // A stand-in in the list of each queue that may still have something to give.
    private static QueueWaiter<T>[] Attend<T>(IReadOnlyList<WorkQueue<T>> queues, QueueWaiter<T> waiter)
    {
        QueueWaiter<T>[] entries = new QueueWaiter<T>[queues.Count];
        bool attends = false;
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = new(waiter, i);

            // When all have come to their end by now, the last one must tell: nobody else would wake it.
            bool isLastHope = !attends && i == entries.Length - 1;
            if (waiter.IsOpen && (isLastHope || !queues[i].Site.Store.IsDrained))
            {
                attends = true;
                queues[i].Site.Attend(entries[i]);
            }
        }

        return entries;
    }

    private static void Leave<T>(IReadOnlyList<WorkQueue<T>> queues, QueueWaiter<T>[] entries)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            queues[i].Site.Forget(entries[i]);
        }
    }
}
