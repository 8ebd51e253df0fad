namespace Gannet.Threading;

/// <summary>Those who wait, the longest waiting first. Every member but <see cref="Count"/> needs the guard of its site.</summary>
internal sealed class WaiterList
{
    private volatile int _count;

    /// <summary>How many they are; may be read by anybody.</summary>
    public int Count => _count;

    /// <summary>Whether nobody waits; may be read by anybody.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>The one who has waited longest.</summary>
    public Waiter? First { get; private set; }

    private Waiter? Last { get; set; }

    /// <summary>Puts a waiter at the end.</summary>
    public void Add(Waiter waiter) => Insert(waiter, previous: Last, next: null);

    /// <summary>Puts a waiter back before all others.</summary>
    public void AddFirst(Waiter waiter) => Insert(waiter, previous: null, next: First);

    /// <summary>Takes a waiter out; one who stands in no list any more, or in another, is left alone.</summary>
    public void Remove(Waiter waiter)
    {
        if (waiter.List != this)
        {
            return;
        }

        if (waiter.Previous is null)
        {
            First = waiter.Next;
        }
        else
        {
            waiter.Previous.Next = waiter.Next;
        }

        if (waiter.Next is null)
        {
            Last = waiter.Previous;
        }
        else
        {
            waiter.Next.Previous = waiter.Previous;
        }

        waiter.List = null;
        waiter.Previous = null;
        waiter.Next = null;
        _count--;
    }

    /// <summary>Takes out and claims the longest waiting one who has not given up; null when there is none.</summary>
    public Waiter? TakeFirst()
    {
        while (First is { } waiter)
        {
            Remove(waiter);
            if (waiter.TryClaim())
            {
                return waiter;
            }
        }

        return null;
    }

    private void Insert(Waiter waiter, Waiter? previous, Waiter? next)
    {
        (waiter.List, waiter.Previous, waiter.Next) = (this, previous, next);
        if (previous is null)
        {
            First = waiter;
        }
        else
        {
            previous.Next = waiter;
        }

        if (next is null)
        {
            Last = waiter;
        }
        else
        {
            next.Previous = waiter;
        }

        _count++;
    }
}
