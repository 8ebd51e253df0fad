using System.Collections.Concurrent;
using System.Diagnostics;
using Gannet.Threading;

namespace Gannet.Tests.Threading;

/// <summary>Threads that run the same code at once. Disposing waits for them, and passes on what went wrong in them.</summary>
internal sealed class Crew : IDisposable
{
    /// <summary>Longer than anything here takes on the slowest machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Long enough that what is to be seen in it is seen, if the machine lets it.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly List<Thread> _threads = [];
    private readonly ConcurrentQueue<Exception> _errors = new();
    private int _ended;

    private Crew(int count, Action work)
    {
        for (int i = 0; i < count; i++)
        {
            Thread thread = new(() => Work(work)) { IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>How many have ended.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public static Crew Of(int count, Action work) => new(count, work);

    /// <summary>One thread, waited for.</summary>
    public static T Elsewhere<T>(Func<T> work)
    {
        T result = default!;
        using (Of(1, () => result = work()))
        {
        }

        return result;
    }

    /// <summary>Waits until something is so.</summary>
    public static void Await(Func<bool> condition)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Patience, "What was awaited did not come.");
            Thread.Sleep(1);
        }
    }

    /// <summary>Asserts that something stays so for a moment.</summary>
    public static void Stays(Func<bool> condition)
    {
        Stopwatch clock = Stopwatch.StartNew();
        do
        {
            Assert.True(condition());
            Thread.Sleep(1);
        }
        while (clock.Elapsed < Moment);
    }

    /// <summary>How many wait for a lock or a semaphore.</summary>
    public static void AwaitWaiting(Func<int> count, int expected) => Await(() => count() == expected);

    public void Dispose()
    {
        foreach (Thread thread in _threads)
        {
            Assert.True(thread.Join(Patience), "A thread did not end.");
        }

        if (_errors.TryDequeue(out Exception? error))
        {
            throw new InvalidOperationException("A thread failed.", error);
        }
    }

    private void Work(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error)
        {
            _errors.Enqueue(error);
        }
        finally
        {
            Interlocked.Increment(ref _ended);
        }
    }
}
