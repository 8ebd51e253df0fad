namespace Gannet.Threading;

/// <summary>The calling thread's number, kept where it costs one load; the runtime's own property is a call.</summary>
internal static class CurrentThread
{
    [ThreadStatic]
    private static int t_id;

    /// <summary><see cref="Environment.CurrentManagedThreadId"/>.</summary>
    public static int Id => t_id is var id and not 0 ? id : t_id = Environment.CurrentManagedThreadId;
}
