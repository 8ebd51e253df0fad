using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>
/// Forks again and again from a program in which a great deal goes on, and has each child do one thing that a .NET program does. A
/// child that does it ends with 7; one that hangs is ended by its alarm.
/// </summary>
internal static class ForkMatrix
{
    private const int Good = 7;
    private const int Bad = 3;
    private const int Broken = 9;
    private const int SocketTimeout = 9000;
    private const int LargeObject = 200_000;
    private const int OwnFinalized = 100;
    private const int InheritedFinalized = 50;
    private const int NestingDepth = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_childPatience = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, Kind> s_kinds = new()
    {
        ["returns"] = new(() => Good),
        ["exits"] = new(() => Leave(() => Environment.Exit(Good))),
        ["exits-at-once"] = new(() => Leave(() => Os.ExitNow(Good))),
        ["is-killed"] = new(() => Leave(() => Signals.Raise(Signal.SIGKILL)), Expected: "signal 9 (SIGKILL)"),
        ["executes"] = new(() => Leave(() => Os.Execv("/bin/sh", ["sh", "-c", "exit 7"]))),
        ["identifies"] = new(Identify),
        ["collects"] = new(Collect),
        ["collects-beside-loop"] = new(CollectBesideLoop),
        ["finalizes"] = new(RunFinalizers),
        ["finalizes-inherited"] = new(RunInheritedFinalizers, Before: () => Finalized.Make(InheritedFinalized)),
        ["compiles"] = new(Compile),
        ["starts-threads"] = new(StartThreads),
        ["uses-pool"] = new(UsePool),
        ["uses-timers"] = new(UseTimers),
        ["inherits-timer"] = new(InheritTimer),
        ["writes-console"] = new(WriteConsole),
        ["uses-files"] = new(UseFiles),
        ["uses-sockets"] = new(UseSockets),
        ["accepts-on-inherited-socket"] = new(AcceptOnInherited),
        ["handles-inherited-signals"] = new(HandleInherited, InParent: SendSignals),
        ["handles-new-signals"] = new(HandleNew),
        ["runs-command"] = new(RunCommand),
        ["runs-command-async"] = new(RunCommandAsync),
        ["runs-process"] = new(RunProcess),
        ["has-no-children"] = new(HaveNoChildren),
        ["allocates-on-many-threads"] = new(AllocateOnManyThreads),
        ["changes-user"] = new(ChangeUser),
        ["forks"] = new(() => Nest(NestingDepth)),
    };

    private static int s_ticks;
    private static int s_gannetSignals;
    private static int s_runtimeSignals;
    private static Socket s_listener = null!;
    private static StartedChildren s_started = null!;

    /// <summary>Forks so many children of each kind, or of the kinds that are named.</summary>
    public static int Run(string[] arguments)
    {
        int count = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        string[] names = arguments.Length > 1 ? arguments[1..] : [.. s_kinds.Keys];
        using ManualResetEventSlim end = new();
        List<object> kept = MakeBusyProgram(end);
        foreach (string name in names)
        {
            for (int i = 0; i < count; i++)
            {
                if (ForkOne(name, s_kinds[name]) is { } status)
                {
                    return status;
                }
            }
        }

        Console.WriteLine(Work() == Good ? "parent well" : "parent unwell");
        s_started.Dispose();
        end.Set();
        GC.KeepAlive(kept);
        return 0;
    }

    /// <summary>The exit status in the child; null in the parent.</summary>
    private static int? ForkOne(string name, Kind kind)
    {
        kind.Before?.Invoke();
        (SafeFileHandle read, SafeFileHandle write) = Os.Pipe();
        using (read)
        using (write)
        {
            Kind.Pipe = write;
            if (!Os.TryFork(out int pid, out ForkException? refusal, new() { Patience = s_patience }))
            {
                Console.WriteLine($"{name}: {refusal.Message}");
                return null;
            }

            if (pid == 0)
            {
                return RunChild(name, kind);
            }

            write.Dispose();
            kind.InParent?.Invoke(pid, read);
            if (Os.WaitPid(pid, s_childPatience) is not { } end)
            {
                Console.WriteLine($"{name}: hangs");
                Os.Kill(pid, Signal.SIGKILL);
                Os.WaitPid(pid);
            }
            else if (end.Status.ToString() != kind.Expected)
            {
                Console.WriteLine($"{name}: {end.Status}");
            }
        }

        return null;
    }

