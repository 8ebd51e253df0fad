using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Gannet.Threading;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Threads, where what they do concerns the whole process.</summary>
internal static class Threading
{
    private static readonly TimeSpan s_while = TimeSpan.FromMilliseconds(300);

    public static int Counting(string[] arguments) => Sys.Run(() =>
    {
        EventFlag end = new();
        OsThread unstarted = new(), finished = new();
        finished.Start();
        finished.Join();
        Console.WriteLine(Threads.ActiveCount);
        OsThread[] threads = [.. Enumerable.Range(0, 3).Select(_ => new OsThread(() => end.Wait()))];
        Array.ForEach(threads, thread => thread.Start());
        IReadOnlyList<OsThread> all = Threads.Enumerate();
        Console.WriteLine($"{Threads.ActiveCount} {all.Contains(Threads.Main)} {threads.All(all.Contains)} {all.Contains(unstarted)} {all.Contains(finished)}");
        end.Set();
        Array.ForEach(threads, thread => thread.Join());
        Console.WriteLine(Threads.ActiveCount);
    });

    public static int Names(string[] arguments) => Sys.Run(() =>
    {
        Console.WriteLine($"{Threads.Current.Name} {Threads.Current.IsDaemon} {Threads.Current == Threads.Main} {Threads.Current.NativeId == Environment.ProcessId}");
        Console.WriteLine(string.Join(' ', Enumerable.Range(0, 3).Select(_ => new OsThread().Name)));
        Thread foreign = new(() => Console.WriteLine($"{Threads.Current.Name} {Threads.Current.IsDaemon} {Threads.Current.IsAlive}"));
        foreign.Start();
        foreign.Join();
    });

    public static int Inheriting(string[] arguments) => Sys.Run(() =>
    {
        OsThread? child = null;
        OsThread daemon = new(() => child = new OsThread()) { IsDaemon = true };
        daemon.Start();
        daemon.Join();
        Console.WriteLine($"{new OsThread().IsDaemon} {child!.IsDaemon} {new OsThread(isDaemon: true).IsDaemon} {Threads.StartNew(() => { }).IsDaemon}");
    });

    public static int Failing(string[] arguments) => Sys.Run(() =>
    {
        OsThread thread = new(Fail);
        thread.Start();
        thread.Join();
        OsThread basic = Threads.StartNew(Fail);
        basic.Join();
        Console.WriteLine($"main on {thread.IsAlive}");
    });

    public static int FailingWithHook(string[] arguments) => Sys.Run(() =>
    {
        Threads.ExceptionHook = failure => Console.WriteLine($"{failure.Thread.Name}: {failure.Exception.Message}");
        Join(new OsThread(Fail, "hooked"));
        Threads.ExceptionHook = failure => throw new FormatException("hook failed");
        Join(new OsThread(Fail, "unlucky"));
        Threads.ExceptionHook = null;
        Join(new OsThread(Fail, "plain"));
        Console.WriteLine("main on");
    });

    public static int Exiting(string[] arguments) => Sys.Run(() =>
    {
        foreach (Action exit in (Action[])[() => Threads.Exit(), () => Sys.Exit(5), () => Sys.Exit("text")])
        {
            Join(new OsThread(() =>
            {
                try
                {
                    exit();
                    Console.WriteLine("not reached");
                }
                finally
                {
                    Console.WriteLine("finally");
                }
            }));
        }

        Console.WriteLine("main on");
    });

    public static int ExitOnMain(string[] arguments) => Sys.Run(() =>
    {
        Threads.Exit();
        Console.WriteLine("not reached");
    });

    public static int ExitNowOnThread(string[] arguments) => Sys.Run(() =>
    {
        Threads.StartNew(() => Os.ExitNow(6));
        Thread.Sleep(Timeout.Infinite);
    });

    /// <summary>Ends while a thread still works: with or without a daemon, in the way that is named.</summary>
    public static int Ending(string[] arguments) => Sys.Run(() =>
    {
        bool isDaemon = arguments[0] == "daemon";
        AtExit.Register(() => Console.WriteLine("hook"));
        EventFlag end = new();
        new OsThread(
            () =>
            {
                end.Wait(isDaemon ? Timeout.InfiniteTimeSpan : s_while);
                Console.WriteLine("thread end");
            },
            isDaemon: isDaemon).Start();
        Console.WriteLine("main end");
        switch (arguments[1])
        {
            case "exit":
                Sys.Exit(4);
                break;
            case "error":
                throw new InvalidOperationException("on purpose");
            case "handler":
                Signals.Set(Signal.SIGUSR1, (_, _) => Sys.Exit(7));
                Os.Kill(Environment.ProcessId, Signal.SIGUSR1);
                Thread.Sleep(Timeout.Infinite);
                break;
        }
    });

