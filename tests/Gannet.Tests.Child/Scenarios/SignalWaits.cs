using System.Diagnostics;
using System.Globalization;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Waiting for signals, holding handlers back, masks, timers.</summary>
internal static class SignalWaits
{
    private static readonly int s_pid = Environment.ProcessId;

    /// <summary>The handler runs on the thread that pauses.</summary>
    public static int Pausing(string[] arguments)
    {
        int main = Environment.CurrentManagedThreadId, ran = 0;
        Signals.Set(Signal.SIGUSR1, (_, _) => ran = Environment.CurrentManagedThreadId);
        SignalHandlers.SendSoon(Signal.SIGUSR1);
        Signals.Pause();
        Console.WriteLine(ran == main);
        Stopwatch clock = Stopwatch.StartNew();
        bool paused = Signals.Pause(TimeSpan.FromMilliseconds(200));
        Console.WriteLine($"{paused} {clock.ElapsedMilliseconds is >= 195 and < 5000}");
        using CancellationTokenSource cancel = new(100);
        try
        {
            Signals.Pause(Timeout.InfiniteTimeSpan, cancel.Token);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("cancelled");
        }

        // Gannet's own thread has its work back.
        using ManualResetEventSlim other = new();
        Signals.Set(Signal.SIGUSR1, (_, _) => other.Set());
        Signals.Raise(Signal.SIGUSR1);
        SignalHandlers.Await(other);
        return 0;
    }

    public static int PumpingInAHandler(string[] arguments)
    {
        using ManualResetEventSlim refused = new();
        Signals.Set(Signal.SIGUSR1, (_, _) =>
        {
            try
            {
                Signals.Pump();
            }
            catch (InvalidOperationException)
            {
                refused.Set();
            }
        });
        Signals.Raise(Signal.SIGUSR1);
        SignalHandlers.Await(refused);
        Console.WriteLine("refused");
        return 0;
    }

    /// <summary>A pump that nothing has been set for.</summary>
    public static int PumpingNothing(string[] arguments)
    {
        Console.WriteLine(Signals.Pump());
        Console.WriteLine(Signals.Pump(TimeSpan.FromMilliseconds(10)));
        Signals.Hold().Dispose();
        return 0;
    }

    /// <summary>A wait is told what stands on nothing, and the default action comes back after it.</summary>
    public static int Waiting(string[] arguments)
    {
        SignalHandlers.SendSoon(Signal.SIGUSR2);
        SignalInfo info = Signals.Wait(Signal.SIGUSR1, Signal.SIGUSR2);
        Console.WriteLine($"{info.Signal} {info.Pid == s_pid}");
        Console.WriteLine(Signals.TimedWait(TimeSpan.FromMilliseconds(100), Signal.SIGUSR1) is null);
        using CancellationTokenSource cancel = new(100);
        try
        {
            Signals.TimedWait(Timeout.InfiniteTimeSpan, [Signal.SIGUSR1], cancel.Token);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("cancelled");
        }

        Console.WriteLine(Signals.Get(Signal.SIGUSR2));
        Os.Kill(s_pid, Signal.SIGUSR2);
        Thread.Sleep(10_000);
        return 5;
    }

    /// <summary>Others' handlers run while this thread waits, on this thread; its own signal reaches both.</summary>
    public static int WaitingBesideHandlers(string[] arguments)
    {
        int main = Environment.CurrentManagedThreadId;
        List<string> ran = [];
        Signals.Set(Signal.SIGUSR1, (_, _) => ran.Add($"SIGUSR1 {Environment.CurrentManagedThreadId == main}"));
        Signals.Set(Signal.SIGUSR2, (_, _) => ran.Add($"SIGUSR2 {Environment.CurrentManagedThreadId == main}"));
        new Thread(() =>
        {
            Thread.Sleep(300);
            Os.Kill(s_pid, Signal.SIGUSR1);
            Thread.Sleep(100);
            Os.Kill(s_pid, Signal.SIGUSR2);
        }).Start();
        Console.WriteLine(Signals.Wait(Signal.SIGUSR2).Signal);
        Console.WriteLine(string.Join(", ", ran));
        return 0;
    }

    /// <summary>A signal that is pending for this very thread comes to the wait.</summary>
    public static int WaitingForABlockedSignal(string[] arguments)
    {
        Signals.Set(Signal.SIGUSR1, (_, _) => { });
        Signals.Block(Signal.SIGUSR1);
        Signals.Raise(Signal.SIGUSR1);
        Console.WriteLine(Signals.Pending());
        Console.WriteLine(Signals.Wait(Signal.SIGUSR1).Signal);
        Console.WriteLine($"{Signals.Pending()} {Signals.Blocked}");
        return 0;
    }

