namespace Gannet.Threading;

/// <summary><c>queue.LifoQueue</c>: last in, first out.</summary>
/// <typeparam name="T">The items; null is one like any other.</typeparam>
public sealed class BlockingStack<T> : WorkQueue<T>
{
    /// <summary>Makes an empty one.</summary>
    /// <param name="maxSize">The most items that it holds; zero or less for no limit.</param>
    public BlockingStack(int maxSize = 0)
        : base(new StackStore(maxSize > 0 ? maxSize : int.MaxValue), maxSize)
    {
    }

    private sealed class StackStore(int capacity) : OrderedStore<T>(capacity)
    {
        private readonly Stack<T> _items = new();

        protected override int Size => _items.Count;

        protected override void Push(T item, long number) => _items.Push(item);

        protected override T Pop() => _items.Pop();
    }
}
