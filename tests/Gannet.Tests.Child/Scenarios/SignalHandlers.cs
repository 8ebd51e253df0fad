using System.Diagnostics;
using System.Globalization;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Setting handlers, and what they are called with.</summary>
internal static class SignalHandlers
{
    private static readonly int s_pid = Environment.ProcessId;

    /// <summary>Prints what the handler gets.</summary>
    public static int Called(string[] arguments)
    {
        using ManualResetEventSlim called = new();
        SignalInfo seen = default;
        Signal number = default;
        bool isPool = true;
        Signals.Set(Signal.SIGUSR1, (signal, info) =>
        {
            (number, seen, isPool) = (signal, info, Thread.CurrentThread.IsThreadPoolThread);
            called.Set();
        });
        DateTimeOffset before = DateTimeOffset.UtcNow;
        Os.Kill(s_pid, Signal.SIGUSR1);
        Await(called);
        bool onTime = seen.Time >= before.AddMilliseconds(-1) && seen.Time <= DateTimeOffset.UtcNow;
        Console.WriteLine($"{number} {seen.Signal} {seen.Code} {seen.Pid == s_pid} {seen.Uid == CurrentUid()} {seen.Value} {onTime} {isPool}");
        return 0;
    }

    /// <summary>As many deliveries as signals, when each waits for the one before.</summary>
    public static int EachTime(string[] arguments)
    {
        using SemaphoreSlim called = new(0);
        Signals.Set((Signal)int.Parse(arguments[0], CultureInfo.InvariantCulture), (_, _) => called.Release());
        int count = 0;
        for (int i = 0; i < 3; i++)
        {
            Os.Kill(s_pid, (Signal)int.Parse(arguments[0], CultureInfo.InvariantCulture));
            count += called.Wait(TimeSpan.FromSeconds(10)) ? 1 : 0;
        }

        Thread.Sleep(20);
        Console.WriteLine($"{count} {called.CurrentCount}");
        return 0;
    }

    public static int Previous(string[] arguments)
    {
        Action<Signal, SignalInfo> one = (_, _) => { };
        Console.WriteLine(Signals.Set(Signal.SIGUSR1, one) == SignalHandler.Default);
        Console.WriteLine(ReferenceEquals(Signals.Set(Signal.SIGUSR1, SignalHandler.Ignore).Function, one));
        Console.WriteLine(Signals.Set(Signal.SIGUSR1, SignalHandler.Default) == SignalHandler.Ignore);
        Console.WriteLine(Signals.Get(Signal.SIGUSR1) == SignalHandler.Default);
        SignalHandler before = Signals.Set(Signal.SIGUSR1, one);
        Console.WriteLine(ReferenceEquals(Signals.Get(Signal.SIGUSR1).Function, one));
        Signals.Set(Signal.SIGUSR1, before);
        Console.WriteLine(Signals.Get(Signal.SIGUSR1) == SignalHandler.Default);
        return 0;
    }

    /// <summary>What stands on every signal when a program starts.</summary>
    public static int AtStart(string[] arguments)
    {
        foreach (Signal signal in Signals.All)
        {
            Console.WriteLine($"{Signals.NameOf(signal)} {Signals.Get(signal)}");
        }

        return 0;
    }

    public static int Refusals(string[] arguments)
    {
        foreach (int number in (int[])[9, 19, 11, 8, 4, 7, 5, 32, 33, 34, 62, 0, 65, -1, 9999])
        {
            string state = File.ReadAllText("/proc/self/status");
            try
            {
                Signals.Set((Signal)number, (_, _) => { });
                Console.WriteLine($"{number} accepted");
            }
            catch (ArgumentException error)
            {
                bool untouched = SignalLines(File.ReadAllText("/proc/self/status")) == SignalLines(state);
                Console.WriteLine($"{number} {error.GetType().Name} {(error.InnerException as OsException)?.Errno} {untouched}");
            }
        }

        return 0;
    }

    public static int Ignored(string[] arguments)
    {
        Signals.Ignore(Signal.SIGALRM);
        Os.Kill(s_pid, Signal.SIGALRM);
        Console.WriteLine("still here");
        return 0;
    }

    /// <summary>Ignored once, then deadly again.</summary>
    public static int DefaultAgain(string[] arguments)
    {
        Signal signal = (Signal)int.Parse(arguments[0], CultureInfo.InvariantCulture);
        DisableCoreDumps();
        Signals.Ignore(signal);
        Os.Kill(s_pid, signal);
        Console.WriteLine("ignored once");
        Signals.Default(signal);
        Os.Kill(s_pid, signal);
        Thread.Sleep(10_000);
        return 5;
    }

