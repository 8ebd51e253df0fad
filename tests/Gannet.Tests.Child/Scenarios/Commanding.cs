using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;
using StartedChild = Gannet.Child;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Commands run by a process whose state other tests could not bear. Each prints what it finds.</summary>
internal static class Commanding
{
    private const uint Nobody = 65534;
    private const int ManyChildren = 1000;
    private const ulong Gibibyte = 1ul << 30;
    private const int TouchedPage = 64;

    private static readonly Command s_true = Command.Of("/bin/true");

    /// <summary>The streams of this process go to the child.</summary>
    public static int Inherits(string[] arguments)
    {
        Command command = Command.Of("/bin/sh", "-c", "cat; echo error >&2");
        return (arguments[0] is "async" ? command.RunAsync().GetAwaiter().GetResult() : command.Run()).Status.ExitStatus ?? 1;
    }

    /// <summary>The child's error output goes where this process's output goes.</summary>
    public static int MergesIntoInherited(string[] arguments) =>
        Command.Of("/bin/sh", "-c", "echo out; echo error >&2").WithMergedOutput().Run().Status.ExitStatus ?? 1;

    /// <summary>What a child's terminal shows goes to this process's output.</summary>
    public static int RunsOnTerminal(string[] arguments)
    {
        Command command = Command.Of("/bin/sh", "-c", "test -t 1 && echo out; test -t 2 && echo error >&2").WithTerminal();
        command.Run().EnsureSuccess();
        command.RunAsync().GetAwaiter().GetResult().EnsureSuccess();
        return 0;
    }

    /// <summary>Types Ctrl-C, and hangs up.</summary>
    public static int InterruptsOnTerminal(string[] arguments)
    {
        Command sleeper = Command.Of("/bin/sleep", "60").WithTerminal();
        using StartedChild interrupted = sleeper.Start(), left = sleeper.Start();
        interrupted.Terminal.Type("\x03");
        left.Terminal.Dispose();
        Console.WriteLine(interrupted.Wait());
        Console.WriteLine(left.Wait());
        return 0;
    }

    /// <summary>Captures with each set of the standard streams closed, and reports into a file.</summary>
    public static int WithStandardStreamsClosed(string[] arguments)
    {
        Command command = Command.Of("/bin/sh", "-c", "cat; echo error >&2").WithInput("in");
        using StreamWriter report = new(arguments[0]);
        // What the runtime loads at the first use it would open in the place of a stream, where it is closed below while it is read.
        command.Capture();
        command.CaptureAsync().GetAwaiter().GetResult();
        for (int set = 0; set < 8; set++)
        {
            for (int fd = 0; fd < 3; fd++)
            {
                if ((set & (1 << fd)) != 0)
                {
                    Libc.Close(fd);
                }
            }

            CapturedText sync = command.Capture(), other = command.CaptureAsync().GetAwaiter().GetResult();
            report.WriteLine($"{set} in->{sync.Output}|{sync.Error.Trim()}");
            report.WriteLine($"{set} in->{other.Output}|{other.Error.Trim()}");
            for (int fd = 0; fd < 3; fd++)
            {
                using SafeFileHandle file = Libc.Open("/dev/null", 2);
                Libc.Dup3((int)file.DangerousGetHandle(), fd, 0);
            }
        }

        return 0;
    }

    /// <summary>Runs commands in every way, good ones and bad ones, and looks what is left of them.</summary>
    public static int LeavesNothing(string[] arguments)
    {
        // What the runtime and the library open at their first use stays.
        RunAll();
        RunAll();
        int before = CountDescriptors();
        for (int i = 0; i < 5; i++)
        {
            RunAll();
        }

        Await(() => CountDescriptors() <= before && ChildLibc.NoChildIsLeft());
        Console.WriteLine(CountDescriptors() <= before ? "nothing left" : $"{CountDescriptors()} descriptors instead of {before}");
        return 0;
    }

