using System.Runtime.InteropServices;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Os.System, which changes what the whole process does at signals while it waits.</summary>
internal static class SystemCalls
{
    private static readonly int s_pid = Environment.ProcessId;

    /// <summary>The raw status of each command.</summary>
    public static int Statuses(string[] arguments)
    {
        foreach (string command in arguments)
        {
            Console.WriteLine(Os.System(command).Raw);
        }

        return 0;
    }

    /// <summary>As <see cref="Statuses"/>, without a thread that waits.</summary>
    public static int StatusesAsync(string[] arguments)
    {
        foreach (string command in arguments)
        {
            Console.WriteLine(Os.SystemAsync(command).GetAwaiter().GetResult().Raw);
        }

        return 0;
    }

    /// <summary>Is cancelled, and at its end dies by SIGINT as ever.</summary>
    public static int Cancelled(string[] arguments)
    {
        using CancellationTokenSource source = new();
        Task<WaitStatus> task = Os.SystemAsync("echo begun; exec sleep 100", source.Token);
        source.Cancel();
        try
        {
            task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("cancelled");
        }

        Console.WriteLine(ChildLibc.NoChildIsLeft());
        Os.Kill(s_pid, Signal.SIGINT);
        Thread.Sleep(10_000);
        return 5;
    }

    /// <summary>Holds back what it has written.</summary>
    public static int Ordered(string[] arguments)
    {
        using StreamWriter writer = new(Console.OpenStandardOutput()) { AutoFlush = false };
        Sys.Stdout = writer;
        writer.Write("p");
        Os.System("printf c");
        writer.Write("q");
        return 0;
    }

    /// <summary>Handles SIGINT, and is sent it and SIGQUIT by the command.</summary>
    public static int Handling(string[] arguments)
    {
        int calls = 0;
        Signals.Set(Signal.SIGINT, (_, _) => Interlocked.Increment(ref calls));
        int status = Os.System("kill -INT $PPID; kill -QUIT $PPID; kill -INT $PPID; exit 5").Raw;
        bool stands = Signals.Get(Signal.SIGINT).Kind is SignalHandlerKind.Custom;
        Os.Kill(s_pid, Signal.SIGINT);
        SignalHandlers.Eventually(() => Volatile.Read(ref calls) > 0);
        Signals.Hold().Dispose();
        Console.WriteLine($"{status} {stands} {calls}");
        return 0;
    }

    /// <summary>The same with what the runtime has for it; which of its two is said by the argument.</summary>
    public static int Registered(string[] arguments)
    {
        int calls = 0;
        using PosixSignalRegistration? registration = arguments[0] is "registration"
            ? PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
            {
                context.Cancel = true;
                Interlocked.Increment(ref calls);
            })
            : null;
        if (registration is null)
        {
            Console.CancelKeyPress += (_, press) =>
            {
                press.Cancel = true;
                Interlocked.Increment(ref calls);
            };
        }

