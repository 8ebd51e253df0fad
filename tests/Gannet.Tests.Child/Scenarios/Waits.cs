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
        ChildLibc.signal(Libc.SIGCHLD, Libc.SIG_IGN);
        using Gannet.Child child = Command.Of("sh", "-c", "exit 3").Start();
        Console.WriteLine(ErrorOf(() => Os.WaitPid(child.Pid)));
        Console.WriteLine(ErrorOf(() => Os.Wait()));

        // Linux 6.15 and later remember the status for the holder of a pidfd.
        Console.WriteLine(Environment.OSVersion.Version >= new Version(6, 15) ? child.Wait() : ErrorOf(() => child.Wait()));
        return 0;
    }

    /// <summary>Waits in every way, beside a child of <see cref="Process"/>, which handles SIGCHLD.</summary>
    public static int ForAChildOfEachKind(string[] arguments)
    {
        using Process process = Process.Start("sh", ["-c", "sleep 0.5; exit 3"]);
        Command command = Command.Of("sh", "-c", "exit 3");
        Console.WriteLine(command.Run().Status);
        Console.WriteLine(command.RunAsync().GetAwaiter().GetResult().Status);
        using Gannet.Child child = command.Start();
        Console.WriteLine(child.Wait());
        process.WaitForExit();
        Console.WriteLine(process.ExitCode);
        return 0;
    }

    /// <summary>Adopts a process that its child leaves behind. <see cref="Process"/> is used beside it but by an init process, in which it
    /// reaps whatever there is.</summary>
    public static int ReapsOrphans(string[] arguments)
    {
        _ = prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        using Process? process = Environment.ProcessId == 1 ? null : Process.Start("sh", ["-c", "sleep 2; exit 3"]);
        using Gannet.Child child = Command.Of("sh", "-c", "sleep 1; exit 5").Start();
        string orphan = Command.Of("sh", "-c", "(sleep 0.3; exit 7) >/dev/null & echo $!").Capture().Output.Trim();
        Console.WriteLine(SpinWait.SpinUntil(() => IsZombie(orphan), s_patience) ? "adopted" : "not adopted");
        using (Os.ReapOrphans())
        {
            Console.WriteLine(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{orphan}"), s_patience) ? "reaped" : "still there");
            process?.WaitForExit();
            Console.WriteLine(process?.ExitCode ?? 3);

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
