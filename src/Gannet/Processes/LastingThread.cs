using System.Collections.Concurrent;
using Gannet.Interop;

namespace Gannet;

/// <summary>A thread that lives as long as the process, for calls whose effect ends with the thread that made them.</summary>
internal static class LastingThread
{
    private static readonly LivingLock s_lock = AtFork.NewRoomLock(EndInChild);
    private static BlockingCollection<Task>? s_work;

    /// <summary>Runs <paramref name="work"/> there, and gives its result or its exception.</summary>
    public static T Run<T>(Func<T> work)
    {
        Task<T> task = new(work);
        using (s_lock.Enter())
        {
            // Not kept by a Lazy, which would keep a failure for ever.
            s_work ??= Start();
        }

        s_work.Add(task);
        return task.GetAwaiter().GetResult();
    }

    // The thread is the parent's.
    private static void EndInChild() => s_work = null;

    private static BlockingCollection<Task> Start()
    {
        BlockingCollection<Task> work = [];
        new Thread(() => RunAll(work)) { IsBackground = true, Name = "Gannet children" }.UnsafeStart();
        return work;
    }

    private static void RunAll(BlockingCollection<Task> work)
    {
        foreach (Task task in work.GetConsumingEnumerable())
        {
            task.RunSynchronously(TaskScheduler.Default);
        }
    }
}
