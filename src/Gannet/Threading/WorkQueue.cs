using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Gannet.Threading;

/// <summary>
/// What the three kinds of queue have in common: items go from those who put them in to those who get them, each to exactly one, between
/// any number of threads and tasks. <see cref="BlockingQueue{T}"/>, <see cref="BlockingStack{T}"/> and
/// <see cref="BlockingPriorityQueue{T}"/> differ in the order.
/// </summary>
/// <remarks>
/// <para>A put or get that ends by its time or its token has moved nothing; if the item was handed over at the same moment, it succeeds
/// instead. Those who wait are served in the order in which they came; a thread that comes along while an item is there does
/// not queue behind those who are being woken.</para>
/// <para><see cref="Count"/>, <see cref="IsEmpty"/> and <see cref="IsFull"/> tell of a moment that may be over when they return. What was
/// written before an item was put in is seen by whoever gets it.</para>
/// </remarks>
/// <typeparam name="T">The items; null is one like any other.</typeparam>
public abstract class WorkQueue<T> : IAsyncEnumerable<T>
{
    private readonly QueueSite<T> _site;
    private volatile bool _isShutDown;

    private protected WorkQueue(ItemStore<T> store, int maxSize)
    {
        _site = new(store);
        MaxSize = Math.Max(0, maxSize);
    }

    /// <summary><c>queue.maxsize</c>: the most items that it holds; 0 for no limit.</summary>
    public int MaxSize { get; }

    /// <summary><c>queue.qsize()</c>: how many items there are, about.</summary>
    public int Count => _site.Store.Count;

    /// <summary><c>queue.empty()</c>: whether there is no item at the moment.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary><c>queue.full()</c>: whether there is no room at the moment; never without a limit.</summary>
    public bool IsFull => MaxSize > 0 && Count >= MaxSize;

    /// <summary><c>queue.is_shutdown</c>.</summary>
    public bool IsShutDown => _isShutDown;

    /// <summary><c>queue.unfinished_tasks</c>: how many items were put in and not yet reported by <see cref="TaskDone"/>.</summary>
    public long UnfinishedCount => _site.Unfinished;

    /// <summary><c>queue.put(item)</c>: puts an item in, and waits for room. The book says that it does not wait; Python's does.</summary>
    /// <param name="item">The item.</param>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile.</exception>
    public void Put(T item)
    {
        if (!_site.TryPut(item))
        {
            _site.Put(item, Deadline.Never, CancellationToken.None);
        }
    }

    /// <summary><c>queue.put(item, block)</c>.</summary>
    /// <param name="item">The item.</param>
    /// <param name="block">Whether to wait for room.</param>
    /// <exception cref="QueueFullException">There is no room, and it is not to wait.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down.</exception>
    public void Put(T item, bool block)
    {
        if (block)
        {
            Put(item);
        }
        else
        {
            PutNoWait(item);
        }
    }

    /// <summary><c>queue.put(item, timeout=…)</c>: waits for room for at most so long.</summary>
    /// <param name="item">The item.</param>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="QueueFullException">There was no room in time.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public void Put(T item, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        if (_site.TryPut(item))
        {
            return;
        }

        if (timeout == TimeSpan.Zero)
        {
            throw new QueueFullException();
        }

