using System.Globalization;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Spawns from a process whose state other tests could not bear. Each prints what it finds.</summary>
internal static unsafe class Spawn
{
    private const int SIG_IGN = 1;
    private const uint Nobody = 65534;
    private const int RLIMIT_NPROC = 6;
    private const int RLIMIT_NOFILE = 7;
    private const int ReportTarget = 9;

    /// <summary>All orders of descriptors 0 to 2, with one of them closed here and taken from elsewhere.</summary>
    public static int PermutesStandardDescriptors(string[] arguments)
    {
        using SafeFileHandle console = Libc.DuplicateAway(1)!;
        SafeFileHandle[] files = [.. Enumerable.Range(0, 3).Select(Numbered)];
        foreach (int closed in new[] { -1, 0, 1, 2 })
        {
            int[] sources = [0, 1, 2];
            for (int fd = 0; fd < 3; fd++)
            {
                Libc.Dup3(Number(files[fd]), fd, 0);
            }

            if (closed >= 0)
            {
                Libc.Close(closed);
                sources[closed] = Number(files[closed]);
            }

            foreach (int[] order in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
            {
                string script = $"for i in 0 1 2; do read x </proc/self/fd/$i; printf %s $x >&{ReportTarget}; done; printf ' ' >&{ReportTarget}";
                Run(Shell(
                    script, [.. order.Select((source, target) => new DescriptorMapping(sources[source], target)), new(Number(console), ReportTarget)]));
            }
        }

        return 0;
    }

    /// <summary>With 0 to 2 closed: what the child finds open, and whether the pidfd took one of those numbers.</summary>
    public static int WithStandardDescriptorsClosed(string[] arguments)
    {
        using SafeFileHandle console = Libc.DuplicateAway(1)!;
        for (int fd = 0; fd < 3; fd++)
        {
            Libc.Close(fd);
        }

        string script = $"for i in 0 1 2 3 4; do [ -e /proc/self/fd/$i ] && printf '%s ' $i >&{ReportTarget}; done; exit 0";
        SpawnedChild child = Spawner.Start(Shell(script, [new(Number(console), ReportTarget), new(Number(console), 4)]));
        ChildWait.ForEnd(child);
        Libc.WriteAll(Number(console), Number(child.PidFd!) > 2 ? "above"u8 : "standard"u8);
        return 0;
    }

    /// <summary>The limit of descriptors is lowered below those that are open.</summary>
    public static int WithLoweredLimit(string[] arguments)
    {
        SpawnRequest[] requests = [.. new[]
        {
            SpawnOptions.None, SpawnOptions.WithoutCloseRange, SpawnOptions.WithoutCloseRange | SpawnOptions.WithoutProc,
        }.Select(fallbacks => new SpawnRequest
        {
            Program = "/bin/sh",
            Arguments = ["sh", "-c", "printf '%s ' /proc/self/fd/*; echo"],
            Environment = [],
            Fallbacks = fallbacks,
        })];
        // What the runtime opens at the first spawn must be open before.
        Run(requests[0]);
        int[] open = [.. Enumerable.Range(0, 100).Select(_ => ChildLibc.dup(0))];
        Array.ForEach(open[10..20], Libc.Close);
        SetLimit(RLIMIT_NOFILE, (ulong)open[50]);
        Array.ForEach(requests, Run);
        return 0;
    }

    /// <summary>No descriptor is left for the pidfd.</summary>
    public static int WithoutFreeDescriptor(string[] arguments)
    {
        // What the runtime opens at the first error must be open before.
        Try(new() { Program = "/no/such", Arguments = ["x"], Environment = [] });
        SetLimit(RLIMIT_NOFILE, 300);
        while (ChildLibc.dup(0) >= 0)
        {
        }

        Try(new() { Program = "/bin/true", Arguments = ["true"], Environment = [] });
        Console.WriteLine(ChildLibc.NoChildIsLeft());
        return 0;
    }

    /// <summary>An ordinary user may not do this, and is told so by the step.</summary>
    public static int AsOrdinaryUser(string[] arguments)
    {
        _ = ChildLibc.setgroups(0, null);
        _ = ChildLibc.setresgid(Nobody, Nobody, Nobody);
        _ = ChildLibc.setresuid(Nobody, Nobody, Nobody);
        Try(new() { Program = "/bin/true", Arguments = ["true"], UserId = 0 });
        Try(new() { Program = "/bin/true", Arguments = ["true"], GroupId = 0 });
        Try(new() { Program = "/bin/true", Arguments = ["true"], Groups = [] });
        Try(new() { Program = "/bin/true", Arguments = ["true"], Nice = -5 });
        SetLimit(RLIMIT_NOFILE, 1000);
        Try(new() { Program = "/bin/true", Arguments = ["true"], Limits = [new() { Resource = RLIMIT_NOFILE, Soft = 1, Hard = 1001 }] });
        SetLimit(RLIMIT_NPROC, 1);
        Try(new() { Program = "/bin/true", Arguments = ["true"] });
        Console.WriteLine(ChildLibc.NoChildIsLeft());
        return 0;
    }

    /// <summary>Children of other users, several at once, leave this process as open to its own user as it was.</summary>
    public static int KeepsDumpable(string[] arguments)
    {
        Libc.Dumpable = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            Run(i % 2 == 0
                ? new() { Program = "/bin/sh", Arguments = ["sh", "-c", "test $(id -u) = 65534"], UserId = Nobody, GroupId = Nobody, Groups = [] }
                : new() { Program = "/bin/sh", Arguments = ["sh", "-c", "test $(id -u) = 0"] });
        });
        Libc.TryGetOwner("/proc/self/environ", out uint owner, out _);
        Console.WriteLine($"dumpable {Libc.Dumpable} owner {owner}");
        return 0;
    }

    /// <summary>Signals that this process ignores stay ignored, but for SIGPIPE.</summary>
    public static int WithIgnoredSignals(string[] arguments)
    {
        _ = ChildLibc.signal((int)Signal.SIGHUP, SIG_IGN);
        _ = ChildLibc.signal((int)Signal.SIGUSR1, SIG_IGN);
        using System.Runtime.InteropServices.PosixSignalRegistration handled =
            System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, _ => { });
        Run(ShowSignals(SpawnOptions.None));
        Run(ShowSignals(SpawnOptions.WithoutClone3));
        return 0;
    }

    /// <summary>Starts a child that is to die with this process, says its number, and waits to be killed.</summary>
    public static int WithDeathSignal(string[] arguments)
    {
        SpawnedChild child = Spawner.Start(new()
        {
            Program = "/bin/sleep", Arguments = ["sleep", "60"], DeathSignal = Signal.SIGKILL,
        });
        Console.WriteLine($"child {child.Pid}.");
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static SpawnRequest ShowSignals(SpawnOptions fallbacks) => new()
    {
        Program = "sed", Arguments = ["sed", "-n", "/^Sig[BIC]/p", "/proc/self/status"], Fallbacks = fallbacks,
    };

    private static SpawnRequest Shell(string script, IReadOnlyList<DescriptorMapping> descriptors) =>
        new() { Program = "/bin/sh", Arguments = ["sh", "-c", script], Descriptors = descriptors };

    private static SafeFileHandle Numbered(int number)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, $"{number}\n");
        SafeFileHandle handle = Libc.Open(path, Libc.O_RDONLY);
        File.Delete(path);
        return handle;
    }

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static void Run(SpawnRequest request)
    {
        SpawnedChild child = Spawner.Start(request);
        using SafeFileHandle? pidFd = child.PidFd;
        if (ChildWait.ForEnd(child).Status is not { ExitStatus: 0 } and WaitStatus status)
        {
            throw new InvalidOperationException($"The child ended with {status}.");
        }
    }

    private static void Try(SpawnRequest request)
    {
        try
        {
            Run(request);
            Console.WriteLine("started");
        }
        catch (OsException error)
        {
            // EAGAIN has two names; the message has the one that manual pages use.
            Console.WriteLine($"{error.Operation} {error.Message[(error.Message.LastIndexOf('(') + 1)..^1]}");
        }
    }

    private static void SetLimit(int resource, ulong value)
    {
        ulong* limit = stackalloc ulong[] { value, value };
        _ = ChildLibc.setrlimit(resource, limit);
    }
}
