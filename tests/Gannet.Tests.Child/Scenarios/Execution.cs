using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Replacing the program. The new program is mostly <c>cat</c>, which shows what the kernel says about it.</summary>
[SupportedOSPlatform("linux")]
internal static partial class Execution
{
    private const int Sigusr1 = 10;
    private const int Sigpipe = 13;
    private const int Sigchld = 17;
    private const int SignalSetSize = 128;
    private const int SignalActionSize = 152;

    /// <summary>The first argument is the path, the others are the new program's.</summary>
    public static int Replace(string[] arguments)
    {
        // .NET's own arguments have lost what is not UTF-8.
        string[] words = [.. Sys.Argv.Skip(2)];
        Os.Execv(words[0], words[1..]);
        return 2;
    }

    /// <summary>Any form: its name, the program, the entries of the environment (one in a line; the forms without one ignore them), and
    /// the new program's arguments. Tells of a failure, and that this program has gone on.</summary>
    public static int Call(string[] arguments)
    {
        try
        {
            Call(arguments[0], arguments[1], Variables(arguments[2]), arguments[3..]);
        }
        catch (OsException error)
        {
            Console.WriteLine($"{error.Message}|{error.Errno}|{error.Operation}|{error.Path}");
        }

        return 0;
    }

    /// <summary>As <see cref="Call(string[])"/>, without root's power.</summary>
    public static unsafe int CallAsNobody(string[] arguments)
    {
        const uint nobody = 65534;
        ChildLibc.setgroups(0, null);
        ChildLibc.setresgid(nobody, nobody, nobody);
        ChildLibc.setresuid(nobody, nobody, nobody);
        return Call(arguments);
    }

    /// <summary>The argument becomes this program's PATH, and zzcmd is looked for.</summary>
    public static int WithChangedPath(string[] arguments)
    {
        Environment.SetEnvironmentVariable("PATH", arguments[0]);
        return Call(["execvp", "zzcmd", "", "zzcmd"]);
    }

    /// <summary>The argument becomes the default path, and zzcmd is looked for.</summary>
    public static int WithChangedDefaultPath(string[] arguments)
    {
        Os.DefaultPath = arguments[0];
        return Call(["execvp", "zzcmd", "", "zzcmd"]);
    }

    /// <summary>What the setter refuses, and what it has left.</summary>
    public static int RefuseDefaultPath(string[] arguments)
    {
        Try("null", () => Os.DefaultPath = null!);
        Try("NUL", () => Os.DefaultPath = "/bin\0");
        Console.WriteLine(Os.DefaultPath);
        return 0;
    }

    /// <summary>The live environment, changed a moment before.</summary>
    public static int WithChangedVariable(string[] arguments)
    {
        Environment.SetEnvironmentVariable("WHO", "inherited");
        return Call([arguments[0], arguments[1], "WHO=given\nPATH=/bin", "sh", "-c", "echo \"$0 $WHO\""]);
    }

    public static int BetweenLines(string[] arguments)
    {
        Console.WriteLine("before");
        Os.Execl("/bin/echo", "echo", "new program");
        Console.WriteLine("after");
        return 2;
    }

    /// <summary>Nobody catches the error of the book's example.</summary>
    public static int Uncaught(string[] arguments) => Sys.Run(() =>
    {
        Os.Execv("nothing", [""]);
        Console.WriteLine("never printed");
    });

    /// <summary>With an alarm that is due while the new program runs.</summary>
    public static int WithAlarm(string[] arguments)
    {
        alarm(1);
        Os.Execl("/bin/sleep", "sleep", "30");
        return 2;
    }