    /// <summary>A handler that has stood there leaves the default action as it was.</summary>
    public static int DefaultAfterHandler(string[] arguments)
    {
        Signal signal = (Signal)int.Parse(arguments[0], CultureInfo.InvariantCulture);
        DisableCoreDumps();
        using ManualResetEventSlim called = new();
        Signals.Set(signal, (_, _) => called.Set());
        Os.Kill(s_pid, signal);
        Await(called);
        Console.WriteLine("handled");
        Signals.Default(signal);
        Os.Kill(s_pid, signal);
        Thread.Sleep(arguments.Length > 1 ? 300 : 10_000);
        return 5;
    }

    /// <summary>No handler, no mercy.</summary>
    public static int Unhandled(string[] arguments)
    {
        DisableCoreDumps();
        Os.Kill(s_pid, (Signal)int.Parse(arguments[0], CultureInfo.InvariantCulture));
        Thread.Sleep(10_000);
        return 5;
    }

    public static int RaisingAbort(string[] arguments)
    {
        DisableCoreDumps();
        Signals.Raise(Signal.SIGABRT);
        return 5;
    }

    /// <summary>The alarm clock: the handler leaves, the last line is never printed.</summary>
    public static int Exiting(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine("hook"));
        Signals.Set(Signal.SIGALRM, (_, _) =>
        {
            Console.WriteLine("Wake Up!");
            Sys.Exit(arguments.Length > 0 ? arguments[0] : null);
        });
        Signals.Alarm(1);
        Console.WriteLine("Going to sleep...");
        Thread.Sleep(30_000);
        Console.WriteLine("Now I'm up.");
    });

    /// <summary>A hook of the exit sends the signal once more, whose handler asks for another exit.</summary>
    public static int ExitingTwice(string[] arguments) => Sys.Run(() =>
    {
        int calls = 0;
        Signals.Set(Signal.SIGTERM, (_, _) => Sys.Exit(Interlocked.Increment(ref calls) == 1 ? 4 : 9));
        AtExit.Register(() =>
        {
            Os.Kill(s_pid, Signal.SIGTERM);
            Eventually(() => Volatile.Read(ref calls) == 2);
            // The dispatcher's turn has ended, with the second exit.
            Signals.Hold().Dispose();
            Console.WriteLine("called again");
        });
        Os.Kill(s_pid, Signal.SIGTERM);
        Thread.Sleep(30_000);
    });

    public static int FailingInTheTelling(string[] arguments) => Sys.Run(() =>
    {
        using ManualResetEventSlim next = new();
        Signals.Set(Signal.SIGUSR1, (_, _) => throw new UnspeakableException());
        Signals.Set(Signal.SIGUSR2, (_, _) => next.Set());
        Signals.Raise(Signal.SIGUSR1);
        Signals.Raise(Signal.SIGUSR2);
        Await(next);
        return 3;
    });

    /// <summary>The thread that runs handlers inherits the mask of the one that sets the first.</summary>
    public static int BlockedAtTheStart(string[] arguments)
    {
        using ManualResetEventSlim called = new();
        Signals.Block((Signal)40);
        Signals.Set(Signal.SIGUSR1, (_, _) => { });
        // It is asleep when the second handler is set.
        Thread.Sleep(200);
        Signals.Set((Signal)40, (_, _) => called.Set());
        Os.Kill(s_pid, (Signal)40);
        Await(called);
        Console.WriteLine("called");
        return 0;
    }

    /// <summary>The exception of a handler is told, and the program lives on.</summary>
    public static int Failing(string[] arguments) => Sys.Run(() =>
    {
        using CountdownEvent calls = new(2);
        if (arguments.Contains("hook"))
        {
            Signals.UnhandledException = (info, error) => Console.WriteLine($"{info.Signal}: {error.Message}");
        }

        Signals.Set(Signal.SIGUSR1, (_, _) =>
        {
            calls.Signal();
            throw new InvalidOperationException("on purpose");
        });
        Os.Kill(s_pid, Signal.SIGUSR1);
        Eventually(() => calls.CurrentCount == 1);
        Os.Kill(s_pid, Signal.SIGUSR1);
        calls.Wait();
        // The report comes after the call.
        using ManualResetEventSlim told = new();
        Signals.Set(Signal.SIGUSR2, (_, _) => told.Set());
        Os.Kill(s_pid, Signal.SIGUSR2);
        Await(told);
        return 3;
    });

    public static int FailingInPump(string[] arguments) => Sys.Run(() =>
    {
        Signals.Set(Signal.SIGUSR1, (_, _) => throw new InvalidOperationException("on purpose"));
        Signals.Set(Signal.SIGUSR2, (_, _) => Sys.Exit(7));
        try
        {
            SendSoon(Signal.SIGUSR1);
            Signals.Pump(TimeSpan.FromSeconds(20));
        }
        catch (InvalidOperationException error)
        {
            Console.WriteLine($"caught {error.Message}");
        }

        try
        {
            SendSoon(Signal.SIGUSR2);
            Signals.Pump(TimeSpan.FromSeconds(20));
        }
        finally
        {
            Console.WriteLine("finally");
        }
    });

    /// <summary>A handler runs although the main thread is blocked, and blocking is not disturbed.</summary>
    public static int DuringBlocking(string[] arguments)
    {
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan called = default;
        Signals.Set(Signal.SIGALRM, (_, _) => called = clock.Elapsed);
        Signals.SetITimer(IntervalTimer.Real, TimeSpan.FromMilliseconds(200));
        if (arguments[0] is "sleep")
        {
            Thread.Sleep(1000);
        }
        else
        {
            using ManualResetEventSlim freed = new();
            new Thread(() =>
            {
                Thread.Sleep(1000);
                freed.Set();
            }).Start();
            freed.Wait();
        }

        TimeSpan slept = clock.Elapsed;
        Console.WriteLine($"{called.TotalSeconds is > 0.15 and < 0.9} {slept.TotalSeconds is >= 0.98 and < 9}");
        return 0;
    }

    /// <summary>Handlers that come in turn are called in the order of the signals, never two at once.</summary>
    public static int OneAtATime(string[] arguments)
    {
        int inside = 0, calls = 0;
        bool overlapped = false;
        Action<Signal, SignalInfo> slow = (_, _) =>
        {
            overlapped |= Interlocked.Increment(ref inside) > 1;
            Thread.Sleep(1);
            Interlocked.Decrement(ref inside);
            calls++;
        };
        Signals.Set(Signal.SIGUSR1, slow);
        Signals.Set(Signal.SIGUSR2, slow);
        for (int i = 0; i < 50; i++)
        {
            Signals.Raise(Signal.SIGUSR1);
            Signals.Raise(Signal.SIGUSR2);
        }

        Eventually(() => calls == 100);
        Console.WriteLine($"{calls} {overlapped}");
        return 0;
    }

    /// <summary>A handler changes handlers.</summary>
    public static int SettingInside(string[] arguments)
    {
        using ManualResetEventSlim second = new();
        Signals.Set(Signal.SIGUSR1, (_, _) => Signals.Set(Signal.SIGUSR1, (_, _) => second.Set()));
        Signals.Raise(Signal.SIGUSR1);
        Eventually(() =>
        {
            Signals.Raise(Signal.SIGUSR1);
            return second.IsSet;
        });
        Console.WriteLine("second");
        return 0;
    }

    private sealed class UnspeakableException : Exception
    {
        public override string ToString() => throw new InvalidOperationException("No words.");
    }

    private static string SignalLines(string status) =>
        string.Join('\n', status.Split('\n').Where(line => line.StartsWith("SigIgn", StringComparison.Ordinal) || line.StartsWith("SigCgt", StringComparison.Ordinal)));

    /// <summary>Sends a signal to this process when the calling thread has had time to begin its wait.</summary>
    internal static void SendSoon(Signal signal) => new Thread(() =>
    {
        Thread.Sleep(300);
        Os.Kill(s_pid, signal);
    }).Start();

    internal static void Await(ManualResetEventSlim done)
    {
        if (!done.Wait(TimeSpan.FromSeconds(20)))
        {
            throw new TimeoutException("The handler was not called.");
        }
    }

    internal static void Eventually(Func<bool> condition)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(20))
            {
                throw new TimeoutException("It did not come to be.");
            }

            Thread.Sleep(1);
        }
    }

    internal static uint CurrentUid() => uint.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1], CultureInfo.InvariantCulture);

    internal static unsafe void DisableCoreDumps()
    {
        const int coreLimit = 4;
        ulong* none = stackalloc ulong[2] { 0, 0 };
        ChildLibc.setrlimit(coreLimit, none);
    }
}