    private static int RunChild(string name, Kind kind)
    {
        try
        {
            return kind.Child();
        }
        catch (Exception error)
        {
            Console.WriteLine($"{name}: {error}");
            Os.ExitNow(Broken);
            return Broken;
        }
    }

    // What a real program has going on when it forks. All of it waits.
    private static List<object> MakeBusyProgram(ManualResetEventSlim end)
    {
        object monitor = new();
        Start(isBackground: false, end.Wait);
        Start(isBackground: true, () => Thread.Sleep(Timeout.Infinite));
        Start(isBackground: true, () => new SemaphoreSlim(0).Wait());
        Start(isBackground: true, () => { lock (monitor) { Monitor.Wait(monitor); } });
        Task.Run(() => Start(isBackground: true, () => Thread.Sleep(Timeout.Infinite))).Wait();
        s_listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        s_listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        s_listener.Listen();
        (Socket client, Socket server) = Connect(s_listener);
        Signals.Set(Signal.SIGUSR1, (_, _) => Interlocked.Increment(ref s_gannetSignals));
        PosixSignalRegistration registration = PosixSignalRegistration.Create((PosixSignal)(int)Signal.SIGUSR2, context =>
        {
            Interlocked.Increment(ref s_runtimeSignals);
            context.Cancel = true;
        });
        AtExit.Register(static () => { });
        _ = Environment.ProcessId;
        s_started = new();
        return [client, server, registration, new Timer(_ => Interlocked.Increment(ref s_ticks), null, 10, 10)];
    }

    private static void Start(bool isBackground, ThreadStart body) => new Thread(body) { IsBackground = isBackground }.Start();

    private static int Leave(Action leave)
    {
        leave();
        return Bad;
    }

    private static int Check(bool isGood) => isGood ? Good : Bad;

    private static bool Await(Func<bool> condition) => SpinWait.SpinUntil(() => condition() || Nap(), TimeSpan.FromSeconds(ChildLibc.Watchdog));

    private static bool Nap()
    {
        Thread.Sleep(1);
        return false;
    }

    private static int Identify()
    {
        int self = int.Parse(File.ResolveLinkTarget("/proc/self", returnFinalTarget: false)!.Name, CultureInfo.InvariantCulture);
        using Process process = Process.GetCurrentProcess();
        return Check(Environment.ProcessId == self && Os.GetPid() == self && process.Id == self && Os.GetPPid() != self);
    }

    private static int Collect()
    {
        for (int i = 0; i < 20; i++)
        {
            List<string> garbage = [.. Enumerable.Range(0, 1000).Select(number => $"x{number}")];
            byte[] large = new byte[LargeObject];
            GC.KeepAlive((garbage, large));
        }

        GC.Collect(0);
        GC.Collect(1);
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.Collect(2, GCCollectionMode.Forced, blocking: false);
        return Good;
    }

    // A thread that calls nothing has to be stopped by a signal, whose handler must know it by its new number.
    private static int CollectBesideLoop()
    {
        bool isOver = false;
        Thread collector = new(() =>
        {
            GC.Collect();
            Volatile.Write(ref isOver, true);
        });
        collector.Start();
        Loop(ref isOver);
        collector.Join();
        return Good;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Loop(ref bool isOver)
        {
            while (!Volatile.Read(ref isOver))
            {
            }
        }
    }

    private static int RunFinalizers()
    {
        Finalized.Make(OwnFinalized);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Check(Finalized.Count >= OwnFinalized - 1);
    }