    /// <summary>Starts a child on a thread that ends, which is to die with this process.</summary>
    public static int WithDeathSignal(string[] arguments)
    {
        Thread thread = new(() => Console.WriteLine(
            $"child {Command.Of("/bin/sleep", "60").WithParentDeathSignal(Signal.SIGTERM).WithStdout(Stdio.Null).WithStderr(Stdio.Null).Start().Pid}."));
        thread.Start();
        thread.Join();
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    /// <summary>A child of root, and this process another user by now.</summary>
    public static int SignalsAnotherUsersChild(string[] arguments)
    {
        using StartedChild child = Command.Of("/bin/cat").WithStdin(Stdio.Pipe).Start();
        BecomeNobody();
        try
        {
            child.SendSignal(Signal.SIGTERM);
        }
        catch (OsException error)
        {
            Console.WriteLine($"{error.Errno} {error.Operation}");
        }

        child.Stdin.Dispose();
        return child.Wait().ExitStatus ?? 1;
    }

    /// <summary>No descriptor is left for a pipe, or for waiting; then there are some again.</summary>
    public static int WithoutFreeDescriptor(string[] arguments)
    {
        Try(() => Command.Of("/no/such").Capture());
        SetLimit(ResourceLimit.RLIMIT_NOFILE, 300);
        using StartedChild child = Command.Of("/bin/sh", "-c", "read line; exit 5").WithStdin(Stdio.Pipe).Start();
        List<int> taken = [];
        for (int fd; (fd = ChildLibc.dup(0)) >= 0;)
        {
            taken.Add(fd);
        }

        Try(() => s_true.Capture());
        Try(() => s_true.Run());
        Try(() => s_true.WithStdin(Stdio.File("/dev/null")).Run());
        Try(() => s_true.WithStdin(Stdio.Pipe).Start());
        Try(() => child.WaitAsync().GetAwaiter().GetResult());
        taken.ForEach(Libc.Close);
        child.Stdin.Dispose();
        Console.WriteLine($"{child.WaitAsync().GetAwaiter().GetResult()}; {s_true.CaptureAsync().GetAwaiter().GetResult().Status}");
        Console.WriteLine(ChildLibc.NoChildIsLeft());
        return 0;
    }

    /// <summary>A thousand children at once, all waited for.</summary>
    public static int ManyAtOnce(string[] arguments)
    {
        Command command = Command.Of("/bin/cat").WithStdin(Stdio.Pipe).WithStdout(Stdio.Pipe);
        int before = CountThreads();
        StartedChild[] children = [.. Enumerable.Range(0, ManyChildren).Select(_ => command.Start())];
        Task<WaitStatus>[] waits = [.. children.Select(child => child.WaitAsync())];
        Task<int>[] reads = [.. children.Select(child => child.Stdout.ReadAsync(new byte[1]).AsTask())];
        Console.WriteLine($"alive {children.Count(child => child.SendSignal(Signal.None))} waiting {waits.Count(wait => !wait.IsCompleted)}");
        int during = CountThreads();
        Array.ForEach(children, child => child.Stdin.Dispose());
        int ended = Task.WhenAll(waits).GetAwaiter().GetResult().Count(status => status.ExitStatus is 0);
        int closed = Task.WhenAll(reads).GetAwaiter().GetResult().Count(count => count == 0);
        Array.ForEach(children, child => child.Dispose());
        Console.WriteLine($"ended {ended} closed {closed} left {!ChildLibc.NoChildIsLeft()}");
        Console.WriteLine(during - before);
        return 0;
    }

    /// <summary>Compares the start of a program from a small and from a large process, and what of the large one is copied.</summary>
    public static unsafe int FromLargeProcess(string[] arguments)
    {
        TimeSpan small = FastestRuns();
        nuint size = unchecked((nuint)(4 * Gibibyte)), page = (nuint)Environment.SystemPageSize;
        byte* memory = (byte*)NativeMemory.AlignedAlloc(size, page);
        // In small pages, which are dear to copy.
        _ = ChildLibc.madvise(memory, size, ChildLibc.MADV_NOHUGEPAGE);
        if (ChildLibc.madvise(memory, size, ChildLibc.MADV_POPULATE_WRITE) != 0)
        {
            Touch(memory, size, page);
        }

        TimeSpan large = FastestRuns();
        // After a copy of the page tables each page that is written to faults.
        long faults = MinorFaults();
        Touch(memory, size, page * TouchedPage);
        faults = MinorFaults() - faults;
        NativeMemory.AlignedFree(memory);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{large / small:0.00} {faults}"));
        return 0;
    }

    /// <summary>The first process of its namespace: its own children, those of others, and orphans.</summary>
    public static int AsInit(string[] arguments)
    {
        Console.WriteLine($"pid {Environment.ProcessId}");
        Console.WriteLine(s_true.Run().Status);
        Console.WriteLine(Command.Of("/bin/cat").WithInput("x").CaptureAsync().GetAwaiter().GetResult().Output);
        using IDisposable reaper = Os.ReapOrphans();
        // Each leaves an orphan, which ends when this process is its parent.
        for (int i = 0; i < 5; i++)
        {
            Command.Of("/bin/sh", "-c", "sleep 0.1 & exit 0").Run().EnsureSuccess();
        }

        RunAll();
        // From its first use on, the framework's class has the runtime of a first process reap every child of it (pal_signal.c): before
        // Linux 6.15 a status can be lost then, which is told, and nothing hangs.
        RunProcess(3);
        Expect(Outcome(() => s_true.Run().Status) is "exit 0" or "waitid ECHILD");
        RunProcess(4);
        Await(ChildLibc.NoChildIsLeft);
        Console.WriteLine(ChildLibc.NoChildIsLeft());
        return 0;
    }

    /// <summary>The framework's own class for processes beside ours, both at once.</summary>
    public static int BesideProcess(string[] arguments)
    {
        Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (i % 2 == 0)
            {
                RunProcess(i);
            }
            else if (Command.Of("/bin/sh", "-c", $"exit {i}").Run().Status.ExitStatus != i)
            {
                throw new InvalidOperationException("A status was lost.");
            }
        });
        Task<WaitStatus>[] waits = [.. Enumerable.Range(0, 20).Select(async i =>
        {
            using StartedChild child = Command.Of("/bin/sh", "-c", $"sleep 0.0{i % 10}; exit {i}").Start();
            using Process process = Process.Start("/bin/sh", ["-c", $"exit {i}"]);
            await process.WaitForExitAsync();
            WaitStatus status = await child.WaitAsync();
            return (status.ExitStatus, process.ExitCode) == (i, i) ? status : throw new InvalidOperationException("A status was lost.");
        })];
        Task.WhenAll(waits).GetAwaiter().GetResult();
        Await(ChildLibc.NoChildIsLeft);
        Console.WriteLine($"all told {ChildLibc.NoChildIsLeft()}");
        return 0;
    }

    /// <summary>Signals that this process handles come all the time: no call may take one for an end or an error.</summary>
    public static int AmongSignals(string[] arguments)
    {
        const int windowChanged = 28;
        using PosixSignalRegistration handled = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => { });
        using CancellationTokenSource done = new();
        Thread signals = new(() =>
        {
            while (!done.IsCancellationRequested)
            {
                _ = ChildLibc.kill(Environment.ProcessId, windowChanged);
                Thread.Sleep(1);
            }
        });
        signals.Start();
        RunAll();
        RunAll();
        TimeSpan time = TimeSpan.FromMilliseconds(200);
        using StartedChild child = Command.Of("/bin/sleep", "60").Start();
        Stopwatch clock = Stopwatch.StartNew();
        Expect(child.Wait(time) is null && clock.Elapsed >= time);
        Expect(child.Terminate().TermSignal is Signal.SIGTERM);
        done.Cancel();
        signals.Join();
        Console.WriteLine("undisturbed");
        return 0;
    }

    /// <summary>Started with SIGCHLD ignored: the kernel would reap all children by itself.</summary>
    public static int WithChildSignalIgnored(string[] arguments)
    {
        Console.WriteLine(Command.Of("/bin/sh", "-c", "exit 4").Run().Status);
        using StartedChild child = Command.Of("/bin/sh", "-c", "exit 5").Start();
        Thread.Sleep(50);
        Console.WriteLine(child.WaitAsync().GetAwaiter().GetResult());
        RunProcess(6);
        Console.WriteLine(ChildLibc.NoChildIsLeft());
        return 0;
    }

    private static void RunAll()
    {
        using MemoryStream input = new(new byte[200_000]), output = new();
        Command cat = Command.Of("/bin/cat");
        Expect(cat.WithInput(new byte[200_000]).CaptureBytes().Output.Length == 200_000);
        Expect(cat.WithInput("x").CaptureAsync().GetAwaiter().GetResult().Output == "x");
        Expect(cat.WithStdin(Stdio.Stream(input)).WithStdout(Stdio.Stream(output)).Run().Succeeded && output.Length == 200_000);
        Expect(cat.WithStdin(Stdio.Null).WithStdout(Stdio.File("/dev/null")).RunAsync().GetAwaiter().GetResult().Succeeded);
        Expect(Outcome(() => Command.Of("/no/such").WithInput("x").Capture()) == "execve ENOENT");
        Expect(Outcome(() => s_true.In("/no/such").WithStdin(Stdio.Pipe).Start()) == "chdir ENOENT");
        Expect(Outcome(() => s_true.WithStdin(Stdio.Null).WithStdout(Stdio.File("/no/such/file")).Start()) == "open ENOENT");
        Expect(Outcome(() => Command.Of("/bin/sleep", "60").Capture(TimeSpan.FromMilliseconds(1))) == nameof(CommandTimeoutException));
        Expect(Outcome(() => Command.Of("yes").WithOutputLimit(10).CaptureAsync().GetAwaiter().GetResult()) == nameof(OutputLimitException));
        using CancellationTokenSource cancel = new();
        Task<CommandResult> run = Command.Of("/bin/sleep", "60").RunAsync(null, cancel.Token);
        cancel.Cancel();
        Expect(Outcome(() => run.GetAwaiter().GetResult()) == nameof(CommandCanceledException));
        using (StartedChild child = cat.WithStdin(Stdio.Pipe).WithStdout(Stdio.Pipe).WithStderr(Stdio.Pipe).Start())
        {
            Task<int> read = child.Stdout.ReadAsync(new byte[1]).AsTask();
            child.Stdin.Dispose();
            Expect(read.GetAwaiter().GetResult() == 0 && child.Wait().ExitStatus is 0);
        }

        cat.WithStdin(Stdio.Pipe).WithStdout(Stdio.Pipe).Start().Dispose();
        Lose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose() => s_true.WithStdin(Stdio.Pipe).Start();

    private static void RunProcess(int status)
    {
        using Process process = Process.Start("/bin/sh", ["-c", $"exit {status}"]);
        process.WaitForExit();
        Expect(process.ExitCode == status);
    }

    private static TimeSpan FastestRuns()
    {
        const int series = 5, runs = 20;
        TimeSpan fastest = TimeSpan.MaxValue;
        for (int i = 0; i < series; i++)
        {
            Stopwatch clock = Stopwatch.StartNew();
            for (int j = 0; j < runs; j++)
            {
                s_true.Run();
            }

            fastest = clock.Elapsed < fastest ? clock.Elapsed : fastest;
        }

        return fastest;
    }

    private static unsafe void Touch(byte* memory, nuint size, nuint distance)
    {
        for (nuint i = 0; i < size; i += distance)
        {
            memory[i] = 1;
        }
    }

    private static long MinorFaults()
    {
        string stat = File.ReadAllText("/proc/self/stat");
        return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[7], CultureInfo.InvariantCulture);
    }

    private static int CountDescriptors() => Directory.GetFiles("/proc/self/fd").Length;

    private static int CountThreads() => Directory.GetDirectories("/proc/self/task").Length;

    private static void Await(Func<bool> condition)
    {
        for (int i = 0; i < 5000 && !condition(); i++)
        {
            Thread.Sleep(1);
        }
    }

    private static void Expect(bool condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Not so: {what}");
        }
    }

    private static void Try(Func<object> call) => Console.WriteLine(Outcome(call));

    private static string Outcome(Func<object> call)
    {
        try
        {
            return $"{call()}";
        }
        catch (OsException error)
        {
            // EAGAIN has two names; the message has the one that manual pages use.
            return $"{error.Operation} {error.Message[(error.Message.LastIndexOf('(') + 1)..^1]}";
        }
        catch (Exception error)
        {
            return error.GetType().Name;
        }
    }

    private static unsafe void BecomeNobody()
    {
        _ = ChildLibc.setgroups(0, null);
        _ = ChildLibc.setresgid(Nobody, Nobody, Nobody);
        _ = ChildLibc.setresuid(Nobody, Nobody, Nobody);
    }

    private static unsafe void SetLimit(ResourceLimit resource, ulong value)
    {
        ulong* limit = stackalloc ulong[] { value, value };
        _ = ChildLibc.setrlimit((int)resource, limit);
    }
}
