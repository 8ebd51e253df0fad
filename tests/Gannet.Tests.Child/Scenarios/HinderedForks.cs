using System.Globalization;
using System.IO.MemoryMappedFiles;
using Gannet.Interop;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Forks from programs in which something is out of the ordinary. Each prints what it finds.</summary>
internal static class HinderedForks
{
    private const int ParkingSignal = 62;
    private const int Attempts = 5;
    private const nint DefaultAction = 0;
    private const nint IgnoredAction = 1;
    private static readonly ForkOptions s_patient = new() { Patience = TimeSpan.FromSeconds(60) };
    private static readonly ForkOptions s_oneAttempt = new() { Patience = TimeSpan.Zero };

    /// <summary>Native code puts the signal back by which threads are stopped; then it has it ignored.</summary>
    public static int SignalReset(string[] arguments)
    {
        Console.WriteLine(ForkGood());
        ChildLibc.signal(ParkingSignal, DefaultAction);
        Console.WriteLine(ForkGood());
        ChildLibc.signal(ParkingSignal, IgnoredAction);
        Console.WriteLine(Os.TryFork(out _, out ForkException? refusal, s_oneAttempt) ? "forked" : $"{refusal.Reason} {refusal.Advice}");
        return 0;
    }

    /// <summary>How many signals wait for a thread that takes none after some attempts; it throws them away, and hears again.</summary>
    public static int DeafThread(string[] arguments)
    {
        using ManualResetEventSlim begun = new(), tried = new(), hears = new(), end = new();
        int waiting = 0;
        Thread deaf = new(() =>
        {
            ChildLibc.Block(ParkingSignal);
            begun.Set();
            tried.Wait();
            waiting = ChildLibc.TakeAll(ParkingSignal);
            ChildLibc.Unblock(ParkingSignal);
            hears.Set();
            end.Wait();
        });
        deaf.Start();
        begun.Wait();
        for (int i = 0; i < Attempts; i++)
        {
            if (Os.TryFork(out _, out _, s_oneAttempt))
            {
                Os.ExitNow(1);
            }
        }

        tried.Set();
        hears.Wait();
        Console.WriteLine(waiting);
        Console.WriteLine(ForkGood());
        end.Set();
        deaf.Join();
        return 0;
    }

    /// <summary>A child whose first thread ends while others go on forks.</summary>
    public static int WithoutLeader(string[] arguments)
    {
        WaitStatus status = default;
        Thread forking = new(() =>
        {
            int pid = Os.Fork(s_patient);
            if (pid == 0)
            {
                new Thread(GoOnWithoutLeader).Start();
                return;
            }

            status = Os.WaitPid(pid).Status;
        });
        forking.Start();
        forking.Join();
        Console.WriteLine(status);
        return 0;
    }

    private static void GoOnWithoutLeader()
    {
        while (!File.ReadAllText($"/proc/{Os.GetPid()}/stat").Contains(") Z ", StringComparison.Ordinal))
        {
            Thread.Sleep(1);
        }

        // What it can't have of its own code memory and its own descriptors, a fork of its child's own would not have either.
        WaitStatus status = Os.WaitPid(Os.Fork(() => Os.WaitPid(Os.Fork(Work, s_patient)).Status.ExitStatus!.Value, s_patient)).Status;
        Environment.Exit(status.ExitStatus!.Value);
    }

    /// <summary>A room of the library is in use for longer than the patience.</summary>
    public static int RoomInUse(string[] arguments)
    {
        LivingLock room = AtFork.NewRoomLock();
        using ManualResetEventSlim entered = new(), tried = new();
        Thread user = new(() =>
        {
            using (room.Enter())
            {
                entered.Set();
                tried.Wait();
            }
        });
        user.Start();
        entered.Wait();
        Console.WriteLine(Os.TryFork(out _, out ForkException? refusal, new() { Patience = TimeSpan.FromMilliseconds(150) }) ? "forked" : refusal.Reason);
        tried.Set();
        user.Join();
        Console.WriteLine(ForkGood());
        return 0;
    }

    /// <summary>A thread asks again and again to wait until a word changes that has changed already, as for a lock that has just been given back.</summary>
    public static int WaitIsOver(string[] arguments)
    {
        using ManualResetEventSlim begun = new();
        Thread asker = new(() =>
        {
            begun.Set();
            while (true)
            {
                ChildLibc.WaitForChangedWord();
            }
        });
        asker.IsBackground = true;
        asker.Name = nameof(asker);
        asker.Start();
        begun.Wait();
        // It is met in every state in that time.
        bool isForked = Os.TryFork(out int pid, out ForkException? refusal, new() { Patience = TimeSpan.FromSeconds(5) });
        if (isForked && pid == 0)
        {
            Os.ExitNow(0);
        }

        Console.WriteLine(isForked ? "forked" : $"{refusal!.Reason} {refusal.ThreadName}");
        return 0;
    }

