using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Signals in numbers.</summary>
internal static class SignalStorms
{
    private static readonly int s_pid = Environment.ProcessId;
    private static readonly Signal s_queued = (Signal)(Libc.FirstRealTimeSignal + 4);

    /// <summary>Every signal that the process sends itself is handled, and none of them allocates.</summary>
    public static int SelfSent(string[] arguments)
    {
        int count = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        int handled = 0;
        Signals.Set(Signal.SIGUSR1, (_, _) => handled++);
        Send(1000);
        SignalHandlers.Eventually(() => handled == 1000);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        Send(count);
        Spin(() => Volatile.Read(ref handled) >= 1000 + count);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Thread.Sleep(20);
        Console.WriteLine($"{handled - 1000} {Signals.LostCount} {allocated < count / 100}");
        return 0;

        // To the thread: it takes each before the next is sent.
        static void Send(int number)
        {
            for (int i = 0; i < number; i++)
            {
                Signals.Raise(Signal.SIGUSR1);
            }
        }
    }

    /// <summary>A signal that the runtime is told of as well, faster than it can follow, while it collects garbage.</summary>
    public static int SharedWithTheRuntime(string[] arguments)
    {
        int count = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        int handled = 0, registered = 0;
        Signals.Set(Signal.SIGHUP, (_, _) => handled++);
        using PosixSignalRegistration registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => Interlocked.Increment(ref registered));
        using CancellationTokenSource done = new();
        Thread collector = new(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect();
            }
        });
        collector.Start();
        for (int i = 0; i < count; i++)
        {
            Signals.Raise(Signal.SIGHUP);
        }

        Spin(() => Volatile.Read(ref handled) == count);
        done.Cancel();
        collector.Join();
        Spin(() => Volatile.Read(ref registered) > 0);
        Console.WriteLine($"{handled} {registered <= count}");
        return 0;
    }

    /// <summary>Sends signals to a process. Arguments: the process, the signal, how many.</summary>
    public static int Sender(string[] arguments)
    {
        int pid = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        Signal signal = (Signal)int.Parse(arguments[1], CultureInfo.InvariantCulture);
        int count = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        for (int i = 0; i < count; i++)
        {
            while (!TryQueue(pid, signal, i))
            {
                Thread.Sleep(1);
            }
        }

        return 0;
    }

    /// <summary>What another process sends: of a standard signal as many as the kernel delivers, of a real-time one all, in order, while
    /// threads of all sorts are at work.</summary>
    public static int FromAnotherProcess(string[] arguments)
    {
        int count = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        int merged = 0;
        List<nint> values = new(count);
        Signals.Set(Signal.SIGUSR1, (_, _) => merged++);
        Signals.Set(s_queued, (_, info) => values.Add(info.Value));
        using CancellationTokenSource done = new();
        Thread[] workers = [.. Enumerable.Range(0, 4).Select(number => new Thread(() => Work(number, done.Token)))];
        Array.ForEach(workers, worker => worker.Start());
        using Process standard = StartSender(Signal.SIGUSR1, count), queued = StartSender(s_queued, count);
        if (arguments.Contains("pumping"))
        {
            Spin(() => Signals.Pump(TimeSpan.FromMilliseconds(100)) >= 0 && values.Count == count);
        }

        standard.WaitForExit();
        queued.WaitForExit();
        SignalHandlers.Eventually(() => values.Count == count);
        done.Cancel();
        Array.ForEach(workers, worker => worker.Join());
        bool inOrder = values.Select((value, index) => value == index).All(same => same);
        Console.WriteLine($"{merged > 0 && merged <= count} {(ulong)(merged + values.Count) == SignalRecord.Taken} {inOrder} {Signals.LostCount}");
        return 0;
    }

    /// <summary>More deliveries than the record holds, while a handler does not return: those that were lost are counted.</summary>
    public static int Overflowing(string[] arguments)
    {
        const int sent = 70_000;
        int handled = 0;
        using ManualResetEventSlim begun = new(), go = new();
        Signals.Set(Signal.SIGUSR1, (_, _) =>
        {
            begun.Set();
            go.Wait();
            handled++;
        });
        Signals.Raise(Signal.SIGUSR1);
        begun.Wait();
        for (int i = 1; i < sent; i++)
        {
            Signals.Raise(Signal.SIGUSR1);
        }

        Console.WriteLine(Signals.LostCount);
        go.Set();
        SignalHandlers.Eventually(() => handled + Signals.LostCount == sent);
        Thread.Sleep(100);
        Console.WriteLine(handled);
        return 0;
    }

    /// <summary>A handler makes the next signal come: a timer, which the first signal's handler sets.</summary>
    public static int Dependent(string[] arguments)
    {
        int count = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        int alarms = 0;
        Signals.Set(Signal.SIGPROF, static (_, _) => Signals.SetITimer(IntervalTimer.Real, TimeSpan.FromMicroseconds(1)));
        Signals.Set(Signal.SIGALRM, (_, _) => alarms++);
        for (int i = 1; i <= count; i++)
        {
            Os.Kill(s_pid, Signal.SIGPROF);
            Spin(() => Volatile.Read(ref alarms) == i);
        }

        Console.WriteLine(alarms);
        return 0;
    }

    /// <summary>Two signals at nearly the same time; both come.</summary>
    public static int Simultaneous(string[] arguments)
    {
        int count = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        int calls = 0;
        Action<Signal, SignalInfo> handler = (_, _) => calls++;
        Signals.Set(Signal.SIGUSR1, handler);
        Signals.Set(Signal.SIGALRM, handler);
        Random random = new(1);
        for (int i = 1; i <= count; i++)
        {
            Signals.SetITimer(IntervalTimer.Real, TimeSpan.FromMicroseconds(1 + random.Next(10)));
            Os.Kill(s_pid, Signal.SIGUSR1);
            Spin(() => Volatile.Read(ref calls) == i * 2);
        }

        Console.WriteLine(calls);
        return 0;
    }

    /// <summary>Handlers are swapped while signals arrive; each delivery finds one.</summary>
    public static int Swapping(string[] arguments)
    {
        int count = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        int handled = 0;
        Action<Signal, SignalInfo> one = (_, _) => handled++;
        Action<Signal, SignalInfo> other = (_, _) => handled++;
        Signals.Set(Signal.SIGUSR1, one);
        using CancellationTokenSource done = new();
        Thread swapper = new(() =>
        {
            while (!done.IsCancellationRequested)
            {
                Signals.Set(Signal.SIGUSR1, other);
                Signals.Set(Signal.SIGUSR1, one);
            }
        });
        swapper.Start();
        for (int i = 0; i < count; i++)
        {
            Signals.Raise(Signal.SIGUSR1);
        }

        done.Cancel();
        swapper.Join();
        SignalHandlers.Eventually(() => handled == count);
        Thread.Sleep(20);
        Console.WriteLine(handled);
        return 0;
    }

    /// <summary>The handler is taken away while a signal is on its way: either it is called, or the program dies. It ends with 3 if neither
    /// happened, and with 0 if nothing died.</summary>
    public static int Stopping(string[] arguments)
    {
        Signal signal = (Signal)int.Parse(arguments[0], CultureInfo.InvariantCulture);
        for (int i = 0; i < 200; i++)
        {
            using ManualResetEventSlim handled = new();
            Signals.Set(signal, (_, _) => handled.Set());
            Thread stopper = new(() => Signals.Default(signal));
            stopper.Start();
            Thread.SpinWait(i * 20);
            Os.Kill(s_pid, signal);
            stopper.Join();
            if (!handled.Wait(TimeSpan.FromSeconds(5)))
            {
                return 3;
            }
        }

        return 0;
    }

    /// <summary>Waits and streams begin and end while signals arrive.</summary>
    public static int Disposing(string[] arguments)
    {
        Signals.Set(Signal.SIGUSR1, (_, _) => { });
        Signals.Set(Signal.SIGALRM, (_, _) => Signals.Raise(Signal.SIGUSR1));
        Signals.SetITimer(IntervalTimer.Real, TimeSpan.FromMicroseconds(100), TimeSpan.FromMicroseconds(100));
        int rounds = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        Parallel.For(0, rounds, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            using SignalStream stream = Signals.Stream(Signal.SIGUSR1);
            using IDisposable hold = Signals.Hold();
            using CancellationTokenSource cancel = new();
            Task<SignalInfo> wait = Signals.WaitAsync([Signal.SIGUSR1], cancel.Token);
            stream.Dispose();
            cancel.Cancel();
            Signals.TimedWait(TimeSpan.FromMilliseconds(i % 2), Signal.SIGUSR1, Signal.SIGALRM);
            _ = wait.ContinueWith(_ => { }, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(20)) ? true : throw new TimeoutException();
        });
        Signals.SetITimer(IntervalTimer.Real, TimeSpan.Zero);
        Console.WriteLine(Signals.Get(Signal.SIGUSR1).Kind);
        return 0;
    }

    /// <summary>What blocks in the library and in the runtime goes on under a timer storm.</summary>
    public static int Blocking(string[] arguments)
    {
        int ticks = 0;
        Signals.Set(Signal.SIGALRM, (_, _) => ticks++);
        Signals.Set(Signal.SIGCHLD, (_, _) => { });
        Signals.SetITimer(IntervalTimer.Real, TimeSpan.FromMicroseconds(100), TimeSpan.FromMicroseconds(100));
        Stopwatch clock = Stopwatch.StartNew();
        for (int i = 0; i < 20; i++)
        {
            SpawnedChild child = Spawner.Start(new SpawnRequest { Program = "/bin/sh", Arguments = ["sh", "-c", $"sleep 0.02; exit {i}"] });
            using SafeFileHandle? pidFd = child.PidFd;
            Check(ChildWait.ForEnd(child).Status.ExitStatus == i, "spawn and wait");
            Check(SignalSharing.RunShell($"sleep 0.01; exit {i}") == i, "Process");
            Check(Signals.TimedWait(TimeSpan.FromMilliseconds(20), Signal.SIGUSR2) is null, "TimedWait");
            Check(Signals.Pump(TimeSpan.FromMilliseconds(10)) > 0, "Pump");
            Signals.Pause();
            CopyThroughAPipe();
        }

        GC.Collect();
        Signals.SetITimer(IntervalTimer.Real, TimeSpan.Zero);
        Console.WriteLine($"{ticks > 1000} {Signals.LostCount} {ChildLibc.NoChildIsLeft()} {clock.Elapsed < TimeSpan.FromMinutes(1)}");
        return 0;
    }

    private static void CopyThroughAPipe()
    {
        using System.IO.Pipes.AnonymousPipeServerStream writer = new(System.IO.Pipes.PipeDirection.Out);
        using SafeFileHandle reader = new(writer.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        byte[] sent = new byte[1 << 20];
        Random.Shared.NextBytes(sent);
        Thread sender = new(() => Libc.WriteAll((int)writer.SafePipeHandle.DangerousGetHandle(), sent));
        sender.Start();
        byte[] received = new byte[sent.Length];
        for (int count = 0; count < received.Length;)
        {
            count += Libc.Read((int)reader.DangerousGetHandle(), received.AsSpan(count));
        }

        sender.Join();
        Check(sent.AsSpan().SequenceEqual(received), "read and write");
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"'{what}' went wrong.");
        }
    }

    // Threads that sleep, compute, allocate and come and go.
    private static void Work(int number, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            switch (number)
            {
                case 0:
                    Thread.Sleep(1);
                    break;
                case 1:
                    GC.KeepAlive(new byte[10_000]);
                    break;
                case 2:
                    Thread brief = new(static () => Thread.Sleep(1));
                    brief.Start();
                    brief.Join();
                    break;
                default:
                    Thread.SpinWait(1000);
                    break;
            }
        }
    }

    private static Process StartSender(Signal signal, int count) =>
        Process.Start(Environment.ProcessPath!, ["SignalStorms.Sender", $"{s_pid}", $"{(int)signal}", $"{count}"]);

    private static bool TryQueue(int pid, Signal signal, int value)
    {
        try
        {
            Signals.Queue(pid, signal, value);
            return true;
        }
        catch (OsException error) when (error.Errno is Errno.EAGAIN)
        {
            return false;
        }
    }

    private static void Spin(Func<bool> condition)
    {
        Stopwatch clock = Stopwatch.StartNew();
        SpinWait spinner = new();
        while (!condition())
        {
            spinner.SpinOnce(sleep1Threshold: -1);
            if (clock.Elapsed > TimeSpan.FromSeconds(30))
            {
                throw new TimeoutException("A signal was lost.");
            }
        }
    }
}