    public static int WaitingAsynchronously(string[] arguments) => Sys.Run(async () =>
    {
        Task<SignalInfo> first = Signals.WaitAsync(Signal.SIGHUP), second = Signals.WaitAsync(Signal.SIGHUP, Signal.SIGUSR1);
        Os.Kill(s_pid, Signal.SIGHUP);
        Console.WriteLine($"{(await first).Signal} {(await second).Signal}");
        using CancellationTokenSource cancel = new(50);
        Task<SignalInfo> third = Signals.WaitAsync([Signal.SIGUSR1], cancel.Token);
        Console.WriteLine(Signals.Get(Signal.SIGUSR1));
        try
        {
            await third;
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("cancelled");
        }

        Os.Kill(s_pid, Signal.SIGUSR1);
        Thread.Sleep(10_000);
        return 5;
    });

    /// <summary>Two come, and the wait wants one: the other does what it does by default.</summary>
    public static int WaitingForOne(string[] arguments) => Sys.Run(async () =>
    {
        using (Signals.Hold())
        {
            Task<SignalInfo> wait = Signals.WaitAsync((Signal)40);
            Signals.Queue(s_pid, (Signal)40, 1);
            Signals.Queue(s_pid, (Signal)40, 2);
            _ = (await wait).Value == 1 ? true : throw new InvalidOperationException("The second came first.");
        }

        Thread.Sleep(10_000);
        return 5;
    });

    /// <summary>What a wait lets through does not stay blocked when it ends.</summary>
    public static int WaitingWithNothingBlocked(string[] arguments)
    {
        SignalMask before = Signals.Blocked;
        bool timedOut = Signals.TimedWait(TimeSpan.FromMilliseconds(50), Signal.SIGUSR1, Signal.SIGTERM) is null;
        SignalHandlers.SendSoon(Signal.SIGUSR1);
        SignalInfo info = Signals.Wait(Signal.SIGUSR1);
        Console.WriteLine($"{info.Signal} {timedOut} {before} {Signals.Blocked}");
        return 0;
    }

    /// <summary>A handler was there long ago; of two deliveries the wait wants one.</summary>
    public static int WaitingAfterAHandler(string[] arguments) => Sys.Run(async () =>
    {
        Signals.Set(Signal.SIGUSR1, (_, _) => Console.WriteLine("called"));
        Signals.Default(Signal.SIGUSR1);
        using (Signals.Hold())
        {
            Task<SignalInfo> wait = Signals.WaitAsync(Signal.SIGUSR1);
            Signals.Raise(Signal.SIGUSR1);
            Signals.Raise(Signal.SIGUSR1);
            await wait;
        }

        Thread.Sleep(10_000);
        return 5;
    });

    public static int Streaming(string[] arguments) => Sys.Run(async () =>
    {
        SignalStream stream = Signals.Stream(Signal.SIGUSR1, Signal.SIGUSR2);
        for (int i = 0; i < 5; i++)
        {
            Signals.Raise(i % 2 == 0 ? Signal.SIGUSR1 : Signal.SIGUSR2);
        }

        int count = 0;
        await foreach (SignalInfo info in stream)
        {
            Console.Write($"{info.Signal} ");
            if (++count == 5)
            {
                break;
            }
        }

        Console.WriteLine(Signals.Get(Signal.SIGUSR1));
        using SignalStream unread = Signals.Stream(Signal.SIGUSR1);
        unread.Dispose();
        await foreach (SignalInfo info in unread)
        {
            Console.WriteLine(info);
        }

        Os.Kill(s_pid, Signal.SIGUSR1);
        Thread.Sleep(10_000);
        return 5;
    });

    public static int Holding(string[] arguments)
    {
        List<nint> values = [];
        Signals.Set((Signal)40, (_, info) => values.Add(info.Value));
        using (Signals.Hold())
        {
            Task<SignalInfo> told = Signals.WaitAsync((Signal)40);
            using (Signals.Hold())
            {
                for (int i = 0; i < 100; i++)
                {
                    Signals.Queue(s_pid, (Signal)40, i);
                }
            }

            // Those who wait are told meanwhile.
            Console.WriteLine(told.Wait(TimeSpan.FromSeconds(20)));
            Thread.Sleep(100);
            Console.WriteLine(values.Count);
        }

        SignalHandlers.Eventually(() => values.Count == 100);
        Console.WriteLine(values.SequenceEqual(Enumerable.Range(0, 100).Select(i => (nint)i)));
        return 0;
    }

    public static int HoldingDuringAHandler(string[] arguments)
    {
        using ManualResetEventSlim inside = new();
        Signals.Set(Signal.SIGUSR1, (_, _) =>
        {
            inside.Set();
            Thread.Sleep(300);
            inside.Reset();
        });
        Signals.Raise(Signal.SIGUSR1);
        SignalHandlers.Await(inside);
        Console.Write($"{inside.IsSet} ");
        using (Signals.Hold())
        {
            Console.WriteLine(inside.IsSet);
        }

        return 0;
    }

