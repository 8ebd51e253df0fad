using System.Diagnostics.CodeAnalysis;

namespace Gannet.Threading;

/// <summary>First in, first out, with a limit.</summary>
internal sealed class BoundedStore<T>(int capacity) : ItemStore<T>
{
    private readonly Ring<T> _ring = new(capacity);

    public override int Count => _ring.Count;

    public override long Added => _ring.Added;

    public override bool IsDrained => _ring.IsDrained;

    public override AddResult TryAdd(T item) => _ring.TryAdd(item);

    public override bool TryTake([MaybeNullWhen(false)] out T item) => _ring.TryTake(out item);

    public override void Close() => _ring.Close();
}