        int status = Os.System("kill -INT $PPID; kill -QUIT $PPID; exit 5").Raw;
        Os.Kill(s_pid, Signal.SIGINT);
        SignalHandlers.Eventually(() => Volatile.Read(ref calls) > 0);
        Os.System("kill -INT $PPID");
        Os.Kill(s_pid, Signal.SIGINT);
        SignalHandlers.Eventually(() => Volatile.Read(ref calls) > 1);
        Console.WriteLine($"{status} {calls}");
        return 0;
    }

    /// <summary>Two threads at once, of which one comes back earlier; then dies by SIGINT, as ever.</summary>
    public static int Overlapping(string[] arguments)
    {
        using (Meanwhile meanwhile = new())
        {
            Os.System("true");
            Os.Kill(s_pid, Signal.SIGINT);
            Os.Kill(s_pid, Signal.SIGQUIT);
            Os.System("true");
        }

        Console.WriteLine("still here");
        Os.Kill(s_pid, Signal.SIGINT);
        Thread.Sleep(10_000);
        return 5;
    }

    /// <summary>Another thread puts a handler on SIGINT, and one on SIGQUIT that it takes away again.</summary>
    public static int HandlerSetMeanwhile(string[] arguments)
    {
        int calls = 0;
        using (Meanwhile meanwhile = new())
        {
            Signals.Set(Signal.SIGINT, (_, _) => Interlocked.Increment(ref calls));
            Signals.Set(Signal.SIGQUIT, (_, _) => Interlocked.Increment(ref calls));
            Os.Kill(s_pid, Signal.SIGINT);
            Os.Kill(s_pid, Signal.SIGQUIT);
            Signals.Default(Signal.SIGQUIT);
            Os.Kill(s_pid, Signal.SIGQUIT);
        }

        Os.Kill(s_pid, Signal.SIGINT);
        SignalHandlers.Eventually(() => Volatile.Read(ref calls) > 0);
        Signals.Hold().Dispose();
        Console.WriteLine($"{calls} {Signals.Get(Signal.SIGQUIT).Kind}");
        Signals.Default(Signal.SIGINT);
        Os.Kill(s_pid, Signal.SIGQUIT);
        Thread.Sleep(10_000);
        return 5;
    }

    /// <summary>Another thread registers with the runtime. Arguments: whether that cancels, and when it ends; then SIGINT comes.</summary>
    public static int RegistrationMadeMeanwhile(string[] arguments)
    {
        int calls = 0;
        bool cancels = arguments.Contains("cancelling");
        PosixSignalRegistration registration;
        using (Meanwhile meanwhile = new())
        {
            registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
            {
                context.Cancel = cancels;
                Interlocked.Increment(ref calls);
            });
            if (arguments.Contains("ended-within"))
            {
                registration.Dispose();
            }
        }

        if (arguments.Contains("ended-after"))
        {
            registration.Dispose();
        }

        int status = Os.System("kill -INT $PPID; exit 5").Raw;
        Console.WriteLine($"{status} {calls}");
        Os.Kill(s_pid, Signal.SIGINT);
        SignalHandlers.Eventually(() => Volatile.Read(ref calls) > 0);
        Console.WriteLine(calls);
        registration.Dispose();
        return 0;
    }

    /// <summary>
    /// A registration is made meanwhile. Then a thread comes to the handler that stood there while the command ran only after its end: the
    /// kernel had prepared the call, and preempted the thread before its first instruction.
    /// </summary>
    public static unsafe int SignalComesLate(string[] arguments)
    {
        int calls = 0;
        PosixSignalRegistration registration;
        delegate* unmanaged<int, void*, void*, void> handler;
        using (Meanwhile meanwhile = new())
        {
            handler = (delegate* unmanaged<int, void*, void*, void>)ChildLibc.HandlerOf(Signal.SIGINT);
            registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Interlocked.Increment(ref calls));
        }

        handler((int)Signal.SIGINT, null, null);
        Console.WriteLine($"still here {calls}");
        registration.Dispose();
        return 0;
    }

    /// <summary>Another thread takes the only registration away, and makes another one the next time.</summary>
    public static int RegistrationEndedMeanwhile(string[] arguments)
    {
        PosixSignalRegistration registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using (Meanwhile meanwhile = new())
        {
            registration.Dispose();
        }

        using (Meanwhile meanwhile = new())
        {
            registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        }

        registration.Dispose();
        Console.WriteLine(Os.System("kill -INT $PPID; exit 5").Raw);
        Os.Kill(s_pid, Signal.SIGINT);
        Thread.Sleep(10_000);
        return 5;
    }

    /// <summary>A registration that was made meanwhile, a handler of Gannet beside it, and then one without the other.</summary>
    public static int RegistrationMadeMeanwhileThenHandled(string[] arguments)
    {
        int registered = 0, handled = 0;
        PosixSignalRegistration registration;
        using (Meanwhile meanwhile = new())
        {
            registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
            {
                context.Cancel = true;
                Interlocked.Increment(ref registered);
            });
        }

        Signals.Set(Signal.SIGINT, (_, _) => Interlocked.Increment(ref handled));
        int status = Os.System("kill -INT $PPID; exit 5").Raw;
        Os.Kill(s_pid, Signal.SIGINT);
        SignalHandlers.Eventually(() => Volatile.Read(ref registered) == 1 && Volatile.Read(ref handled) == 1);
        Console.WriteLine($"{status} {registered} {handled}");
        registration.Dispose();
        status = Os.System("kill -INT $PPID; exit 5").Raw;
        Os.Kill(s_pid, Signal.SIGINT);
        SignalHandlers.Eventually(() => Volatile.Read(ref handled) == 2);
        Console.WriteLine($"{status} {registered} {handled}");
        Signals.Default(Signal.SIGINT);
        Os.Kill(s_pid, Signal.SIGINT);
        Thread.Sleep(10_000);
        return 5;
    }

    /// <summary>What the command has ignored, and what another child has that is started meanwhile. Argument: a signal to ignore.</summary>
    public static int Dispositions(string[] arguments)
    {
        const string look = "grep SigIgn /proc/self/status";
        Signals.Set(Signal.SIGQUIT, (_, _) => { });
        if (arguments.Length > 0)
        {
            Signals.Ignore(Signal.SIGINT);
        }

        Os.System(look);
        using (Meanwhile meanwhile = new())
        {
            Command.Of("grep", "SigIgn", "/proc/self/status").Run();
        }

        Console.WriteLine($"{Signals.Get(Signal.SIGINT).Kind} {Signals.Get(Signal.SIGQUIT).Kind}");
        return 0;
    }

    /// <summary>Reaps whatever there is at each SIGCHLD; and tells what the waiting thread has blocked.</summary>
    public static int AmongReapers(string[] arguments)
    {
        int reaped = 0;
        Signals.Set(Signal.SIGCHLD, (_, _) =>
        {
            try
            {
                while (Os.WaitPid(-1, WaitOptions.WNOHANG).Pid > 0)
                {
                    Interlocked.Increment(ref reaped);
                }
            }
            catch (OsException)
            {
                // ECHILD: none is left.
            }
        });
        Os.Spawnl(SpawnMode.NoWait, "/bin/sh", "sh", "-c", "exit 7");
        HashSet<int> statuses = [];
        for (int i = 0; i < 20; i++)
        {
            statuses.Add(Os.System("exit 3").Raw);
        }

        SignalHandlers.Eventually(() => Volatile.Read(ref reaped) == 1);
        Os.System("grep SigBlk /proc/$PPID/status");
        Console.WriteLine($"{string.Join(' ', statuses)} {reaped} {Signals.Blocked} {ChildLibc.NoChildIsLeft()}");
        return 0;
    }

    /// <summary>Many at once, with signals all the time, of which none comes to the handlers.</summary>
    public static int Storm(string[] arguments)
    {
        const int threads = 4, rounds = 15;
        int calls = 0, wrong = 0;
        Signals.Set(Signal.SIGINT, (_, _) => Interlocked.Increment(ref calls));
        using (Meanwhile meanwhile = new())
        {
            Thread[] callers = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
            {
                for (int i = 0; i < rounds; i++)
                {
                    Interlocked.Add(ref wrong, Os.System($"kill -INT {s_pid}; exit {number}").ExitStatus == number ? 0 : 1);
                }
            }))];
            Array.ForEach(callers, caller => caller.Start());
            Array.ForEach(callers, caller => caller.Join());
        }

        for (int i = 0; i < threads * rounds; i++)
        {
            wrong += Os.System("kill -INT $PPID; exit 9").ExitStatus == 9 ? 0 : 1;
        }

        Signals.Hold().Dispose();
        int before = calls;
        Os.Kill(s_pid, Signal.SIGINT);
        SignalHandlers.Eventually(() => Volatile.Read(ref calls) > before);
        Console.WriteLine($"{wrong} {before} {calls} {ChildLibc.NoChildIsLeft()}");
        return 0;
    }

    /// <summary>A command on another thread, from when it runs until this is disposed.</summary>
    private sealed class Meanwhile : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("gannet-system-").FullName;
        private readonly Thread _thread;
        private WaitStatus _status;

        public Meanwhile()
        {
            _thread = new(() => _status = Os.System($"touch '{_folder}/begun'; until [ -e '{_folder}/over' ]; do sleep 0.01; done"));
            _thread.Start();
            SignalHandlers.Eventually(() => File.Exists($"{_folder}/begun"));
        }

        public void Dispose()
        {
            File.WriteAllText($"{_folder}/over", "");
            _thread.Join();
            Directory.Delete(_folder, recursive: true);
            if (_status.Raw != 0)
            {
                throw new InvalidOperationException($"The command ended with {_status}.");
            }
        }
    }
}