    /// <summary>A handler lets the record overflow, and a pump reads it; the program ends in the pump.</summary>
    public static int LosingInAPump(string[] arguments)
    {
        const int capacity = 65_536, lost = 100;
        using ManualResetEventSlim inside = new(), freed = new();
        int count = 0;
        Signals.Set(Signal.SIGUSR1, (_, _) => count++);
        Signals.Set(Signal.SIGUSR2, (_, _) =>
        {
            inside.Set();
            freed.Wait();
        });
        Signals.Raise(Signal.SIGUSR2);
        SignalHandlers.Await(inside);
        for (int i = 0; i < capacity + lost; i++)
        {
            Signals.Raise(Signal.SIGUSR1);
        }

        new Thread(() =>
        {
            Thread.Sleep(300);
            freed.Set();
            SignalHandlers.Eventually(() => Volatile.Read(ref count) == capacity);
            Thread.Sleep(300);
            Environment.Exit(0);
        }).Start();
        Signals.Pump(Timeout.InfiniteTimeSpan);
        return 5;
    }

    public static int IgnoringAfterShutdown(string[] arguments)
    {
        CancellationToken shutdown = Signals.Shutdown;
        Signals.Ignore(Signal.SIGTERM);
        Os.Kill(s_pid, Signal.SIGTERM);
        Os.Kill(s_pid, Signal.SIGTERM);
        Thread.Sleep(200);
        Console.WriteLine(shutdown.IsCancellationRequested);
        return 0;
    }

    public static int RestsOfAlarms(string[] arguments)
    {
        List<int> rests = [];
        foreach (double seconds in (double[])[1.4, 0.4, 3.9])
        {
            Signals.SetITimer(IntervalTimer.Real, TimeSpan.FromSeconds(seconds));
            rests.Add(Signals.Alarm(0));
        }

        Console.WriteLine(string.Join(' ', rests));
        return 0;
    }

    /// <summary>The kernel merges the repeats of a signal that waits.</summary>
    public static int Merged(string[] arguments)
    {
        int count = 0;
        Signals.Set(Signal.SIGUSR1, (_, _) => count++);
        SignalMask before = Signals.Block(Signal.SIGUSR1, Signal.SIGUSR2);
        Console.WriteLine($"{before} {Signals.Blocked}");
        for (int i = 0; i < 5; i++)
        {
            Signals.Raise(Signal.SIGUSR1);
        }

        Console.WriteLine($"{Signals.Pending()} {count}");
        Console.WriteLine(Signals.Unblock(Signal.SIGUSR1));
        Signals.Pump();
        SignalHandlers.Eventually(() => count > 0);
        Thread.Sleep(50);
        Console.WriteLine($"{count} {Signals.SetBlocked(before)} {Signals.Blocked} {Signals.Pending()}");
        return 0;
    }

    public static int Alarms(string[] arguments)
    {
        Console.WriteLine($"{Signals.Alarm(0)} {Signals.Alarm(10)} {Signals.Alarm(5)} {Signals.Alarm(0)} {Signals.Alarm(0)}");
        Stopwatch clock = Stopwatch.StartNew();
        Signals.Set(Signal.SIGALRM, (_, info) => Console.WriteLine($"{clock.Elapsed.TotalSeconds is > 0.9 and < 5} {info.Pid is null} {info.Code}"));
        Signals.Alarm(1);
        Signals.Pause();
        return 0;
    }

    /// <summary>Nobody handles the alarm.</summary>
    public static int DeadlyAlarm(string[] arguments)
    {
        Signals.Alarm(1);
        Thread.Sleep(10_000);
        return 5;
    }

    public static int Timers(string[] arguments)
    {
        IntervalTimer timer = Enum.Parse<IntervalTimer>(arguments[0]);
        Signal signal = (Signal)int.Parse(arguments[1], CultureInfo.InvariantCulture);
        int count = 0;
        Signals.Set(signal, (_, _) => count++);
        IntervalTimerSetting before = Signals.SetITimer(timer, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(20));
        IntervalTimerSetting now = Signals.GetITimer(timer);
        // The clocks of CPU time stand still while nobody works.
        while (Volatile.Read(ref count) < 5)
        {
        }

        IntervalTimerSetting last = Signals.SetITimer(timer, TimeSpan.Zero);
        Console.WriteLine($"{before == default} {now.Value.TotalMilliseconds is > 0 and <= 110} {now.Interval.TotalMilliseconds is >= 20 and < 30} "
            + $"{last.Interval == now.Interval} {Signals.GetITimer(timer) == default}");
        return 0;
    }

    /// <summary>The first signal cancels, the second ends.</summary>
    public static int ShuttingDown(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine("hook"));
        CancellationToken shutdown = Signals.Shutdown;
        if (arguments.Contains("reloads"))
        {
            Signals.Set(Signal.SIGHUP, (_, _) => Console.WriteLine("reloaded"));
        }

        // What hangs there must not keep the second signal from getting through.
        shutdown.Register(() => Thread.Sleep(arguments.Contains("hang") ? Timeout.Infinite : 0));
        Console.WriteLine("ready");
        shutdown.WaitHandle.WaitOne();
        Console.WriteLine($"draining after {Signals.ShutdownSignal!.Value.Signal}");
        Thread.Sleep(arguments.Contains("slow") || arguments.Contains("hang") ? 30_000 : 0);
        Console.WriteLine("drained");
        return 3;
    });
}
