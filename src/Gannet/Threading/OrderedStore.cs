using System.Diagnostics.CodeAnalysis;
using Gannet.Interop;

namespace Gannet.Threading;

/// <summary>A store whose order needs a lock: that of a stack, or of priorities.</summary>
internal abstract class OrderedStore<T>(int capacity) : ItemStore<T>
{
    private readonly LivingLock _guard = new();
    private long _added;
    private bool _isClosed;

    public override int Count
    {
        get
        {
            using (_guard.Enter())
            {
                return Size;
            }
        }
    }

    public override long Added => Volatile.Read(ref _added);

    public override bool IsDrained
    {
        get
        {
            using (_guard.Enter())
            {
                return _isClosed && Size == 0;
            }
        }
    }

    /// <summary>How many items there are; under the guard, like all that follows.</summary>
    protected abstract int Size { get; }

    public override AddResult TryAdd(T item)
    {
        using (_guard.Enter())
        {
            if (_isClosed)
            {
                return AddResult.Closed;
            }

            if (Size >= capacity)
            {
                return AddResult.Full;
            }

            Push(item, _added);
            Volatile.Write(ref _added, _added + 1);
            return AddResult.Added;
        }
    }

    public override bool TryTake([MaybeNullWhen(false)] out T item)
    {
        using (_guard.Enter())
        {
            if (Size == 0)
            {
                item = default;
                return false;
            }

            item = Pop();
            return true;
        }
    }

    public override void Close()
    {
        using (_guard.Enter())
        {
            _isClosed = true;
        }
    }

    /// <summary>Puts an item in.</summary>
    /// <param name="item">The item.</param>
    /// <param name="number">How many went in before it.</param>
    protected abstract void Push(T item, long number);

    /// <summary>Takes the next item out.</summary>
    protected abstract T Pop();
}
