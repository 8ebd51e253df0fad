using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Replacing the program. The new program is mostly <c>cat</c>, which shows what the kernel says about it.</summary>
[SupportedOSPlatform("linux")]
internal static partial class Execution
{
    private const int Sigusr1 = 10;
    private const int SignalSetSize = 128;

    /// <summary>The first argument is the path, the others are the new program's.</summary>
    public static int Replace(string[] arguments)
    {
        // .NET's own arguments have lost what is not UTF-8.
        string[] words = [.. Sys.Argv.Skip(2)];
        Os.Execv(words[0], words[1..]);
        return 2;
    }

    /// <summary>An environment of its own, one variable in bytes that are not UTF-8.</summary>
    public static int WithEnvironment(string[] arguments)
    {
        Environment.SetEnvironmentVariable("LIVE", "not passed");
        Os.Execve("/bin/cat", ["cat", "/proc/self/environ"], new Dictionary<string, string> { ["A"] = "1", ["L\udce9"] = "\udcff", ["E"] = "" });
        return 2;
    }

    /// <summary>Tries a path and, without an error, is gone. The second argument is the length of an argument for it.</summary>
    public static int Fail(string[] arguments)
    {
        try
        {
            Os.Execl(arguments[0], "name", new string('x', int.Parse(arguments[1], CultureInfo.InvariantCulture)));
        }
        catch (OsException error)
        {
            Console.WriteLine($"{error.Message}|{error.Errno}|{error.Operation}|{error.Path}");
        }

        return 0;
    }

    /// <summary>What must be refused before anything happens; true(1) would end this program with status 0 and without a word.</summary>
    public static int Refuse(string[] arguments)
    {
        const string program = "/bin/true";
        Dictionary<string, string> environment = new() { ["A"] = "1" };
        Try("no arguments", () => Os.Execv(program));
        Try("null path", () => Os.Execv(null!, "true"));
        Try("null arguments", () => Os.Execv(program, (IReadOnlyList<string>)null!));
        Try("null argument", () => Os.Execl(program, "true", null!));
        Try("NUL in the path", () => Os.Execl("/bin/true\0", "true"));
        Try("NUL in an argument", () => Os.Execl(program, "true", "a\0b"));
        Try("half a pair", () => Os.Execl(program, "true", "\ud800"));
        Try("no arguments", () => Os.Execve(program, [], environment));
        Try("null environment", () => Os.Execve(program, ["true"], null!));
        Try("null value", () => Os.Execve(program, ["true"], [new("A", null!)]));
        Try("null name", () => Os.Execve(program, ["true"], [new(null!, "1")]));
        Try("empty name", () => Os.Execve(program, ["true"], [new("", "1")]));
        Try("= in a name", () => Os.Execve(program, ["true"], [new("A=", "1")]));
        Try("NUL in a value", () => Os.Execve(program, ["true"], [new("A", "\0")]));
        return 0;
    }

    /// <summary>Changes by .NET and by native code, to variables that were there at the start (OLD…) and to new ones.</summary>
    public static int WithChangedEnvironment(string[] arguments)
    {
        SetNative("NATIVE_EARLY\0"u8, [0xFF, 0]);
        SetNative("OLD_NATIVE_EARLY\0"u8, [0xFE, 0]);
        Environment.SetEnvironmentVariable("NEW", "set");
        Environment.SetEnvironmentVariable("OLD_CHANGED", "changed");
        Environment.SetEnvironmentVariable("OLD_REMOVED", null);
        SetNative("NATIVE_LATE\0"u8, "late\0"u8);
        SetNative("OLD_NATIVE_LATE\0"u8, "late\0"u8);
        Os.Execl("/bin/cat", "cat", "/proc/self/environ");
        return 2;
    }

    /// <summary>Reads a line first, for which .NET puts the terminal into a mode of its own.</summary>
    public static int AfterReadingFromTerminal(string[] arguments)
    {
        Console.ReadLine();
        Os.Execl("/bin/stty", "stty", "-a");
        return 2;
    }

