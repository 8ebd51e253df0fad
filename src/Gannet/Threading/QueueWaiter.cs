using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Gannet.Threading;

/// <summary>A wait for an item, or for room for one.</summary>
internal sealed class QueueWaiter<T> : Waiter, IValueTaskSource<T>, IValueTaskSource
{
    private const int PoolSize = 64;

    [ThreadStatic]
    private static QueueWaiter<T>? t_own;

    private static readonly Ring<QueueWaiter<T>> s_pool = new(PoolSize);

    private readonly bool _isPooled;
    private bool _isGet;

    private QueueWaiter(bool ofThread, bool isPooled = false)
        : base(ofThread)
    {
        Chief = this;
        _isPooled = isPooled;
    }

    /// <summary>A stand-in for a wait at several queues, in the list of one of them.</summary>
    /// <param name="chief">The wait itself.</param>
    /// <param name="index">Which of the queues.</param>
    public QueueWaiter(QueueWaiter<T> chief, int index)
        : base(ofThread: false)
    {
        Chief = chief;
        Index = index;
    }

    /// <summary>The wait that a delivery ends: this one, or the one it stands in for.</summary>
    public QueueWaiter<T> Chief { get; }

    /// <summary>Which of several queues delivered.</summary>
    public int Index { get; set; }

    /// <summary>The item that was delivered, or is to be put in.</summary>
    public T? Item { get; set; }

    /// <summary>The calling thread's waiter, for a new wait.</summary>
    public static new QueueWaiter<T> OfThread()
    {
        QueueWaiter<T> own = t_own ??= new(ofThread: true);
        own.Renew();
        return own;
    }

    /// <summary>A waiter for a new wait of a task.</summary>
    /// <param name="site">Where it waits.</param>
    /// <param name="isGet">Whether it waits for an item.</param>
    public static QueueWaiter<T> OfTask(WaitSite site, bool isGet)
    {
        QueueWaiter<T> waiter = s_pool.TryTake(out QueueWaiter<T>? pooled) ? pooled : new(ofThread: false, isPooled: true);
        waiter.Site = site;
        waiter._isGet = isGet;
        waiter.Renew();
        return waiter;
    }

    /// <summary>A waiter for a task's wait at several queues, which stays itself after the end.</summary>
    public static QueueWaiter<T> OfSelectingTask() => new(ofThread: false) { _isGet = true };

    /// <summary>The task of a wait for an item.</summary>
    public ValueTask<T> AsItemTask() => new((IValueTaskSource<T>)this, Version);

    /// <summary>The task of a wait for room.</summary>
    public ValueTask AsRoomTask() => new(this, Version);

    /// <summary>What went wrong with the item, instead of a delivery.</summary>
    public Exception? Error { get; set; }

    /// <summary>The end of a thread's wait: the item, or the exception that tells why there is none.</summary>
    public T? TakeResult(WaitOutcome outcome, bool isGet, CancellationToken token)
    {
        T? item = Item;
        Exception? error = Error;
        Item = default;
        Error = null;
        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return outcome switch
        {
            WaitOutcome.Delivered => item,
            WaitOutcome.Canceled => throw new OperationCanceledException(token),
            WaitOutcome.Refused => throw new QueueShutDownException(),
            _ => throw (isGet ? new QueueEmptyException() : new QueueFullException()),
        };
    }

    T IValueTaskSource<T>.GetResult(short token) => End(token)!;

    void IValueTaskSource.GetResult(short token) => End(token);

    private protected override ValueTaskSourceStatus StatusOf(WaitOutcome outcome) => outcome switch
    {
        WaitOutcome.Delivered => ValueTaskSourceStatus.Succeeded,
        WaitOutcome.Canceled => ValueTaskSourceStatus.Canceled,
        _ => ValueTaskSourceStatus.Faulted,
    };

    private protected override void Return()
    {
        if (_isPooled)
        {
            s_pool.TryAdd(this);
        }
    }

    private T? End(short token)
    {
        (WaitOutcome outcome, CancellationToken canceled) = EndTask(token);
        try
        {
            return TakeResult(outcome, _isGet, canceled);
        }
        finally
        {
            Return();
        }
    }
}