    public static int BasicThreadIsCutOff(string[] arguments) => Sys.Run(() =>
    {
        Threads.StartNew(() =>
        {
            Thread.Sleep(Timeout.Infinite);
            Console.WriteLine("not reached");
        });
        Console.WriteLine("main end");
    });

    public static int ManyAtOnce(string[] arguments) => Sys.Run(() =>
    {
        int count = int.Parse(arguments[0], CultureInfo.InvariantCulture), running = 0;
        EventFlag end = new();
        int pid = Environment.ProcessId;
        ConcurrentDictionary<int, bool> idents = new();
        OsThread[] threads = [.. Enumerable.Range(0, count).Select(_ => new OsThread(
            () =>
            {
                idents.TryAdd(Threads.GetIdent(), Environment.ProcessId == pid);
                Interlocked.Increment(ref running);
                end.Wait();
            },
            maxStackSize: 1 << 18))];
        Array.ForEach(threads, thread => thread.Start());
        SpinWait.SpinUntil(() => Volatile.Read(ref running) == count);
        end.Set();
        Array.ForEach(threads, thread => thread.Join());
        Console.WriteLine($"{idents.Count} {idents.Values.All(same => same)}");
    });

    /// <summary>The processor time of two busy threads, and of one, against the time that passed. A busy thread calls nothing.</summary>
    public static int Busy(string[] arguments) => Sys.Run(() =>
    {
        int turns = 0;
        EventFlag stop = new();
        OsThread busy = new(() =>
        {
            while (!stop.IsSet)
            {
                turns++;
            }
        });
        busy.Start();
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        int other = 0;
        Join(new OsThread(() => other = 1));
        while (clock.Elapsed < s_while)
        {
            Thread.Sleep(1);
        }

        double share = (Environment.CpuUsage.TotalTime - before) / clock.Elapsed;
        stop.Set();
        busy.Join();
        Console.WriteLine($"{other} {turns > 0} {share < 1.5}");
    });

    public static int Names15(string[] arguments) => Sys.Run(() =>
    {
        EventFlag end = new();
        OsThread thread = new(() => end.Wait(), "abcdefghijklmnéxyz");
        thread.Start();
        string path = $"/proc/self/task/{thread.NativeId}/comm";
        Console.WriteLine(File.ReadAllText(path).TrimEnd('\n'));
        thread.Name = "ärger";
        Console.WriteLine($"{File.ReadAllText(path).TrimEnd('\n')} {thread.Name}");
        thread.Name = "";
        Console.WriteLine($"'{File.ReadAllText(path).TrimEnd('\n')}'");
        end.Set();
        thread.Join();
        thread.Name = "afterwards";
        Console.WriteLine(File.ReadAllText("/proc/self/comm").TrimEnd('\n') is "Gannet.Tests.Ch");
    });

    public static int Deadlock(string[] arguments) => Sys.Run(() =>
    {
        LockDiagnostics.Enabled = true;
        ReentrantLock first = new() { Name = "first" };
        PrimitiveLock second = new() { Name = "second" };
        CyclicBarrier both = new(2);
        OsThread thread = new(
            () =>
            {
                using (second.Enter())
                {
                    both.Wait();
                    using (first.Enter())
                    {
                        Console.WriteLine("thread has both");
                    }
                }
            },
            "other");
        using (first.Enter())
        {
            // Not before: who takes his lock first is told of first.
            thread.Start();
            both.Wait();
            SpinWait.SpinUntil(() => LockDiagnostics.GetWaits().Count == 1);
            Console.Write(LockDiagnostics.Dump());
            try
            {
                second.Acquire();
            }
            catch (DeadlockException error)
            {
                Console.WriteLine(error.Message);
                Console.WriteLine(error.Cycle.Count);
            }
        }

        thread.Join();
        Console.Write(LockDiagnostics.Dump());
    });

    private static void Join(OsThread thread)
    {
        thread.Start();
        thread.Join();
    }

    private static void Fail() => throw new InvalidOperationException("on purpose");
}
