using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Gannet's handlers and the runtime's own use of the same signals.</summary>
internal static class SignalSharing
{
    private const int Rounds = 3;
    private static readonly int s_pid = Environment.ProcessId;

    /// <summary>A registration with the runtime and a handler of Gannet, in either order: both are told each time. Arguments: the
    /// signal, which comes first, whether the registration cancels.</summary>
    public static int Both(string[] arguments)
    {
        int number = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        bool cancel = arguments.Contains("cancelling");
        int registered = 0, handled = 0;
        PosixSignalRegistration Register() => PosixSignalRegistration.Create((PosixSignal)number, context =>
        {
            context.Cancel |= cancel;
            Interlocked.Increment(ref registered);
        });

        PosixSignalRegistration? registration = arguments.Contains("registration-first") ? Register() : null;
        Signals.Set((Signal)number, (_, _) => Interlocked.Increment(ref handled));
        registration ??= Register();
        for (int i = 1; i <= Rounds; i++)
        {
            Os.Kill(s_pid, (Signal)number);
            SignalHandlers.Eventually(() => Volatile.Read(ref registered) == i && Volatile.Read(ref handled) == i);
        }

        Thread.Sleep(50);
        Console.WriteLine($"{registered} {handled}");

        // Ours goes: the registration alone decides.
        Signals.Default((Signal)number);
        if (cancel)
        {
            Os.Kill(s_pid, (Signal)number);
            SignalHandlers.Eventually(() => Volatile.Read(ref registered) == Rounds + 1);
        }

        Thread.Sleep(50);
        Console.WriteLine($"{registered} {handled}");

        // Ours comes back, and the registration goes.
        Signals.Set((Signal)number, (_, _) => Interlocked.Increment(ref handled));
        registration.Dispose();
        for (int i = 1; i <= Rounds; i++)
        {
            Os.Kill(s_pid, (Signal)number);
            SignalHandlers.Eventually(() => Volatile.Read(ref handled) == Rounds + i);
        }

        Thread.Sleep(50);
        Console.WriteLine($"{registered - (cancel ? 1 : 0)} {handled}");
        Signals.Default((Signal)number);
        Os.Kill(s_pid, (Signal)number);
        Thread.Sleep(arguments.Contains("harmless") ? 300 : 10_000);
        return 5;
    }

    /// <summary>The runtime puts our handler back under a signal that is ignored by then.</summary>
    public static int RegistrationGoneWhileIgnored(string[] arguments)
    {
        Signal signal = (Signal)int.Parse(arguments[0], CultureInfo.InvariantCulture);
        using SemaphoreSlim called = new(0);
        Signals.Set(signal, (_, _) => called.Release());
        PosixSignalRegistration registration = PosixSignalRegistration.Create((PosixSignal)(int)signal, context => context.Cancel = true);
        Signals.Ignore(signal);
        registration.Dispose();
        Signals.Set(signal, (_, _) => called.Release());
        Os.Kill(s_pid, signal);
        int count = called.Wait(TimeSpan.FromSeconds(10)) ? 1 : 0;
        Thread.Sleep(50);
        Console.WriteLine($"{count} {called.CurrentCount}");
        return 0;
    }

    /// <summary>Ctrl-C with the console's event and a handler.</summary>
    public static int CancelKeyPress(string[] arguments)
    {
        int pressed = 0, handled = 0;
        if (arguments[0] is "console-first")
        {
            Console.CancelKeyPress += Press;
        }

        Signals.Set(Signal.SIGINT, (_, _) => Interlocked.Increment(ref handled));
        if (arguments[0] is not "console-first")
        {
            Console.CancelKeyPress += Press;
        }

        for (int i = 1; i <= Rounds; i++)
        {
            Os.Kill(s_pid, Signal.SIGINT);
            SignalHandlers.Eventually(() => Volatile.Read(ref pressed) == i && Volatile.Read(ref handled) == i);
        }

        Console.WriteLine($"{pressed} {handled}");
        return 0;

        // Without a handler of Gannet the program would end.
        void Press(object? sender, ConsoleCancelEventArgs press) => Interlocked.Increment(ref pressed);
    }

    /// <summary>Process still learns how its children end, and the handler hears of each.</summary>
    public static int Children(string[] arguments)
    {
        List<(int? Pid, int? Status, int Code)> told = [];
        bool late = arguments.Contains("process-first") && RunShell("exit 1") == 1;
        Signals.Set(Signal.SIGCHLD, (_, info) =>
        {
            lock (told)
            {
                told.Add((info.Pid, info.ChildStatus, info.Code));
            }
        });
        List<int> statuses = [];
        for (int i = 0; i < 10; i++)
        {
            statuses.Add(RunShell($"exit {i}"));
        }

        SignalHandlers.Eventually(() => told.Count == statuses.Count);
        Console.WriteLine(string.Join(' ', statuses));
        Console.WriteLine(string.Join(' ', told.Select(child => child.Status)));
        Console.WriteLine($"{told.Select(child => child.Pid).Distinct().Count()} {told.TrueForAll(child => child.Code == 1)} {ChildLibc.NoChildIsLeft()}");
        Signals.Default(Signal.SIGCHLD);
        Console.WriteLine(RunShell("exit 7"));
        return 0;
    }