    public static int WithOpenDescriptors(string[] arguments)
    {
        using FileStream file = File.OpenRead("/dev/null");
        using IDisposable redirection = Sys.Redirect(2, "/dev/null");
        Os.Execl("/bin/ls", "ls", "/proc/self/fd");
        return 2;
    }

    public static int WithPendingOutput(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine("hook"));
        Sys.Stdout = new StreamWriter(Console.OpenStandardOutput());
        Console.Write("body ");
        try
        {
            Os.Execl("/bin/echo", "echo", "new program");
        }
        finally
        {
            Console.WriteLine("finally");
        }
    });

    public static int WithClosedOutput(string[] arguments)
    {
        StreamWriter closed = new("/dev/null");
        Sys.Stdout = closed;
        closed.Close();
        Os.Execl("/bin/echo", "echo", "new program");
        return 2;
    }

    public static int AmongThreads(string[] arguments)
    {
        for (int i = 0; i < 4; i++)
        {
            new Thread(() =>
            {
                for (object? last = null; ; last = new byte[1000])
                {
                    GC.KeepAlive(last);
                }
            }).Start();
        }

        Thread.Sleep(50);
        Os.Execl("/bin/echo", "echo", "new program");
        return 2;
    }

    /// <summary>From a thread that blocks a signal.</summary>
    public static int WithBlockedSignal(string[] arguments)
    {
        BlockSignal();
        Os.Execl("/bin/grep", "grep", "^Sig", "/proc/self/status");
        return 2;
    }

    /// <summary>The signal state of this thread before and after an attempt.</summary>
    public static int FailWithBlockedSignal(string[] arguments)
    {
        BlockSignal();
        string before = SignalState();
        TryNothing();
        Console.WriteLine(before == SignalState() ? "same" : $"{before} became {SignalState()}");
        return 0;
    }

    /// <summary>Another thread writes to a pipe without a reader while attempts fail.</summary>
    public static unsafe int FailWhileWritingToBrokenPipe(string[] arguments)
    {
        int* ends = stackalloc int[2];
        pipe(ends);
        close(ends[0]);
        int writeEnd = ends[1];
        bool done = false;
        long failed = 0;
        Thread writer = new(() =>
        {
            byte one = 1;
            while (!Volatile.Read(ref done))
            {
                failed += write(writeEnd, &one, 1) < 0 ? 1 : 0;
            }
        });
        writer.Start();
        for (int i = 0; i < 2000; i++)
        {
            TryNothing();
        }

        Volatile.Write(ref done, true);
        writer.Join();
        Console.WriteLine(failed > 0 ? "survived" : "wrote nothing");
        return 0;
    }

    private static void TryNothing()
    {
        try
        {
            Os.Execl("/no/such", "such");
        }
        catch (OsException)
        {
            // What is asked is what the attempt leaves behind.
        }
    }

    private static void Try(string what, Action attempt)
    {
        try
        {
            attempt();
            Console.WriteLine($"{what}: passed");
        }
        catch (ArgumentException error)
        {
            Console.WriteLine($"{what}: {error.GetType().Name} {error.ParamName}");
        }
    }

    private static string SignalState() =>
        string.Join(' ', File.ReadLines("/proc/thread-self/status").Where(line => line.StartsWith("Sig") && !line.StartsWith("SigQ")));

    private static unsafe void BlockSignal()
    {
        const int block = 0;
        byte* signals = stackalloc byte[SignalSetSize];
        new Span<byte>(signals, SignalSetSize).Clear();
        sigaddset(signals, Sigusr1);
        pthread_sigmask(block, signals, null);
    }

    private static unsafe void SetNative(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        fixed (byte* nameStart = name, valueStart = value)
        {
            setenv(nameStart, valueStart, 1);
        }
    }

    [LibraryImport("libc")]
    private static unsafe partial int setenv(byte* name, byte* value, int overwrite);

    [LibraryImport("libc")]
    private static unsafe partial int pipe(int* ends);

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc")]
    private static unsafe partial nint write(int fd, byte* bytes, nuint count);

    [LibraryImport("libc")]
    private static unsafe partial int sigaddset(byte* set, int signal);

    [LibraryImport("libc")]
    private static unsafe partial int pthread_sigmask(int how, byte* set, byte* old);
}
