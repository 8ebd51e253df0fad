using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gannet.Interop;
using Gannet.Testing;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Forks. Each prints what it finds.</summary>
internal static class Forks
{
    private const uint Nobody = 65534;
    private const int Mebibyte = 1 << 20;
    private const int Page = 4096;
    private const int ParkingSignal = 62;
    private const int MostAttempts = 50;
    private static readonly ManualResetEventSlim s_begun = new();
    private static int s_asking;
    private static readonly int s_first = Environment.ProcessId;
    private static readonly ForkOptions s_patient = new() { Patience = TimeSpan.FromSeconds(60) };
    private static readonly ForkOptions s_impatient = new() { Patience = TimeSpan.FromMilliseconds(300) };

    /// <summary>Why this runtime can't fork, if it can't.</summary>
    public static int Impossibility(string[] arguments)
    {
        Console.WriteLine(Forker.Impossibility ?? "none");
        return 0;
    }

    /// <summary>Both branches, each in its process.</summary>
    public static int BothGoOn(string[] arguments)
    {
        int pid = Fork();
        if (pid == 0)
        {
            Console.WriteLine("child");
            return 5;
        }

        Console.WriteLine($"{Os.WaitPid(pid).Status}");
        Console.WriteLine("parent");
        return 0;
    }

    /// <summary>What the call gives in each, and the number that the child finds for itself.</summary>
    public static int Numbers(string[] arguments)
    {
        int own = Environment.ProcessId;
        (SafeFileHandle read, SafeFileHandle write) = Os.Pipe();
        int pid = Fork();
        if (pid == 0)
        {
            WriteText(write, $"{pid} {Environment.ProcessId} {Os.GetPPid() == own}");
            return 0;
        }

        write.Dispose();
        string told = ReadToEnd(read);
        Os.WaitPid(pid);
        Console.WriteLine(told == $"0 {pid} True" && pid != own && Environment.ProcessId == own);
        return 0;
    }

    /// <summary>A list that the child changes.</summary>
    public static int Memory(string[] arguments)
    {
        List<int> list = [1];
        int pid = Fork();
        if (pid == 0)
        {
            list.Add(2);
            return list.Count;
        }

        Console.WriteLine($"{Os.WaitPid(pid).Status} {list.Count}");
        return 0;
    }