        _site.Put(item, deadline, cancellationToken);
    }

    /// <summary>As <see cref="Put(T)"/>, until a token is cancelled.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public void Put(T item, CancellationToken cancellationToken) => Put(item, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary><c>queue.put_nowait(item)</c>.</summary>
    /// <param name="item">The item.</param>
    /// <exception cref="QueueFullException">There is no room.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down.</exception>
    public void PutNoWait(T item)
    {
        if (!_site.TryPut(item))
        {
            throw new QueueFullException();
        }
    }

    /// <summary>As <see cref="PutNoWait"/>; a queue without room is no error.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Whether it was put in.</returns>
    /// <exception cref="QueueShutDownException">The queue was shut down.</exception>
    public bool TryPut(T item) => _site.TryPut(item);

    /// <summary>As <see cref="Put(T, TimeSpan, CancellationToken)"/>; a time that is over is no error.</summary>
    /// <param name="item">The item.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was put in in time.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool TryPut(T item, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        try
        {
            Put(item, timeout, cancellationToken);
            return true;
        }
        catch (QueueFullException)
        {
            return false;
        }
    }

    /// <summary>As <see cref="Put(T, TimeSpan, CancellationToken)"/>, for a task: no thread waits. What tasks put in keeps their order.</summary>
    /// <param name="item">The item.</param>
    /// <param name="timeout">How long; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that is complete once the item is in; to be awaited once.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="QueueFullException">There was no room in time.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask PutAsync(T item, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        try
        {
            if (!_site.HasPutters && _site.TryPut(item))
            {
                return ValueTask.CompletedTask;
            }
        }
        catch (QueueShutDownException error)
        {
            return ValueTask.FromException(error);
        }

        return timeout == TimeSpan.Zero ? ValueTask.FromException(new QueueFullException()) : _site.PutAsync(item, deadline, cancellationToken);
    }

    /// <summary>As <see cref="PutAsync(T, TimeSpan?, CancellationToken)"/>, without a time.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that is complete once the item is in; to be awaited once.</returns>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask PutAsync(T item, CancellationToken cancellationToken) => PutAsync(item, timeout: null, cancellationToken);

    /// <summary><c>queue.get()</c>: takes an item out, and waits for one. The book says that it does not wait; Python's does.</summary>
    /// <returns>The item.</returns>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile, and is empty.</exception>
    public T Get() => _site.TryGet(out T? item) ? item : _site.Get(Deadline.Never, CancellationToken.None);

    /// <summary><c>queue.get(block)</c>.</summary>
    /// <param name="block">Whether to wait for an item.</param>
    /// <returns>The item.</returns>
    /// <exception cref="QueueEmptyException">There is none, and it is not to wait.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down and is empty.</exception>
    public T Get(bool block) => block ? Get() : GetNoWait();

    /// <summary><c>queue.get(timeout=…)</c>: waits for an item for at most so long.</summary>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The item.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="QueueEmptyException">There was none in time.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile, and is empty.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public T Get(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        return _site.TryGet(out T? item) ? item
            : timeout == TimeSpan.Zero ? throw new QueueEmptyException()
            : _site.Get(deadline, cancellationToken);
    }

    /// <summary>As <see cref="Get()"/>, until a token is cancelled.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The item.</returns>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile, and is empty.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public T Get(CancellationToken cancellationToken) => Get(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary><c>queue.get_nowait()</c>.</summary>
    /// <returns>The item.</returns>
    /// <exception cref="QueueEmptyException">There is none.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down and is empty.</exception>
    public T GetNoWait() => _site.TryGet(out T? item) ? item : throw new QueueEmptyException();

    /// <summary>As <see cref="GetNoWait"/>; an empty queue is no error.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="QueueShutDownException">The queue was shut down and is empty.</exception>
    public bool TryGet([MaybeNullWhen(false)] out T item) => _site.TryGet(out item);

    /// <summary>As <see cref="Get(TimeSpan, CancellationToken)"/>; a time that is over is no error.</summary>
    /// <param name="item">The item.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there was one in time.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile, and is empty.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool TryGet([MaybeNullWhen(false)] out T item, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        try
        {
            item = Get(timeout, cancellationToken);
            return true;
        }
        catch (QueueEmptyException)
        {
            item = default;
            return false;
        }
    }

    /// <summary>As <see cref="Get(TimeSpan, CancellationToken)"/>, for a task: no thread waits. A cancelled task has taken nothing; the item
    /// goes to another.</summary>
    /// <param name="timeout">How long; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The item; to be awaited once.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="QueueEmptyException">There was none in time.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile, and is empty.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask<T> GetAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        try
        {
            if (!_site.HasGetters && _site.TryGet(out T? item))
            {
                return new(item);
            }
        }
        catch (QueueShutDownException error)
        {
            return ValueTask.FromException<T>(error);
        }

        return timeout == TimeSpan.Zero ? ValueTask.FromException<T>(new QueueEmptyException()) : _site.GetAsync(deadline, cancellationToken);
    }

    /// <summary>As <see cref="GetAsync(TimeSpan?, CancellationToken)"/>, without a time.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The item; to be awaited once.</returns>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile, and is empty.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken) => GetAsync(timeout: null, cancellationToken);

    /// <summary>Takes several items at once: waits for the first, and takes of the others what is there.</summary>
    /// <param name="items">Where they go; its length is the most that are taken.</param>
    /// <param name="timeout">How long to wait for the first; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were taken; 0 only for no room in <paramref name="items"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="QueueEmptyException">There was none in time.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile, and is empty.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public int GetBatch(Span<T> items, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        _ = Deadline.After(timeout);
        if (items.IsEmpty)
        {
            return 0;
        }

        items[0] = Get(timeout ?? Timeout.InfiniteTimeSpan, cancellationToken);
        return FillFrom(1, items);
    }

    /// <summary>As <see cref="GetBatch"/>, for a task.</summary>
    /// <param name="items">Where they go; its length is the most that are taken.</param>
    /// <param name="timeout">How long to wait for the first; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were taken; to be awaited once.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="QueueEmptyException">There was none in time.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or meanwhile, and is empty.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask<int> GetBatchAsync(Memory<T> items, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        _ = Deadline.After(timeout);
        return items.IsEmpty ? new(0) : FillAsync(items, timeout, cancellationToken);
    }

    /// <summary><c>queue.task_done()</c>: reports that the work on an item which was taken out is done.</summary>
    /// <exception cref="InvalidOperationException">"task_done() called too many times": more often than items were put in.</exception>
    public void TaskDone()
    {
        if (!_site.TryFinish())
        {
            throw new InvalidOperationException("task_done() called too many times");
        }
    }

    /// <summary><c>queue.join()</c>: waits until <see cref="TaskDone"/> was called for each item that was put in.</summary>
    public void Join() => Join(Timeout.InfiniteTimeSpan);

    /// <summary>As <see cref="Join()"/>, for at most so long; Python's has no such form.</summary>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether all was done in time.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool Join(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        return _site.Unfinished == 0 || (timeout != TimeSpan.Zero && _site.Join(deadline, cancellationToken));
    }

    /// <summary>As <see cref="Join(TimeSpan, CancellationToken)"/>, for a task.</summary>
    /// <param name="timeout">How long; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether all was done in time; to be awaited once.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask<bool> JoinAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken)
            : _site.Unfinished == 0 ? new(true)
            : timeout == TimeSpan.Zero ? new(false)
            : _site.JoinAsync(deadline, cancellationToken);
    }

    /// <summary><c>queue.shutdown(immediate)</c>: refuses all further puts, those that wait included. Gets go on until the queue is empty,
    /// and are then refused. A second call may be the immediate one.</summary>
    /// <param name="immediate">Whether to throw away what is in the queue; each such item counts as done, so that
    /// <see cref="Join()"/> waits only for what was taken out.</param>
    public void ShutDown(bool immediate = false)
    {
        _isShutDown = true;
        _site.ShutDown(immediate);
    }

    /// <summary>The items as they come, taken out one by one, until the queue is shut down and empty. Several loops share them.</summary>
    /// <param name="cancellationToken">Ends the wait for the next one.</param>
    /// <returns>The items.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IEnumerable<T> GetConsumingEnumerable(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            T item;
            try
            {
                item = Get(cancellationToken);
            }
            catch (QueueShutDownException)
            {
                yield break;
            }

            yield return item;
        }
    }

    /// <summary>As <see cref="GetConsumingEnumerable"/>, for <c>await foreach</c>.</summary>
    /// <param name="cancellationToken">Ends the wait for the next one.</param>
    /// <returns>The items.</returns>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            T item;
            try
            {
                item = await GetAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (QueueShutDownException)
            {
                yield break;
            }

            yield return item;
        }
    }

    /// <summary>The kind, the number of items and the limit.</summary>
    public override string ToString() => $"{GetType().Name} ({Count}{(MaxSize > 0 ? $"/{MaxSize}" : "")}{(IsShutDown ? ", shut down" : "")})";

    /// <summary>What waits at this queue.</summary>
    internal QueueSite<T> Site => _site;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FillAsync(Memory<T> items, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        T first = await GetAsync(timeout, cancellationToken).ConfigureAwait(false);
        items.Span[0] = first;
        return FillFrom(1, items.Span);
    }

    private int FillFrom(int taken, Span<T> items)
    {
        try
        {
            while (taken < items.Length && _site.TryGet(out T? item))
            {
                items[taken++] = item;
            }
        }
        catch (QueueShutDownException)
        {
            // The next call is told.
        }

        return taken;
    }
}