    /// <summary>A handler reaps the child whose end it hears of; a later wait finds none.</summary>
    public static int ReapedByHandler(string[] arguments)
    {
        using ManualResetEventSlim reaped = new();
        Signals.Set(Signal.SIGCHLD, (signal, _) =>
        {
            if (Os.WaitPid(-1, WaitOptions.WNOHANG) is { Pid: > 0 } child)
            {
                Console.WriteLine($"{Signals.NameOf(signal)} {child.Status.Raw}");
                reaped.Set();
            }
        });
        using Gannet.Child started = Command.Of("sh", "-c", "sleep 0.2; exit 4").Start();
        reaped.Wait();
        try
        {
            Os.WaitPid(started.Pid);
        }
        catch (OsException error)
        {
            Console.WriteLine(error.Errno);
        }

        return 0;
    }

    /// <summary>One call when a child stops, one when it ends.</summary>
    public static int StoppedChild(string[] arguments)
    {
        List<int> codes = [];
        Signals.Set(Signal.SIGCHLD, (_, info) =>
        {
            lock (codes)
            {
                codes.Add(info.Code);
            }
        });
        using Process child = Process.Start("/bin/sleep", "30");
        Os.Kill(child.Id, Signal.SIGSTOP);
        SignalHandlers.Eventually(() => codes.Count == 1);
        Os.Kill(child.Id, Signal.SIGKILL);
        child.WaitForExit();
        SignalHandlers.Eventually(() => codes.Count == 2);
        Console.WriteLine($"{string.Join(' ', codes)} {child.ExitCode}");
        return 0;
    }

    /// <summary>Is stopped and continued from outside.</summary>
    public static int Continued(string[] arguments)
    {
        using ManualResetEventSlim called = new();
        Signals.Set(Signal.SIGCONT, (_, info) => called.Set());
        Console.WriteLine("ready");
        SignalHandlers.Await(called);
        Console.WriteLine("continued");
        return 0;
    }

    /// <summary>SIGINT had a handler and has none any more; the hooks run again. The argument says when they were registered.</summary>
    public static int InterruptAgain(string[] arguments) => Sys.Run(() =>
    {
        if (arguments[0] is "before")
        {
            AtExit.Register(() => Console.WriteLine("hook"));
        }

        using ManualResetEventSlim called = new();
        Signals.Set(Signal.SIGINT, (_, _) => called.Set());
        if (arguments[0] is "between")
        {
            AtExit.Register(() => Console.WriteLine("hook"));
        }

        Os.Kill(s_pid, Signal.SIGINT);
        SignalHandlers.Await(called);
        Console.WriteLine("handled");
        Signals.Default(Signal.SIGINT);
        if (arguments[0] is "after")
        {
            AtExit.Register(() => Console.WriteLine("hook"));
        }

        Os.Kill(s_pid, Signal.SIGINT);
        Thread.Sleep(10_000);
        return 5;
    });

    /// <summary>Ignored from the start, as nohup does it.</summary>
    public static int Nohup(string[] arguments)
    {
        Console.WriteLine(Signals.Get(Signal.SIGHUP));
        _ = Signals.Shutdown;
        Os.Kill(s_pid, Signal.SIGHUP);
        Thread.Sleep(50);
        Console.WriteLine($"{Signals.Shutdown.IsCancellationRequested}");
        using ManualResetEventSlim called = new();
        SignalHandler before = Signals.Set(Signal.SIGHUP, (_, _) => called.Set());
        Os.Kill(s_pid, Signal.SIGHUP);
        SignalHandlers.Await(called);
        Signals.Set(Signal.SIGHUP, before);
        Os.Kill(s_pid, Signal.SIGHUP);
        Console.WriteLine("ignored again");
        Signals.Default(Signal.SIGHUP);
        Os.Kill(s_pid, Signal.SIGHUP);
        Thread.Sleep(10_000);
        return 5;
    }

    /// <summary>The pipe whose reader has gone: an error, a handler, a death.</summary>
    public static int BrokenPipe(string[] arguments)
    {
        using ManualResetEventSlim called = new();
        WriteToNobody();
        Signals.Set(Signal.SIGPIPE, (_, _) => called.Set());
        WriteToNobody();
        SignalHandlers.Await(called);
        Console.WriteLine("called");
        Signals.Ignore(Signal.SIGPIPE);
        WriteToNobody();
        Signals.Default(Signal.SIGPIPE);
        WriteToNobody();
        return 5;
    }

    private static void WriteToNobody()
    {
        using System.IO.Pipes.AnonymousPipeServerStream writer = new(System.IO.Pipes.PipeDirection.Out);
        writer.DisposeLocalCopyOfClientHandle();
        try
        {
            writer.WriteByte(1);
        }
        catch (IOException)
        {
            Console.WriteLine("EPIPE");
        }
    }

    internal static int RunShell(string script)
    {
        using Process shell = Process.Start("/bin/sh", ["-c", script]);
        shell.WaitForExit();
        return shell.ExitCode;
    }
}
