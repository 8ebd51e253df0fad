namespace Gannet.Threading;

/// <summary>
/// <c>queue.PriorityQueue</c>: the least item first. Of equal ones the first in is the first out, which Python does not promise.
/// </summary>
/// <typeparam name="T">The items: their order is their priority. Pairs of a priority and a content compare as Python's do, when they
/// are tuples.</typeparam>
public sealed class BlockingPriorityQueue<T> : WorkQueue<T>
{
    /// <summary>Makes an empty one.</summary>
    /// <param name="maxSize">The most items that it holds; zero or less for no limit.</param>
    /// <param name="comparer">The order; null for the items' own. It is called with a lock of the queue held, while
    /// others may spin until it returns: it must not use this queue, nor wait at any other.</param>
    public BlockingPriorityQueue(int maxSize = 0, IComparer<T>? comparer = null)
        : base(new HeapStore(maxSize > 0 ? maxSize : int.MaxValue, comparer ?? Comparer<T>.Default), maxSize)
    {
    }

    // A heap that compares before it moves anything: an order that throws leaves it as it was.
    private sealed class HeapStore(int capacity, IComparer<T> comparer) : OrderedStore<T>(capacity)
    {
        private readonly List<(T Item, long Number)> _heap = [];

        protected override int Size => _heap.Count;

        protected override void Push(T item, long number)
        {
            (T, long) entry = (item, number);
            int target = _heap.Count;
            while (target > 0 && IsBefore(entry, _heap[Parent(target)]))
            {
                target = Parent(target);
            }

            _heap.Add(entry);
            for (int at = _heap.Count - 1; at != target; at = Parent(at))
            {
                _heap[at] = _heap[Parent(at)];
            }

            _heap[target] = entry;
        }

        protected override T Pop()
        {
            (T Item, long Number) least = _heap[0];
            Sink(_heap[^1], _heap.Count - 1);
            _heap.RemoveAt(_heap.Count - 1);
            return least.Item;
        }

        // From the root down the smaller child moves up, until the entry fits.
        private void Sink((T Item, long Number) entry, int size)
        {
            Span<int> path = stackalloc int[sizeof(int) * 8];
            int depth = 0;
            for (int at = 0; SmallerChild(at, size) is > 0 and int child && IsBefore(_heap[child], entry); at = child)
            {
                path[depth++] = child;
            }

            int hole = 0;
            foreach (int child in path[..depth])
            {
                _heap[hole] = _heap[child];
                hole = child;
            }

            _heap[hole] = entry;
        }

        // 0, which is nobody's child, when there is none.
        private int SmallerChild(int at, int size)
        {
            int left = (2 * at) + 1;
            return left >= size ? 0 : left + 1 < size && IsBefore(_heap[left + 1], _heap[left]) ? left + 1 : left;
        }

        private static int Parent(int at) => (at - 1) / 2;

        private bool IsBefore((T Item, long Number) left, (T Item, long Number) right)
        {
            int order = comparer.Compare(left.Item, right.Item);
            return order < 0 || (order == 0 && left.Number < right.Number);
        }
    }
}
