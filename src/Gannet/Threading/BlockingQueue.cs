namespace Gannet.Threading;

/// <summary><c>queue.Queue</c>: first in, first out.</summary>
/// <typeparam name="T">The items; null is one like any other.</typeparam>
public sealed class BlockingQueue<T> : WorkQueue<T>
{
    /// <summary>Makes an empty one.</summary>
    /// <param name="maxSize">The most items that it holds; zero or less for no limit.</param>
    public BlockingQueue(int maxSize = 0)
        : base(maxSize > 0 ? new BoundedStore<T>(maxSize) : new UnboundedStore<T>(), maxSize)
    {
    }
}
