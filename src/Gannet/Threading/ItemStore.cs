using System.Diagnostics.CodeAnalysis;

namespace Gannet.Threading;

/// <summary>What a queue keeps its items in. Safe for any number of threads; nothing here waits.</summary>
internal abstract class ItemStore<T>
{
    /// <summary>How many items there are; approximate while others are at work.</summary>
    public abstract int Count { get; }

    /// <summary>How many have ever gone in.</summary>
    public abstract long Added { get; }

    /// <summary>Whether it is closed and empty: nothing will ever come out again.</summary>
    public abstract bool IsDrained { get; }

    /// <summary>Puts an item in.</summary>
    public abstract AddResult TryAdd(T item);

    /// <summary>Takes an item out.</summary>
    public abstract bool TryTake([MaybeNullWhen(false)] out T item);

    /// <summary>Lets nothing more in.</summary>
    public abstract void Close();
}
