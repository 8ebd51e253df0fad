using Gannet.Threading;

namespace Gannet.Benchmarks.Threading;

/// <summary>Locks that nobody else wants, that eight threads want, and two threads that take turns.</summary>
internal sealed class LockComparison : Comparison
{
    private const int Rounds = 9;
    private const int FreeOperations = 5_000_000;
    private const int ContendedOperations = 2_000_000;
    private const int Turns = 20_000;
    private const int Threads = 8;

    private static readonly SemaphoreSlim s_slim = new(1);

    private readonly PrimitiveLock _primitive = new();
    private readonly ReentrantLock _reentrant = new();
    private readonly CountingSemaphore _semaphore = new();
    private readonly object _monitor = new();
    private readonly Lock _lock = new();
    private int _word;
    private int _counter;
    private int _turn;

    public override string Name => "locks";

    public override string Summary => "locks free and contended, and hand-offs: Gannet, Lock, Monitor, SemaphoreSlim, ManualResetEventSlim, CPython";

    public override void Run()
    {
        RunFree();
        RunContended();
        RunTurns();
    }

    private void RunFree()
    {
        RaceTable table = new("one thread, acquire and release", Rounds, FreeOperations);
        table.Add("Gannet, PrimitiveLock", UsePrimitive);
        table.Add("Gannet, ReentrantLock", UseReentrant);
        table.Add("Gannet, CountingSemaphore", UseSemaphore);
        table.Add("Lock", UseLock);
        table.Add("Monitor", UseMonitor);
        table.Add("SemaphoreSlim", UseSlim);
        table.Add("one compare-and-swap", count =>
        {
            for (int i = 0; i < count; i++)
            {
                Interlocked.CompareExchange(ref _word, 0, 0);
            }
        });
        PythonThreads.AddTo(table, "CPython, threading.Lock", PythonThreads.Lock(1), FreeOperations / 5);
        table.Print();
    }

    private void RunContended()
    {
        RaceTable table = new($"{Threads} threads, one lock", Rounds, ContendedOperations);
        table.Add("Gannet, PrimitiveLock", (Threads, UsePrimitive));
        table.Add("Gannet, ReentrantLock", (Threads, UseReentrant));
        table.Add("Gannet, CountingSemaphore", (Threads, UseSemaphore));
        table.Add("Lock", (Threads, UseLock));
        table.Add("Monitor", (Threads, UseMonitor));
        table.Add("SemaphoreSlim", (Threads, UseSlim));
        PythonThreads.AddTo(table, "CPython, threading.Lock", PythonThreads.Lock(Threads), ContendedOperations / 5);
        table.Print();
    }

    private void RunTurns()
    {
        RaceTable table = new("two threads in turn, both ways", Rounds, Turns);
        ConditionVariable condition = new();
        table.Add("Gannet, ConditionVariable", (1, count => PlayCondition(condition, 0, count)), (1, count => PlayCondition(condition, 1, count)));
        table.Add("Monitor.Wait and Pulse", (1, count => PlayMonitor(0, count)), (1, count => PlayMonitor(1, count)));
        EventFlag[] flags = [new(), new()];
        table.Add("Gannet, two EventFlags", (1, count => PlayFlags(flags, 0, count)), (1, count => PlayFlags(flags, 1, count)));
        ManualResetEventSlim[] events = [new(), new()];
        table.Add("two ManualResetEventSlims", (1, count => PlayEvents(events, 0, count)), (1, count => PlayEvents(events, 1, count)));
        PythonThreads.AddTo(table, "CPython, threading.Condition", PythonThreads.Condition, Turns);
        table.Print();
    }

    private void UsePrimitive(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _primitive.Acquire();
            _counter++;
            _primitive.Release();
        }
    }

    private void UseReentrant(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _reentrant.Acquire();
            _counter++;
            _reentrant.Release();
        }
    }

    private void UseSemaphore(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _semaphore.Acquire();
            _counter++;
            _semaphore.Release();
        }
    }

    private void UseLock(int count)
    {
        for (int i = 0; i < count; i++)
        {
            lock (_lock)
            {
                _counter++;
            }
        }
    }

    private void UseMonitor(int count)
    {
        for (int i = 0; i < count; i++)
        {
            lock (_monitor)
            {
                _counter++;
            }
        }
    }

    private void UseSlim(int count)
    {
        for (int i = 0; i < count; i++)
        {
            s_slim.Wait();
            _counter++;
            s_slim.Release();
        }
    }

    private void PlayCondition(ConditionVariable condition, int mine, int count)
    {
        for (int i = 0; i < count; i++)
        {
            condition.Acquire();
            while (_turn != mine)
            {
                condition.Wait();
            }

            _turn = 1 - mine;
            condition.Notify();
            condition.Release();
        }
    }

    private void PlayMonitor(int mine, int count)
    {
        for (int i = 0; i < count; i++)
        {
            lock (_monitor)
            {
                while (_turn != mine)
                {
                    Monitor.Wait(_monitor);
                }

                _turn = 1 - mine;
                Monitor.Pulse(_monitor);
            }
        }
    }

    private static void PlayFlags(EventFlag[] flags, int mine, int count)
    {
        if (mine == 0)
        {
            flags[0].Set();
        }

        for (int i = 0; i < count; i++)
        {
            flags[mine].Wait();
            flags[mine].Clear();
            flags[1 - mine].Set();
        }
    }

    private static void PlayEvents(ManualResetEventSlim[] events, int mine, int count)
    {
        if (mine == 0)
        {
            events[0].Set();
        }

        for (int i = 0; i < count; i++)
        {
            events[mine].Wait();
            events[mine].Reset();
            events[1 - mine].Set();
        }
    }
}
