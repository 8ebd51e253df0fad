namespace Gannet.Tool.Prompt;

/// <summary>What a session has declared with <c>using</c> at the top: its variables live as long as the session, and are disposed at the end.</summary>
internal sealed class UsedResources
{
    private readonly Lock _lock = new();
    private readonly Stack<Action> _disposals = new();

    public void Add(IDisposable? resource)
    {
        if (resource is not null)
        {
            Add(resource.Dispose);
        }
    }

    public void Add(IAsyncDisposable? resource)
    {
        if (resource is not null)
        {
            Add(() => resource.DisposeAsync().AsTask().GetAwaiter().GetResult());
        }
    }

    /// <summary>Takes what disposes the youngest of them; false when none is left.</summary>
    public bool TryTake(out Action? dispose)
    {
        lock (_lock)
        {
            return _disposals.TryPop(out dispose);
        }
    }

    // An input may be run by another thread, behind an await.
    private void Add(Action dispose)
    {
        lock (_lock)
        {
            _disposals.Push(dispose);
        }
    }
}
