using System.Diagnostics;
using System.Runtime.InteropServices;
using Gannet.Interop;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Waits in a process whose signals, and whose place among its ancestors, are not as usual.</summary>
internal static partial class Waits
{
    private const int PR_SET_CHILD_SUBREAPER = 36;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Is sent signals that it handles while it waits.</summary>
    public static int GoesOnAfterSignals(string[] arguments)
    {
        using PosixSignalRegistration registration = PosixSignalRegistration.Create(PosixSignal.SIGCONT, context => context.Cancel = true);
        int pid = ChildRecord.Start(Script("sleep 0.5; exit 4")).Pid;
        using Timer timer = new(_ => Libc.SendSignal(Environment.ProcessId, Signal.SIGCONT), null, 0, 5);
        Console.WriteLine(Os.WaitPid(pid).Status);
        return 0;
    }

    /// <summary>Ignores SIGCHLD itself.</summary>
    public static int IgnoresChildSignal(string[] arguments)
    {
        Libc.SetSignal(Libc.SIGCHLD, Libc.SIG_IGN);
        Command command = Command.Of("sh", "-c", "exit 3");
        Console.WriteLine(ErrorOf(() => Os.WaitPid(command.Start().Pid)));
        Console.WriteLine(ErrorOf(() => command.Run()));
        return 0;
    }

    /// <summary>Waits in every way.</summary>
    public static int ForAChildOfEachKind(string[] arguments)
    {
        Command command = Command.Of("sh", "-c", "exit 3");
        Console.WriteLine(command.Run().Status);
        Console.WriteLine(command.RunAsync().GetAwaiter().GetResult().Status);
        Console.WriteLine(Os.WaitPid(command.Start().Pid).Status);
        using Process process = Process.Start("sh", ["-c", "exit 3"]);
        process.WaitForExit();
        Console.WriteLine(process.ExitCode);
        return 0;
    }

    /// <summary>Adopts a process that its child leaves behind.</summary>
    public static int ReapsOrphans(string[] arguments)
    {
        _ = prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        using Process process = Process.Start("sh", ["-c", "sleep 2; exit 3"]);
        using Gannet.Child child = Command.Of("sh", "-c", "sleep 1; exit 5").Start();
        string orphan = Command.Of("sh", "-c", "(exit 7) >/dev/null & echo $!").Capture().Output.Trim();
        Console.WriteLine(SpinWait.SpinUntil(() => IsZombie(orphan), s_patience) ? "adopted" : "not adopted");
        using (Os.ReapOrphans())
        {
            Console.WriteLine(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{orphan}"), s_patience) ? "reaped" : "still there");
            process.WaitForExit();
            Console.WriteLine(process.ExitCode);

            // Long enough to be looked at twice.
            Thread.Sleep(TimeSpan.FromSeconds(2.5));
            Console.WriteLine(child.Wait());
        }

        return 0;
    }

    private static bool IsZombie(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Errno ErrorOf(Action action)
    {
        try
        {
            action();
            return Errno.None;
        }
        catch (OsException error)
        {
            return error.Errno;
        }
    }

    private static SpawnRequest Script(string script) => new() { Program = "/bin/sh", Arguments = ["sh", "-c", script] };

    [LibraryImport("libc")]
    private static partial int prctl(int option, nint first, nint second, nint third, nint fourth);
}