    /// <summary>A hook that registers an exit hook in the child, which runs a function.</summary>
    public static int HookOfHook(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine("the parent's"));
        AtFork.Register(inChild: () => AtExit.Register(() => Console.WriteLine("the child's")));
        Console.WriteLine(ForkGood());
        return 0;
    });

    /// <summary>Links that can't be read from the call of that number on: the code memory can't be found.</summary>
    public static int CodeNotFound(string[] arguments)
    {
        for (int i = 0; i < int.Parse(arguments[0], CultureInfo.InvariantCulture); i++)
        {
            _ = new FileInfo("/proc/self/exe").LinkTarget;
        }

        try
        {
            Console.WriteLine(ForkGood());
        }
        catch (OsException error)
        {
            Console.WriteLine($"{error.Errno} {error.Operation}");
        }

        return 0;
    }

    /// <summary>A child that forks at once, before the runtime's threads have come back in it.</summary>
    public static int AtOnce(string[] arguments)
    {
        // The threads that are to come back come with their first work.
        Work();
        Console.WriteLine(Os.WaitPid(Os.Fork(() => Os.WaitPid(Os.Fork(Work, s_patient)).Status.ExitStatus!.Value, s_patient)).Status);
        return 0;
    }

    /// <summary>Forks with work in the pool, and with a timer that keeps its workers awake.</summary>
    public static int PoolWork(string[] arguments)
    {
        using ManualResetEventSlim end = new();
        using Timer timer = new(_ => { }, null, 1, 1);
        Task work = Task.Run(end.Wait);
        for (int i = 0; i < Attempts; i++)
        {
            int pid = Os.Fork(s_patient with { AllowPoolWork = true });
            if (pid == 0)
            {
                end.Set();
                work.Wait();
                Os.ExitNow(0);
            }

            Console.WriteLine(Os.WaitPid(pid).Status);
        }

        end.Set();
        work.Wait();
        return 0;
    }

    /// <summary>The symbols by which traces are told have been read before the fork.</summary>
    public static int TracesInBoth(string[] arguments)
    {
        string before = Fail();
        WaitStatus status = Os.WaitPid(Os.Fork(() => Fail() == before ? 7 : 1, s_patient)).Status;
        Console.WriteLine($"{before.Contains("HinderedForks.cs:line ", StringComparison.Ordinal)} {status}");
        return 0;

        static string Fail()
        {
            try
            {
                throw new InvalidOperationException("told");
            }
            catch (InvalidOperationException error)
            {
                return error.ToString();
            }
        }
    }

    /// <summary>A writable copy of a file.</summary>
    public static int MappedCopy(string[] arguments)
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, new byte[Environment.SystemPageSize]);
        using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.CopyOnWrite);
        File.Delete(path);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor(0, Environment.SystemPageSize, MemoryMappedFileAccess.CopyOnWrite);
        view.Write(0, 42);
        int pid = Os.Fork(
            () =>
            {
                view.Write(1, (byte)1);
                return view.ReadByte(0);
            },
            s_patient);
        Console.WriteLine($"{Os.WaitPid(pid).Status} {view.ReadInt32(0)}");
        return 0;
    }

    /// <summary>A program with more threads than one segment of the runtime's map has room for, whose first fork is made by the last of them.</summary>
    public static int ManyThreads(string[] arguments)
    {
        using ManualResetEventSlim end = new();
        List<Thread> threads = [];
        for (int i = 0; i < 300; i++)
        {
            threads.Add(new Thread(end.Wait, maxStackSize: 1 << 16));
            threads[^1].Start();
        }

        Thread last = new(() => Console.WriteLine(ForkGood()));
        last.Start();
        last.Join();
        end.Set();
        threads.ForEach(thread => thread.Join());
        return 0;
    }

    /// <summary>What the child writes to mapped memory.</summary>
    public static int MappedMemory(string[] arguments)
    {
        using MemoryMappedFile memory = MemoryMappedFile.CreateNew(null, Environment.SystemPageSize);
        using MemoryMappedViewAccessor view = memory.CreateViewAccessor();
        int pid = Os.Fork(
            () =>
            {
                view.Write(0, 42);
                return view.ReadInt32(0);
            },
            s_patient);
        Console.WriteLine($"{Os.WaitPid(pid).Status} {view.ReadInt32(0)}");
        return 0;
    }

    private static WaitStatus ForkGood() => Os.WaitPid(Os.Fork(Work, s_patient)).Status;

    // It needs the finalizer's thread, that of the timers and one of the pool's.
    private static int Work()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Task.Run(() => Task.Delay(1)).Wait();
        return 7;
    }
}
