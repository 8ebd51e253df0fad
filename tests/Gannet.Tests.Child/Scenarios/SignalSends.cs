using System.Diagnostics;
using System.Globalization;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Sending signals.</summary>
internal static class SignalSends
{
    private const uint Nobody = 65534;

    /// <summary>Another user's process.</summary>
    public static int AsNobody(string[] arguments)
    {
        int parent = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        _ = ChildLibc.setresuid(Nobody, Nobody, Nobody);
        foreach (Action send in (Action[])[() => Os.Kill(parent, Signal.None), () => Os.Kill(parent, Signal.SIGTERM), () => Signals.Queue(parent, Signal.SIGTERM)])
        {
            try
            {
                send();
            }
            catch (OsException error)
            {
                Console.WriteLine($"{error.Operation} {error.Errno}");
            }
        }

        return 0;
    }

    /// <summary>A child signals its parent, which is this program.</summary>
    public static int FromAChild(string[] arguments)
    {
        using ManualResetEventSlim called = new();
        int? sender = null;
        Signals.Set(Signal.SIGUSR1, (_, info) =>
        {
            sender = info.Pid;
            called.Set();
        });
        using Process child = Process.Start("/bin/sh", ["-c", "kill -USR1 $PPID; sleep 0.2"]);
        SignalHandlers.Await(called);
        child.WaitForExit();
        Console.WriteLine(sender == child.Id);
        return 0;
    }

    /// <summary>To its own group, of which it is made the leader by the test.</summary>
    public static int ToItsGroup(string[] arguments)
    {
        int handled = 0;
        Signals.Set(Signal.SIGUSR1, (_, _) => handled++);
        Action[] sends =
        [
            () => Os.Kill(0, Signal.SIGUSR1),
            () => Os.Kill(-Environment.ProcessId, Signal.SIGUSR1),
            () => Os.KillPg(0, Signal.SIGUSR1),
            () => Os.KillPg(Environment.ProcessId, Signal.SIGUSR1),
        ];
        for (int i = 0; i < sends.Length; i++)
        {
            sends[i]();
            SignalHandlers.Eventually(() => Volatile.Read(ref handled) == i + 1);
        }

        Console.WriteLine(handled);
        return 0;
    }

    /// <summary>Real-time signals keep their order and their values; of a standard one the first value counts.</summary>
    public static int Queued(string[] arguments)
    {
        List<nint> values = [];
        List<nint> merged = [];
        Signals.Set((Signal)45, (_, info) => values.Add(info.Code == -1 && info.Pid == Environment.ProcessId ? info.Value : -1));
        Signals.Set(Signal.SIGUSR1, (_, info) => merged.Add(info.Value));
        for (int i = 0; i < 1000; i++)
        {
            Signals.Queue(Environment.ProcessId, (Signal)45, i);
        }

        Signals.Queue(Environment.ProcessId, Signal.SIGUSR1, nint.MinValue);
        SignalHandlers.Eventually(() => values.Count == 1000 && merged.Count == 1);
        Console.WriteLine($"{values.SequenceEqual(Enumerable.Range(0, 1000).Select(i => (nint)i))} {merged[0] == nint.MinValue}");
        return 0;
    }

    /// <summary>Shows a started program's ignored signals.</summary>
    public static int ChildOfAHandler(string[] arguments)
    {
        Signals.Set(Signal.SIGUSR1, (_, _) => { });
        Signals.Ignore(Signal.SIGUSR2);
        Signals.Set((Signal)40, (_, _) => { });
        SpawnedChild child = Spawner.Start(new SpawnRequest { Program = "/bin/grep", Arguments = ["grep", "-E", "SigIgn|SigBlk", "/proc/self/status"] });
        return ChildWait.ForEnd(child).Status.ExitStatus ?? 1;
    }
}
