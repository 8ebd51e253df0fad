using System.Diagnostics.CodeAnalysis;
using Gannet.Interop;

namespace Gannet.Threading;

/// <summary>
/// First in, first out, without a limit: a chain of rings. One that is full is closed and followed by a larger one; once it is empty, those
/// who take go over to the next.
/// </summary>
internal sealed class UnboundedStore<T> : ItemStore<T>
{
    private const int FirstCapacity = 32;
    private const int LargestCapacity = 1 << 16;

    private readonly LivingLock _guard = new();
    private Ring<T> _head;
    private Ring<T> _tail;
    private volatile bool _isClosed;

    public UnboundedStore()
    {
        _head = new(FirstCapacity);
        _tail = _head;
    }

    public override int Count
    {
        get
        {
            long count = 0;
            for (Ring<T>? ring = Volatile.Read(ref _head); ring is not null; ring = ring.Next)
            {
                count += ring.Count;
            }

            return (int)Math.Min(int.MaxValue, count);
        }
    }

    public override long Added => Volatile.Read(ref _tail).Added;

    public override bool IsDrained
    {
        get
        {
            // Closed first: the last ring is then the last for good.
            return _isClosed && Volatile.Read(ref _head) is { Next: null, IsDrained: true };
        }
    }

    public override AddResult TryAdd(T item)
    {
        SpinWait spin = default;
        while (true)
        {
            Ring<T> ring = Volatile.Read(ref _tail);
            AddResult result = ring.TryAdd(item);
            if (result is AddResult.Added || (result is AddResult.Closed && _isClosed && Volatile.Read(ref _tail) == ring))
            {
                return result;
            }

            if (result is AddResult.Full)
            {
                Grow(ring);
            }
            else
            {
                // Its successor comes in a moment.
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    public override bool TryTake([MaybeNullWhen(false)] out T item)
    {
        while (true)
        {
            Ring<T> ring = Volatile.Read(ref _head);
            if (ring.TryTake(out item))
            {
                return true;
            }

            if (ring.Next is not { } next)
            {
                return false;
            }

            // It was closed before it had a next one, so what is drained now stays so.
            if (ring.IsDrained)
            {
                Interlocked.CompareExchange(ref _head, next, ring);
            }
        }
    }

    public override void Close()
    {
        using (_guard.Enter())
        {
            _isClosed = true;
            _tail.Close();
        }
    }

    private void Grow(Ring<T> full)
    {
        using (_guard.Enter())
        {
            if (_tail == full && !_isClosed)
            {
                // Made before the other is closed: if there is no memory for it, the queue stays as it was.
                Ring<T> next = new(Math.Min(LargestCapacity, 2 * full.Capacity));
                full.Close();
                next.StartAt(full.Added);
                full.Next = next;
                Volatile.Write(ref _tail, next);
            }
        }
    }
}