    private static int RunInheritedFinalizers()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Check(Finalized.Count >= InheritedFinalized - 1);
    }

    private static int Compile()
    {
        long sum = 0;
        for (int i = 0; i < 200; i++)
        {
            sum += Tiered(i);
        }

        return Check(sum == 19900 && new Regex("a+b|c", RegexOptions.Compiled).IsMatch("xaab"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Tiered(int number) => number;

    private static int StartThreads()
    {
        int ran = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() => Interlocked.Increment(ref ran)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return Check(ran == threads.Length);
    }

    private static int UsePool()
    {
        long sum = 0;
        Parallel.For(0, 100, number => Interlocked.Add(ref sum, number));
        return Check(sum == 4950 && Task.Run(() => 42).Result == 42);
    }

    private static int UseTimers()
    {
        int ticks = 0;
        using Timer timer = new(_ => Interlocked.Increment(ref ticks), null, 1, 1);
        return Check(DelayAsync().Result == 42 && Await(() => ticks > 1));

        static async Task<int> DelayAsync()
        {
            await Task.Delay(2);
            return 42;
        }
    }

    private static int InheritTimer()
    {
        int before = s_ticks;
        return Check(Await(() => s_ticks > before));
    }

    private static int WriteConsole()
    {
        Console.Error.Write("");
        Console.Write("");
        Console.Out.Flush();
        return Good;
    }

    private static int UseFiles()
    {
        string path = Path.GetTempFileName();
        File.WriteAllTextAsync(path, "text").Wait();
        string text = File.ReadAllTextAsync(path).Result;
        File.Delete(path);
        return Check(text is "text");
    }

    private static int UseSockets()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        (Socket client, Socket server) = Connect(listener);
        byte[] buffer = new byte[3];
        Task<int> received = server.ReceiveAsync(buffer);
        client.SendAsync(new byte[] { 1, 2, 3 }).Wait(SocketTimeout);
        return Check(received.Wait(SocketTimeout) && received.Result == 3 && buffer[2] == 3);
    }

    private static int AcceptOnInherited()
    {
        (Socket client, Socket server) = Connect(s_listener);
        return Check(client.Connected && server.Connected);
    }

    private static (Socket Client, Socket Server) Connect(Socket listener)
    {
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Task<Socket> accepted = listener.AcceptAsync();
        client.ConnectAsync(listener.LocalEndPoint!).Wait(SocketTimeout);
        return accepted.Wait(SocketTimeout) ? (client, accepted.Result) : throw new TimeoutException("Nobody is connected.");
    }

    // In the parent: to the child alone.
    private static void SendSignals(int child, SafeFileHandle ready)
    {
        (int gannet, int runtime) = (s_gannetSignals, s_runtimeSignals);
        if (ReadOne(ready))
        {
            Os.Kill(child, Signal.SIGUSR1);
            Os.Kill(child, Signal.SIGUSR2);
            ReadOne(ready);
        }

        if ((gannet, runtime) != (s_gannetSignals, s_runtimeSignals))
        {
            Console.WriteLine("the parent's handlers ran");
        }
    }

    private static bool ReadOne(SafeFileHandle pipe)
    {
        using FileStream stream = new(Os.Dup(pipe), FileAccess.Read, bufferSize: 0);
        return stream.ReadByte() >= 0;
    }

    private static int HandleInherited()
    {
        (int gannet, int runtime) = (s_gannetSignals, s_runtimeSignals);
        using FileStream stream = new(Kind.Pipe!, FileAccess.Write, bufferSize: 0);
        stream.WriteByte(1);
        bool came = Await(() => s_gannetSignals == gannet + 1 && s_runtimeSignals == runtime + 1);
        stream.WriteByte(1);
        return Check(came);
    }

    private static int HandleNew()
    {
        int hangUps = 0, windows = 0;
        Signals.Set(Signal.SIGURG, (_, _) => Interlocked.Increment(ref windows));
        using PosixSignalRegistration registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            Interlocked.Increment(ref hangUps);
            context.Cancel = true;
        });
        Os.Kill(Environment.ProcessId, Signal.SIGHUP);
        Os.Kill(Environment.ProcessId, Signal.SIGURG);
        return Check(Await(() => hangUps == 1 && windows == 1));
    }

    private static int RunCommand() => Check(Command.Of("/bin/sh", "-c", "echo hi").Capture().Output is "hi\n");

    private static int RunCommandAsync() => Check(Command.Of("/bin/sh", "-c", "echo hi").CaptureAsync().Result.Output is "hi\n");

    private static int RunProcess()
    {
        ProcessStartInfo start = new("/bin/sh") { UseShellExecute = false, RedirectStandardOutput = true, ArgumentList = { "-c", "echo hi; exit 5" } };
        using Process process = new() { StartInfo = start, EnableRaisingEvents = true };
        int exited = 0;
        process.Exited += (_, _) => exited = 1;
        process.Start();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Check(process.ExitCode == 5 && text is "hi\n" && Await(() => exited == 1));
    }

    private static int HaveNoChildren() =>
        Check(HasNoChild(() => Os.Wait()) && HasNoChild(() => s_started.Command.Poll()) && ChildLibc.NoChildIsLeft());

    private static bool HasNoChild(Action wait)
    {
        try
        {
            wait();
            return false;
        }
        catch (OsException error)
        {
            return error.Errno is Errno.ECHILD;
        }
    }

    private static int AllocateOnManyThreads()
    {
        Parallel.For(0, 4, _ => Collect());
        return Good;
    }

    private static int ChangeUser()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return Good;
        }

        const uint nobody = 65534;
        Os.SetGroups([]);
        Os.SetGid(nobody);
        Os.SetUid(nobody);
        GC.Collect();
        return Check(Os.GetUid() == nobody && Work() == Good);
    }

    private static int Work()
    {
        int[] results = [Collect(), RunFinalizers(), StartThreads(), UsePool(), UseTimers()];
        return Check(results.All(result => result == Good));
    }

    private static int Nest(int depth)
    {
        if (depth == 0)
        {
            return Good;
        }

        int pid = Os.Fork(new ForkOptions { Patience = s_patience });
        if (pid == 0)
        {
            return UsePool() == Good ? Nest(depth - 1) : Bad;
        }

        return Check(Os.WaitPid(pid).Status.ExitStatus == Good && UsePool() == Good && RunFinalizers() == Good);
    }

    /// <summary>What a child does.</summary>
    /// <param name="Child">In the child; the exit status.</param>
    /// <param name="Before">In the parent before the fork.</param>
    /// <param name="InParent">In the parent meanwhile.</param>
    /// <param name="Expected">How it ends.</param>
    private sealed record Kind(
        Func<int> Child, Action? Before = null, Action<int, SafeFileHandle>? InParent = null, string Expected = "exit 7")
    {
        /// <summary>The child's end of a pipe to the parent.</summary>
        public static SafeFileHandle? Pipe { get; set; }
    }

    /// <summary>Children of the parent that run all the time.</summary>
    private sealed class StartedChildren : IDisposable
    {
        private readonly Process _process = Process.Start("/bin/sleep", "1000");
        private readonly Task _watch;

        public StartedChildren() => _watch = Command.WaitAsync();

        public Gannet.Child Command { get; } = Gannet.Command.Of("/bin/sleep", "1000").Start();

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
            Command.Kill();
            _watch.Wait();
            Command.Dispose();
        }
    }

    private sealed class Finalized
    {
        private static int s_count;

#pragma warning disable MA0055 // Finalizers are what is tested.
        ~Finalized() => Interlocked.Increment(ref s_count);
#pragma warning restore MA0055

        internal static int Count => s_count;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Make(int count)
        {
            s_count = 0;
            for (int i = 0; i < count; i++)
            {
                _ = new Finalized();
            }
        }
    }
}
