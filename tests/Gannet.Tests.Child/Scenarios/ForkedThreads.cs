using Gannet.Threading;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Forks of programs that use Gannet's threads, locks and queues.</summary>
internal static class ForkedThreads
{
    private static readonly ForkOptions s_patient = new() { Patience = TimeSpan.FromSeconds(60) };

    /// <summary>What the child of the main thread knows of the others.</summary>
    public static int List(string[] arguments) => Sys.Run(() =>
    {
        EventFlag end = new();
        OsThread waiting = new(() => end.Wait(), "waiting"), timer = new ThreadTimer(TimeSpan.FromDays(1), () => { }) { Name = "timer", IsDaemon = true };
        OsThread unstarted = new(() => Console.WriteLine("started in the child"), "unstarted");
        waiting.Start();
        timer.Start();
        Thread foreign = new(() => { _ = Threads.Current; end.Wait(); }) { IsBackground = true };
        foreign.Start();
        AwaitWaiters(() => end.WaitingCount, 2);
        Console.WriteLine(string.Join(' ', Threads.Enumerate().Select(thread => thread.Name)));
        int pid = Fork();
        if (pid == 0)
        {
            Console.WriteLine(string.Join(' ', Threads.Enumerate().Select(thread => thread.Name)));
            Console.WriteLine($"{Threads.ActiveCount} {Threads.Current == Threads.Main} {Threads.Main.NativeId == Environment.ProcessId} {Threads.Main.Ident == Threads.GetIdent()}");
            Console.WriteLine($"{waiting.IsAlive} {timer.IsAlive} {waiting.Join(TimeSpan.FromSeconds(30))} {timer.JoinAsync().AsTask().Result} {waiting}");
            unstarted.Start();
            unstarted.Join();
            Console.WriteLine(Threads.ActiveCount);
            return 4;
        }

        Console.WriteLine(Os.WaitPid(pid).Status);
        Console.WriteLine($"{waiting.IsAlive} {Threads.ActiveCount}");
        end.Set();
        foreign.Join();
        return 0;
    });

    /// <summary>Forks by a thread that is not the main one, which is the child's main thread; its end is the child's.</summary>
    public static int Elsewhere(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine("hook"));
        Run(new OsThread(() => ForkAndTell(() => { }), "made"));
        Run(new OsThread(() => ForkAndTell(() => Sys.Exit(3)), "exiting"));
        Run(new OsThread(() => ForkAndTell(() => throw new InvalidOperationException("told")), "failing"));
        Thread foreign = new(() => ForkAndTell(() => Environment.Exit(5)));
        foreign.Start();
        foreign.Join();
        Thread dummy = new(() =>
        {
            _ = Threads.Current;
            ForkAndTell(() => Environment.Exit(6));
        });
        dummy.Start();
        dummy.Join();
        Task.Run(() => ForkAndTell(() => Environment.Exit(7))).Wait();

        static void ForkAndTell(Action child)
        {
            int pid = Fork();
            if (pid == 0)
            {
                bool isSame = Threads.Current == Threads.Main && Threads.Enumerate().Single() == Threads.Main && Threads.Main.NativeId == Environment.ProcessId;
                Console.WriteLine($"{Threads.Main.Name} {Threads.Main.IsDaemon} {isSame}");
                child();
                return;
            }

            Console.WriteLine(Os.WaitPid(pid).Status);
        }

        static void Run(OsThread thread)
        {
            thread.Start();
            thread.Join();
        }
    });

    /// <summary>Threads that waited at the fork take nothing from those that wait in the child.</summary>
    public static int Waiters(string[] arguments)
    {
        PrimitiveLock plain = new(), fair = new(fair: true);
        ReentrantLock reentrant = new();
        CountingSemaphore semaphore = new(0);
        ConditionVariable condition = new(new PrimitiveLock());
        BlockingQueue<int> queue = new();
        BlockingQueue<int> full = new(1);
        full.Put(0);
        Lockable[] locks = [plain, fair, reentrant];
        Array.ForEach(locks, one => one.Acquire());
        Action[] waits =
        [
            () => plain.Acquire(), () => fair.Acquire(), () => reentrant.Acquire(), () => semaphore.Acquire(),
            () => { using (condition.Enter()) { condition.Wait(); } }, () => queue.Get(), () => full.Put(9),
        ];
        Array.ForEach(waits, wait => Threads.StartNew(wait));
        AwaitWaiters(CountWaiters, 5);
        AwaitWaiters(() => queue.Site.GettersCount + full.Site.PuttersCount, 2);
        int pid = Fork();
        if (pid == 0)
        {
            return UseAll();
        }

        Console.WriteLine(Os.WaitPid(pid).Status);
        return 0;

        // The dead count until somebody looks for one to wake.
        int CountWaiters() => plain.WaitingCount + fair.WaitingCount + reentrant.WaitingCount + semaphore.WaitingCount + condition.WaitingCount;

        // Each wait once more, by a thread that is there; and each is served.
        int UseAll()
        {
            OsThread[] threads = [.. waits.Select(wait => new OsThread(wait))];
            Array.ForEach(threads, thread => thread.Start());
            AwaitWaiters(CountWaiters, 10);
            Array.ForEach(locks, one => one.Release());
            semaphore.Release();
            using (condition.Enter())
            {
                condition.Notify();
            }

            queue.Put(1);
            Console.WriteLine(full.Get());
            Array.ForEach(threads, thread => thread.Join());
            Console.WriteLine($"{full.Get()} {queue.Count} {full.Count}");
            return 7;
        }
    }

    /// <summary>A lock that a thread of the parent's holds, while diagnostics are on.</summary>
    public static int Deadlock(string[] arguments)
    {
        LockDiagnostics.Enabled = true;
        PrimitiveLock held = new() { Name = "held" };
        EventFlag begun = new(), end = new();
        new OsThread(
            () =>
            {
                held.Acquire();
                begun.Set();
                end.Wait();
            },
            "holder",
            isDaemon: true).Start();
        begun.Wait();
        AwaitWaiters(() => end.WaitingCount, 1);
        int pid = Fork();
        if (pid == 0)
        {
            try
            {
                held.Acquire();
            }
            catch (DeadlockException error)
            {
                Console.WriteLine(error.Message);
            }

            Console.Write(LockDiagnostics.Dump());
            held.Release();
            Console.WriteLine(held.Acquire());
            return 0;
        }

        Os.WaitPid(pid);
        end.Set();
        return 0;
    }

    /// <summary>A thread of the pool that waits for a lock does so in both.</summary>
    public static int PoolWaiter(string[] arguments)
    {
        PrimitiveLock held = new();
        held.Acquire();
        Task<bool> waiting = Task.Run(held.Acquire);
        AwaitWaiters(() => held.WaitingCount, 1);
        int pid = Os.Fork(s_patient with { AllowPoolWork = true });
        held.Release();
        Console.WriteLine(pid == 0 ? $"child {waiting.Result}" : $"{Os.WaitPid(pid).Status} {waiting.Result}");
        return 0;
    }

    // That the thread sleeps is another matter, for which a fork waits.
    private static void AwaitWaiters(Func<int> count, int wanted) => SpinWait.SpinUntil(() => count() == wanted);

    private static int Fork() => Os.Fork(s_patient);
}
