using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gannet.Threading;

/// <summary>
/// A bounded queue without locks for any number of threads. Each slot carries a number that says whose turn it is there: that of the
/// position which may be filled, or one more once it is filled and may be emptied. A position is taken by one compare-and-swap.
/// </summary>
/// <remarks>
/// The two ends, which different threads write, lie on lines of their own. Closing sets a bit of the end at which items go in: a
/// compare-and-swap that comes later fails, so nothing goes in after a look that found the ring closed and empty. The last write of
/// each operation is a full fence: whoever has put in or taken out looks next whether somebody waits for that.
/// </remarks>
internal sealed class Ring<T>
{
    private const long ClosedBit = long.MinValue;

    private readonly Slot[] _slots;
    private readonly long _capacity;
    private readonly long _mask;
    private RingEnds _ends;

    /// <summary>Makes an empty one.</summary>
    /// <param name="capacity">The most items that it holds.</param>
    public Ring(int capacity)
    {
        // With one slot, "filled" and "free again" would be the same number.
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, capacity));
        _capacity = capacity;
        _mask = size - 1;
        _slots = new Slot[size];
        StartAt(0);
    }

    /// <summary>The ring that follows when this one is closed because it was too small.</summary>
    public Ring<T>? Next { get; set; }

    /// <summary>The most items that it holds.</summary>
    public int Capacity => (int)_capacity;

    /// <summary>The number of the position that the next item will have: how many have gone in, counted from the start.</summary>
    public long Added => Volatile.Read(ref _ends.Tail) & ~ClosedBit;

    /// <summary>How many items there are, about.</summary>
    public int Count => (int)Math.Clamp(Added - Volatile.Read(ref _ends.Head), 0, _capacity);

    /// <summary>Whether nothing is in and nothing will come.</summary>
    public bool IsDrained => Volatile.Read(ref _ends.Tail) is < 0 and long tail && (tail & ~ClosedBit) == Volatile.Read(ref _ends.Head);

    /// <summary>Numbers the positions of an empty one that nobody else has yet.</summary>
    /// <param name="start">The number of the first.</param>
    public void StartAt(long start)
    {
        for (long position = start; position < start + _slots.Length; position++)
        {
            _slots[position & _mask].Turn = position;
        }

        _ends.Head = start;
        _ends.KnownHead = start;
        _ends.Tail = start;
    }

    /// <summary>Lets nothing more in.</summary>
    public void Close() => Interlocked.Or(ref _ends.Tail, ClosedBit);

    /// <summary>Puts an item in.</summary>
    public AddResult TryAdd(T item)
    {
        SpinWait spin = default;
        while (true)
        {
            long tail = Volatile.Read(ref _ends.Tail);
            if (tail < 0)
            {
                return AddResult.Closed;
            }

            if (tail - Volatile.Read(ref _ends.KnownHead) >= _capacity && !LooksFree(tail))
            {
                if (Volatile.Read(ref _ends.Tail) == tail)
                {
                    return AddResult.Full;
                }

                continue;
            }

            ref Slot slot = ref SlotAt(tail);
            long turn = Volatile.Read(ref slot.Turn);
            if (turn == tail)
            {
                if (Interlocked.CompareExchange(ref _ends.Tail, tail + 1, tail) == tail)
                {
                    SchedulePoint.Pass();
                    slot.Item = item;
                    Interlocked.Exchange(ref slot.Turn, tail + 1);
                    SchedulePoint.Pass();
                    return AddResult.Added;
                }
            }
            else if (turn < tail)
            {
                // It is being emptied.
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    /// <summary>Takes the oldest item out.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        SpinWait spin = default;
        while (true)
        {
            long head = Volatile.Read(ref _ends.Head);
            ref Slot slot = ref SlotAt(head);
            long turn = Volatile.Read(ref slot.Turn);
            if (turn == head + 1)
            {
                if (Interlocked.CompareExchange(ref _ends.Head, head + 1, head) == head)
                {
                    SchedulePoint.Pass();
                    item = slot.Item;
                    if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
                    {
                        slot.Item = default!;
                    }

                    Interlocked.Exchange(ref slot.Turn, head + _mask + 1);
                    SchedulePoint.Pass();
                    return true;
                }
            }
            else if (turn <= head)
            {
                if ((Volatile.Read(ref _ends.Tail) & ~ClosedBit) == head)
                {
                    item = default;
                    return false;
                }

                // It is being filled; a later one may be in already, and must not be passed over as if there were none.
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    private ref Slot SlotAt(long position) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), (nint)(position & _mask));

    // What is known of the other end is looked up only when it seems full, since that line belongs to other threads.
    private bool LooksFree(long tail)
    {
        long head = Volatile.Read(ref _ends.Head);
        Volatile.Write(ref _ends.KnownHead, head);
        return tail - head < _capacity;
    }

    private struct Slot
    {
        public long Turn;
        public T Item;
    }
}