    /// <summary>A file that the child begins to read, and a socket that the parent closes.</summary>
    public static int Descriptors(string[] arguments)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "abcdef");
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        Socket server = listener.Accept();
        byte[] buffer = new byte[3];
        // A FileStream keeps the offset itself; the kernel's is what a descriptor of one's own moves.
        int fd = (int)file.SafeFileHandle.DangerousGetHandle();
        int pid = Fork();
        if (pid == 0)
        {
            _ = ChildLibc.Read(fd, buffer);
            server.Send("hi"u8);
            return buffer[2] == 'c' ? 0 : 1;
        }

        server.Dispose();
        WaitStatus status = Os.WaitPid(pid).Status;
        _ = ChildLibc.Read(fd, buffer);
        byte[] reply = new byte[2];
        int length = client.Receive(reply);
        Console.WriteLine($"{status} {Encoding.ASCII.GetString(buffer)} {Encoding.ASCII.GetString(reply, 0, length)}");
        File.Delete(path);
        return 0;
    }

    /// <summary>Text that waits in a buffer, at a plain fork or at one with a function.</summary>
    public static int Buffered(string[] arguments)
    {
        Sys.Stdout = new StreamWriter(Console.OpenStandardOutput());
        AtExit.Register(() => Sys.Stdout.Write("hook "));
        return Sys.Run(() =>
        {
            Sys.Stdout.Write("text ");
            int pid = arguments[0] is "plain" ? Fork() : Os.Fork(InChild, s_patient);
            if (pid != 0)
            {
                Os.WaitPid(pid);
            }
        });

        static int InChild()
        {
            AtExit.Register(() => Sys.Stdout.Write("own-hook "));
            Sys.Stdout.Write("child ");
            return 0;
        }
    }

    /// <summary>How a child with a function ends.</summary>
    public static int Functions(string[] arguments)
    {
        int[] pids =
        [
            Os.Fork(() => 7, s_patient),
            Os.Fork(() => throw new SystemExitException(8), s_patient),
            Os.Fork(() => throw new InvalidOperationException("told"), s_patient),
        ];
        foreach (int pid in pids)
        {
            Console.WriteLine(Os.WaitPid(pid).Status);
        }

        return 0;
    }

    /// <summary>The threads of the child.</summary>
    public static int Threads(string[] arguments)
    {
        for (int i = 0; i < 3; i++)
        {
            new Thread(() => Thread.Sleep(Timeout.Infinite)) { IsBackground = i > 0, Name = $"own {i}" }.Start();
        }

        int pid = Fork();
        if (pid == 0)
        {
            string[] names = OwnTasks.Names();
            Console.WriteLine($"{names.Contains(".NET Finalizer")} {names.Length > 1} {names.Any(name => name.StartsWith("own", StringComparison.Ordinal))}");
            return 0;
        }

        Console.WriteLine(Os.WaitPid(pid).Status);
        Os.ExitNow(0);
        return 0;
    }

    /// <summary>What is copied, and what is not.</summary>
    public static int Inherited(string[] arguments)
    {
        Os.PutEnv("GANNET_FORK", "1");
        Os.ChDir("/usr");
        Os.Umask((UnixFileMode)0x1d);
        Signals.Ignore(Signal.SIGUSR1);
        Signals.Alarm(50);
        int pid = Os.Fork(s_patient);
        if (pid == 0)
        {
            bool ignored = Signals.Get(Signal.SIGUSR1) == SignalHandler.Ignore;
            Console.WriteLine($"{Os.GetEnv("GANNET_FORK")} {Os.GetCwd()} {(int)Os.Umask(UnixFileMode.None):x} {ignored} {ChildLibc.LeftOfAlarm}");
            return 0;
        }

        Os.WaitPid(pid);
        Console.WriteLine(ChildLibc.alarm(0) > 0);
        return 0;
    }

    /// <summary>A grandchild whose parent ends.</summary>
    public static int Orphan(string[] arguments)
    {
        (SafeFileHandle read, SafeFileHandle write) = Os.Pipe();
        int pid = Fork();
        if (pid == 0)
        {
            int parent = Os.GetPid();
            if (Fork() == 0)
            {
                while (Os.GetPPid() == parent)
                {
                    Thread.Sleep(1);
                }

                WriteText(write, "adopted");
            }

            Os.ExitNow(0);
        }

        write.Dispose();
        Os.WaitPid(pid);
        Console.WriteLine(ReadToEnd(read));
        return 0;
    }

    /// <summary>At the limit of processes, whether the fork itself or a thread of the child meets it.</summary>
    public static int Limit(string[] arguments)
    {
        Os.SetGroups([]);
        Os.SetGid(Nobody);
        Os.SetUid(Nobody);
        LimitValues before = Os.GetRLimit(ResourceLimit.RLIMIT_NPROC);
        int threads = Directory.GetDirectories("/proc/self/task").Length;
        List<string> found = [];
        foreach (int limit in (int[])[0, threads + 2])
        {
            Os.SetRLimit(ResourceLimit.RLIMIT_NPROC, before with { Soft = (ulong)limit });
            try
            {
                Fork();
                found.Add("forked");
            }
            catch (OsException error)
            {
                found.Add($"{(int)error.Errno} {error is ForkException} {ChildLibc.NoChildIsLeft()}");
            }
        }

        // The console starts a thread.
        Os.SetRLimit(ResourceLimit.RLIMIT_NPROC, before);
        found.ForEach(Console.WriteLine);
        return 0;
    }

    /// <summary>With more and more processes allowed: first none is forked, then one that ends at once, then one that lives.</summary>
    public static int LimitOfRooms(string[] arguments)
    {
        const int refused = 40, alive = 41, mistaken = 42;
        AtExit.Register(() => { });
        Signals.Set(Signal.SIGUSR1, (_, _) => { });
        // The console starts a thread.
        Console.Out.Flush();
        Os.SetGroups([]);
        Os.SetGid(Nobody);
        Os.SetUid(Nobody);
        LimitValues before = Os.GetRLimit(ResourceLimit.RLIMIT_NPROC);
        List<int> ends = [];
        for (int limit = Directory.GetDirectories("/proc/self/task").Length; ends.LastOrDefault() != alive && ends.Count < MostAttempts; limit++)
        {
            Os.SetRLimit(ResourceLimit.RLIMIT_NPROC, before with { Soft = (ulong)limit });
            ends.Add(End());
        }

        Os.SetRLimit(ResourceLimit.RLIMIT_NPROC, before);
        Console.WriteLine($"{ends.LastOrDefault() == alive && ends.Contains(1)} {ends.TrueForAll(end => end is refused or 1 or alive)}");
        return 0;

        static int End()
        {
            int pid;
            try
            {
                pid = Fork();
            }
            catch (OsException)
            {
                if (Environment.ProcessId != s_first)
                {
                    Os.ExitNow(mistaken);
                }

                return refused;
            }

            if (pid == 0)
            {
                Os.ExitNow(alive);
            }

            return Os.WaitPid(pid).Status.ExitStatus ?? 0;
        }
    }

    /// <summary>A server's loop: a child for each of three requests, and a look for those that have ended.</summary>
    public static int Server(string[] arguments)
    {
        Queue<int> requests = new([1, 2, 3]);
        List<int> running = [];
        List<string> ended = [];
        while (requests.Count > 0 || running.Count > 0)
        {
            if (requests.TryDequeue(out int request))
            {
                running.Add(Os.Fork(() => request, s_patient));
            }

            foreach (int child in running.ToArray())
            {
                (int pid, WaitStatus status) = Os.WaitPid(child, WaitOptions.WNOHANG);
                if (pid != 0)
                {
                    running.Remove(pid);
                    ended.Add(status.ToString());
                }
            }

            Thread.Sleep(1);
        }

        Console.WriteLine($"{string.Join(' ', ended.Order(StringComparer.Ordinal))} {ChildLibc.NoChildIsLeft()}");
        return 0;
    }

    /// <summary>Both greet ten times.</summary>
    public static int Greetings(string[] arguments)
    {
        int pid = Fork();
        for (int i = 0; i < 10; i++)
        {
            Console.WriteLine(pid == 0 ? "child" : "parent");
            Thread.Sleep(1);
        }

        if (pid != 0)
        {
            Os.WaitPid(pid);
        }

        return 0;
    }

    /// <summary>A system's signal handler in the child that forks itself, on the thread that runs handlers.</summary>
    public static int InHandler(string[] arguments)
    {
        using ManualResetEventSlim done = new();
        Signals.Set(Signal.SIGUSR1, (_, _) =>
        {
            Console.WriteLine(Os.WaitPid(Os.Fork(() => Task.Run(() => 7).Result, s_patient)).Status);
            done.Set();
        });
        Os.Kill(Environment.ProcessId, Signal.SIGUSR1);
        done.Wait();
        return 0;
    }

    /// <summary>Handlers that another thread holds at the fork, and that the forking thread does.</summary>
    public static int Holds(string[] arguments)
    {
        using ManualResetEventSlim handled = new();
        Signals.Set(Signal.SIGUSR1, (_, _) => handled.Set());
        Start("holder", () =>
        {
            using IDisposable hold = Signals.Hold();
            s_begun.Set();
            Thread.Sleep(Timeout.Infinite);
        });
        s_begun.Wait();
        Console.WriteLine(Os.WaitPid(Os.Fork(IsHandled, s_patient)).Status);
        using IDisposable own = Signals.Hold();
        Console.WriteLine(Os.WaitPid(Os.Fork(IsHandledAfterwards, s_patient)).Status);
        Os.ExitNow(0);
        return 0;

        int IsHandled()
        {
            Os.Kill(Environment.ProcessId, Signal.SIGUSR1);
            handled.Wait();
            Console.WriteLine("handled");
            return 7;
        }

        int IsHandledAfterwards()
        {
            Os.Kill(Environment.ProcessId, Signal.SIGUSR1);
            if (handled.Wait(TimeSpan.FromMilliseconds(200)))
            {
                return 1;
            }

            own.Dispose();
            handled.Wait();
            Console.WriteLine("handled after the hold");
            return 7;
        }
    }

    /// <summary>Children that end at once, reaped by the handler of SIGCHLD.</summary>
    public static int ReapedByHandler(string[] arguments)
    {
        const int count = 20;
        using CountdownEvent left = new(count);
        Signals.Set(Signal.SIGCHLD, (_, _) => Reap());
        for (int i = 0; i < count; i++)
        {
            if (Fork() == 0)
            {
                Os.ExitNow(0);
            }
        }

        left.Wait();
        Console.WriteLine(ChildLibc.NoChildIsLeft());
        return 0;

        void Reap()
        {
            try
            {
                while (Os.WaitPid(-1, WaitOptions.WNOHANG).Pid != 0)
                {
                    left.Signal();
                }
            }
            catch (OsException error) when (error.Errno is Errno.ECHILD)
            {
                // All that have been forked by now.
            }
        }
    }

    /// <summary>An end by SIGINT in the child runs the hooks there, and leaves the parent alone.</summary>
    public static int Interrupted(string[] arguments)
    {
        AtExit.Register(() => Console.WriteLine($"hook {Environment.ProcessId == s_first}"));
        int pid = Fork();
        if (pid == 0)
        {
            Os.Kill(Environment.ProcessId, Signal.SIGINT);
            Thread.Sleep(Timeout.Infinite);
        }

        Console.WriteLine(Os.WaitPid(pid).Status);
        return 0;
    }

    /// <summary>The process number 1, with a second thread, whose first fork is made by its main thread.</summary>
    public static int AsInit(string[] arguments)
    {
        Console.WriteLine(Os.GetPid());
        Start("second", () => Thread.Sleep(Timeout.Infinite));
        for (int i = 0; i < 2; i++)
        {
            // The collector needs every thread of the child's, and the child's end the finalizer.
            int pid = Os.Fork(
                () =>
                {
                    GC.Collect();
                    return Task.Run(() => 7).Result;
                },
                s_patient);
            Console.WriteLine(Os.WaitPid(pid).Status);
        }

        return 0;
    }

    /// <summary>Hooks, in their order.</summary>
    public static int Hooks(string[] arguments)
    {
        StringBuilder log = new();
        AtFork.Register(() => log.Append("before1 "), () => log.Append("parent1 "), () => log.Append("child1 "));
        AtFork.Register(() => log.Append("before2 "), () => log.Append("parent2 "), () => log.Append("child2 "));
        AtFork.Register(inChild: () => throw new InvalidOperationException("told"));
        AtFork.Register(() => log.Append("never ")).Dispose();
        int pid = Fork();
        if (pid != 0)
        {
            Os.WaitPid(pid);
        }

        Console.WriteLine(log);
        return 0;
    }

    /// <summary>A thread that is interrupted while it tries to fork, and a fork afterwards.</summary>
    public static int InterruptedThread(string[] arguments)
    {
        StringBuilder log = new();
        using CancellationTokenSource end = new();
        using ManualResetEventSlim trying = new();
        AtFork.Register(() => { log.Append("before "); trying.Set(); }, () => log.Append("parent "));
        CancellationToken ended = end.Token;
        Start("spinner", () => Spin(ended));
        s_begun.Wait();
        Thread forking = new(ForkForEver);
        forking.Start();
        trying.Wait();
        forking.Interrupt();
        forking.Join();
        Console.WriteLine(log);
        end.Cancel();
        log.Clear();
        WaitStatus status = Os.WaitPid(Os.Fork(() => 7, s_patient)).Status;
        Console.WriteLine($"{log}{status}");
        return 0;

        void ForkForEver()
        {
            try
            {
                Os.Fork(new ForkOptions { Patience = Timeout.InfiniteTimeSpan });
            }
            catch (ThreadInterruptedException error)
            {
                log.Append(error.GetType().Name);
            }
        }
    }

    /// <summary>Forks that are refused, and what the program can do afterwards.</summary>
    public static int Refused(string[] arguments)
    {
        using CancellationTokenSource end = new();
        CancellationToken ended = end.Token;
        switch (arguments[0])
        {
            case "spin":
                Start("spinner", () => Spin(ended));
                break;
            case "task":
                // A program's thread by a name of the runtime's, waiting: no hindrance.
                _ = Task.Factory.StartNew(() => Begin(ended), ended, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                break;
            case "deaf":
                Start("deaf", () =>
                {
                    ChildLibc.Block(ParkingSignal);
                    Begin(ended);
                });
                break;
            case "unknown":
                Start(".NET mine", () => Begin(ended));
                break;
            case "pool":
                _ = Task.Run(() => Begin(ended), CancellationToken.None);
                break;
            case "native":
                Start("native", () => Burn(ended));
                break;
            case "watcher":
                FileSystemWatcher watcher = new(Path.GetTempPath()) { EnableRaisingEvents = true };
                ended.Register(watcher.Dispose);
                s_begun.Set();
                break;
        }

        s_begun.Wait();
        // Now and then something else stands in the way as well.
        bool forked;
        int pid;
        ForkException? refusal;
        int attempts = 0;
        do
        {
            forked = Os.TryFork(out pid, out refusal, s_impatient);
        }
        while (!forked && attempts++ < MostAttempts && $"{refusal!.Reason} {refusal.ThreadName}" != arguments[1]);

        if (forked && pid == 0)
        {
            Os.ExitNow(0);
        }

        if (forked)
        {
            Os.WaitPid(pid);
        }

        Console.WriteLine(forked ? "forked" : $"{pid} {refusal!.Reason} {refusal.ThreadName} {(int)refusal.Errno}");
        end.Cancel();
        // The parent goes on, and forks when nothing stands in the way any more.
        GC.Collect();
        Console.WriteLine(Os.WaitPid(Os.Fork(() => 7, s_patient)).Status);
        return 0;
    }

    /// <summary>What is advised about a watcher of files.</summary>
    public static int WatcherAdvice(string[] arguments)
    {
        using FileSystemWatcher watcher = new(Path.GetTempPath()) { EnableRaisingEvents = true };
        ForkException? refusal;
        int attempts = 0;
        do
        {
            // Now and then something else stands in the way as well.
            _ = Os.TryFork(out _, out refusal, s_impatient);
        }
        while (refusal is not { Reason: ForkReason.UnknownThread } && attempts++ < MostAttempts);

        Console.WriteLine(refusal?.Advice);
        return 0;
    }

    /// <summary>A tracing session, as <c>dotnet-trace</c> opens one.</summary>
    public static int Traced(string[] arguments)
    {
        using (TracingSession session = new())
        {
            Console.WriteLine(TryFork());
        }

        Console.WriteLine(Os.WaitPid(Os.Fork(() => 7, s_patient)).Status);
        return 0;
    }

    /// <summary>A session that the environment has asked for.</summary>
    public static int TracedFromStart(string[] arguments)
    {
        Console.WriteLine(TryFork());
        return 0;
    }

    /// <summary>Pool work that the caller wants in both.</summary>
    public static int PoolWorkAllowed(string[] arguments)
    {
        using ManualResetEventSlim go = new();
        int done = 0;
        Task task = Task.Run(() =>
        {
            s_begun.Set();
            go.Wait();
            done++;
        });
        s_begun.Wait();
        int pid = Os.Fork(s_patient with { AllowPoolWork = true });
        go.Set();
        task.Wait();
        Console.WriteLine(pid == 0 ? $"child {done}" : $"{Os.WaitPid(pid).Status} {done}");
        return 0;
    }

    /// <summary>Forks so often from a program that collects all the time; each comes about or is refused.</summary>
    public static int WhileCollecting(string[] arguments)
    {
        using CancellationTokenSource end = new();
        CancellationToken ended = end.Token;
        Start("allocator", () => Allocate(ended));
        int good = 0, refused = 0;
        int count = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        for (int i = 0; i < count; i++)
        {
            if (!Os.TryFork(out int pid, out _, new() { Patience = TimeSpan.FromMilliseconds(20) }))
            {
                refused++;
                continue;
            }

            if (pid == 0)
            {
                GC.Collect();
                return Task.Run(() => 7).Result;
            }

            good += Os.WaitPid(pid).Status.ExitStatus == 7 ? 1 : 0;
        }

        end.Cancel();
        Console.WriteLine(good + refused == count ? "each right or refused" : $"{good} right, {refused} refused of {count}");
        return 0;
    }

    /// <summary>Forks so often, one child after another, and looks what is left of them.</summary>
    public static int Many(string[] arguments)
    {
        int count = int.Parse(arguments[0], CultureInfo.InvariantCulture), bad = 0;
        using Timer timer = new(static _ => { }, null, 1, 1);
        string[] before = [];
        for (int i = 0; i < count; i++)
        {
            int pid = Fork();
            if (pid == 0)
            {
                GC.Collect(0);
                return Task.Run(() => 7).Result;
            }

            bad += Os.WaitPid(pid).Status.ExitStatus == 7 ? 0 : 1;
            before = i == 0 ? FindDescriptors() : before;
        }

        string[] more = [.. FindDescriptors().Except(before, StringComparer.Ordinal)];
        Console.WriteLine($"{bad} [{string.Join(' ', more)}] {ChildLibc.NoChildIsLeft()}");
        return 0;
    }

    /// <summary>A timer that takes the children's lock every millisecond, and whether it goes on in so many children.</summary>
    public static int TimerAtTable(string[] arguments)
    {
        using Gannet.Child asked = Command.Of("sleep", "infinity").Start();
        int count = int.Parse(arguments[0], CultureInfo.InvariantCulture), bad = 0, turns = 0;
        using Timer timer = new(_ => Ask(), null, 1, 1);
        for (int i = 0; i < count; i++)
        {
            int pid = Fork();
            if (pid == 0)
            {
                int begun = Volatile.Read(ref turns);
                // Every call that has come by then must end, also one that came before anything else ran here.
                bool moves = SpinWait.SpinUntil(() => Volatile.Read(ref turns) > begun + 2, TimeSpan.FromSeconds(30));
                Os.ExitNow(moves && SpinWait.SpinUntil(() => Volatile.Read(ref s_asking) == 0, TimeSpan.FromSeconds(30)) ? 0 : 1);
            }

            bad += Os.WaitPid(pid).Status.ExitStatus == 0 ? 0 : 1;
        }

        Console.WriteLine(bad);
        asked.Kill();
        asked.Wait();
        return 0;

        void Ask()
        {
            Interlocked.Increment(ref s_asking);
            // The room's lock; and a record's, which is none of the child's children.
            _ = ChildTable.Holds(asked.Pid);
            Interlocked.Increment(ref turns);
            Interlocked.Decrement(ref s_asking);
        }
    }

    /// <summary>How many descriptors the child has more than the parent.</summary>
    public static int ChildDescriptors(string[] arguments)
    {
        // What the first fork opens stays open.
        Os.WaitPid(Os.Fork(() => 0, s_patient));
        int before = CountDescriptors();
        int pid = Fork();
        if (pid == 0)
        {
            return CountDescriptors();
        }

        Console.WriteLine(Os.WaitPid(pid).Status.ExitStatus - before);
        return 0;
    }

    /// <summary>What the child has of its own of the parent's memory.</summary>
    public static int SharedMemory(string[] arguments)
    {
        byte[] memory = GC.AllocateUninitializedArray<byte>(200 * Mebibyte, pinned: true);
        for (int i = 0; i < memory.Length; i += Page)
        {
            memory[i] = 1;
        }

        int pid = Fork();
        if (pid == 0)
        {
            const string key = "Private_Dirty:";
            string line = File.ReadLines("/proc/self/smaps_rollup").First(text => text.StartsWith(key, StringComparison.Ordinal));
            int kibibytes = int.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            Console.WriteLine(kibibytes < 50 * 1024 ? "little" : $"{kibibytes} kB");
            GC.KeepAlive(memory);
            return 0;
        }

        Os.WaitPid(pid);
        GC.KeepAlive(memory);
        return 0;
    }

    /// <summary>A thread that writes more to standard output than anybody reads.</summary>
    public static int OutputFull(string[] arguments)
    {
        (SafeFileHandle read, SafeFileHandle write) = Os.Pipe();
        using (read)
        using (Sys.Redirect(1, write))
        {
            Start("writer", () =>
            {
                s_begun.Set();
                Console.Write(new string('x', Mebibyte));
            });
            s_begun.Wait();
            SpinWait.SpinUntil(() => !Monitor.TryEnter(Console.Out) || Release(Console.Out));
            bool forked;
            ForkException? refusal;
            int attempts = 0;
            do
            {
                forked = Os.TryFork(out _, out refusal, s_impatient);
            }
            while (!forked && attempts++ < MostAttempts && refusal!.Reason is not ForkReason.Busy);

            // The console would wait for that lock at its first use.
            Libc.WriteAll(2, Encoding.ASCII.GetBytes($"{forked} {refusal?.Reason}\n"));
            Os.ExitNow(0);
        }

        return 1;

        static bool Release(object held)
        {
            Monitor.Exit(held);
            return false;
        }
    }

    /// <summary>Two threads that fork at the same time.</summary>
    public static int AtTheSameTime(string[] arguments)
    {
        int good = 0;
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(ForkSome))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Console.WriteLine(good);
        return 0;

        void ForkSome()
        {
            for (int i = 0; i < 10; i++)
            {
                int pid = Os.Fork(() => 7, s_patient);
                Interlocked.Add(ref good, Os.WaitPid(pid).Status.ExitStatus == 7 ? 1 : 0);
            }
        }
    }

    /// <summary>A thread of the pool that forks, after which the main thread is not there.</summary>
    public static int FromPool(string[] arguments)
    {
        Console.WriteLine(Task.Run(ForkAndWait).Result);
        return 0;

        static string ForkAndWait()
        {
            int pid = Os.Fork(() => Task.Run(() => 7).Result, s_patient);
            return Os.WaitPid(pid).Status.ToString();
        }
    }

    /// <summary>A program whose output was read asynchronously, disposed in both processes.</summary>
    public static int InheritedWatch(string[] arguments)
    {
        byte[] buffer = new byte[2];
        using Gannet.Child program = Command.Of("sh", "-c", "sleep 0.1; echo 1; exec sleep infinity").WithStdout(Stdio.Pipe).Start();
        _ = program.Stdout.ReadAtLeastAsync(buffer, 2).AsTask().Result;
        int pid = Fork();
        if (pid == 0)
        {
            Console.Write(Encoding.ASCII.GetString(buffer));
            return 7;
        }

        WaitStatus status = Os.WaitPid(pid).Status;
        Console.Write(Encoding.ASCII.GetString(buffer));
        Console.WriteLine(status);
        program.Kill();
        return 0;
    }

    /// <summary>A handle that the child is not to have.</summary>
    public static int CloseInChild(string[] arguments)
    {
        (SafeFileHandle read, SafeFileHandle write) = Os.Pipe();
        int pid = Os.Fork(s_patient with { CloseInChild = [write] });
        if (pid == 0)
        {
            Console.WriteLine($"{write.IsClosed} {read.IsClosed}");
            return 0;
        }

        Os.WaitPid(pid);
        Console.WriteLine(write.IsClosed);
        return 0;
    }

    /// <summary>Diagnostic endpoints of the parent, after a child's clean end.</summary>
    public static int Endpoints(string[] arguments)
    {
        string[] Find() => Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{Environment.ProcessId}-*");
        // Made by a thread of the runtime's, soon after its start.
        bool exists = SpinWait.SpinUntil(() => Find().Length > 0, TimeSpan.FromSeconds(30));
        int before = Find().Length;
        Os.WaitPid(Os.Fork(() => 0, s_patient));
        Console.WriteLine($"{exists} {Find().Length == before}");
        return 0;
    }

    private static string TryFork()
    {
        for (int i = 0; i < MostAttempts; i++)
        {
            if (Os.TryFork(out int pid, out ForkException? refusal, s_impatient))
            {
                if (pid == 0)
                {
                    Os.ExitNow(0);
                }

                return $"forked {Os.WaitPid(pid).Status}";
            }

            // Now and then something else stands in the way as well.
            if (refusal.Reason is ForkReason.Tracing)
            {
                return $"{refusal.Reason} {refusal.Message}";
            }
        }

        return "refused for other reasons";
    }

    private static int Fork() => Os.Fork(s_patient);

    private static int CountDescriptors() => FindDescriptors().Length;

    // But for libraries, which the compiler may load at any time, and the one by which they are listed.
    private static string[] FindDescriptors() =>
    [
        .. from file in Directory.GetFiles("/proc/self/fd")
           let target = new FileInfo(file).LinkTarget
           where target is not null && !target.EndsWith(".dll", StringComparison.Ordinal)
           select $"{Path.GetFileName(file)}:{target}",
    ];

    private static void WriteText(SafeFileHandle pipe, string text)
    {
        using FileStream stream = new(pipe, FileAccess.Write, bufferSize: 0);
        stream.Write(Encoding.ASCII.GetBytes(text));
    }

    private static string ReadToEnd(SafeFileHandle pipe)
    {
        using StreamReader reader = new(new FileStream(pipe, FileAccess.Read));
        return reader.ReadToEnd();
    }

    private static void Start(string name, ThreadStart body) => new Thread(body) { IsBackground = true, Name = name }.Start();

    private static void Begin(CancellationToken ended)
    {
        s_begun.Set();
        ended.WaitHandle.WaitOne();
    }

    // In the C library, where the collector has no say.
    private static void Burn(CancellationToken ended)
    {
        s_begun.Set();
        while (!ended.IsCancellationRequested)
        {
            Crypt.Hash("password", "$6$saltsalt");
        }
    }

    private static void Spin(CancellationToken ended)
    {
        s_begun.Set();
        while (!ended.IsCancellationRequested)
        {
        }
    }

    private static void Allocate(CancellationToken ended)
    {
        List<object> kept = [];
        while (!ended.IsCancellationRequested)
        {
            kept.Add(new byte[1000]);
            if (kept.Count > 10_000)
            {
                kept.Clear();
            }
        }
    }
}