    /// <summary>With a handler for each of two signals.</summary>
    public static int WithHandlers(string[] arguments)
    {
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        using PosixSignalRegistration child = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, context => context.Cancel = true);
        Os.Execl("/bin/cat", "cat", "/proc/self/status");
        return 2;
    }

    public static int FromAnotherThread(string[] arguments)
    {
        Thread thread = new(() => Os.Execl("/bin/echo", "echo", "new program"));
        thread.Start();
        thread.Join();
        return 2;
    }

    /// <summary>Threads whose attempts fail, and threads that all want to become the same program.</summary>
    public static int FromManyThreads(string[] arguments)
    {
        for (int i = 0; i < 4; i++)
        {
            new Thread(() => Repeat(TryNothing)).Start();
            new Thread(() =>
            {
                Thread.Sleep(50);
                Os.Execl("/bin/echo", "echo", "new program");
            }).Start();
        }

        Thread.Sleep(Timeout.Infinite);
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
            Os.Execv(arguments[0], ["name", new string('x', int.Parse(arguments[1], CultureInfo.InvariantCulture))]);
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
        Try("no arguments", () => Os.Execl(program));
        Try("null path", () => Os.Execl(null!, "true"));
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
        Try("null file", () => Os.Execlp(null!, "true"));
        Try("NUL in the file", () => Os.Execlp("true\0", "true"));
        Try("no listed arguments", () => Os.Execlp("true"));
        Try("null environment", () => Os.Execle(program, null!, "true"));
        Try("null environment", () => Os.Execlpe("true", null!, "true"));
        Try("null environment", () => Os.Execvpe("true", ["true"], null!));
        Try("null value", () => Os.Execlpe("true", [new("A", null!)], "true"));
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
        Os.Execlp("stty", "stty", "-g");
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

    /// <summary>The action of SIGPIPE, flags and all, before and after an attempt: a handler that needs its flags, .NET's for SIGCHLD.</summary>
    public static unsafe int FailWithHandlerForBrokenPipe(string[] arguments)
    {
        byte* action = stackalloc byte[SignalActionSize];
        using PosixSignalRegistration registration = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => { });
        sigaction(Sigchld, null, action);
        sigaction(Sigpipe, action, null);
        string before = PipeAction();
        TryNothing();
        Console.WriteLine(before == PipeAction() ? "same" : $"{before} became {PipeAction()}");
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

    private static void Call(string form, string program, Dictionary<string, string> environment, string[] words)
    {
        switch (form)
        {
            case "execl":
                Os.Execl(program, words);
                break;
            case "execle":
                Os.Execle(program, environment, words);
                break;
            case "execlp":
                Os.Execlp(program, words);
                break;
            case "execlpe":
                Os.Execlpe(program, environment, words);
                break;
            case "execv":
                Os.Execv(program, words);
                break;
            case "execve":
                Os.Execve(program, words, environment);
                break;
            case "execvp":
                Os.Execvp(program, words);
                break;
            case "execvpe":
                Os.Execvpe(program, words, environment);
                break;
            default:
                throw new ArgumentException($"There is no form {form}.", nameof(form));
        }
    }

    private static Dictionary<string, string> Variables(string lines) => lines
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('=', 2))
        .ToDictionary(parts => parts[0], parts => parts[1]);

    private static void Repeat(Action action)
    {
        while (true)
        {
            action();
        }
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

    private static unsafe string PipeAction()
    {
        ulong* action = stackalloc ulong[SignalActionSize / sizeof(ulong)];
        sigaction(Sigpipe, null, (byte*)action);
        // Of the mask the kernel knows 64 signals; behind them the C library leaves what was there.
        return $"handler {action[0]:x} mask {action[1]:x} flags {(uint)action[17]:x}";
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
    private static partial uint alarm(uint seconds);

    [LibraryImport("libc")]
    private static unsafe partial nint write(int fd, byte* bytes, nuint count);

    [LibraryImport("libc")]
    private static unsafe partial int sigaction(int signal, byte* action, byte* old);

    [LibraryImport("libc")]
    private static unsafe partial int sigaddset(byte* set, int signal);

    [LibraryImport("libc")]
    private static unsafe partial int pthread_sigmask(int how, byte* set, byte* old);
}
