using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>The standard streams and their descriptors. A file that a scenario writes is its first argument.</summary>
[SupportedOSPlatform("linux")]
internal static partial class Streams
{
    public static int AreTheOriginals(string[] arguments)
    {
        Console.WriteLine(ReferenceEquals(Sys.Stdin, Sys.OriginalStdin));
        Console.WriteLine(ReferenceEquals(Sys.Stdout, Sys.OriginalStdout));
        Console.WriteLine(ReferenceEquals(Sys.Stderr, Sys.OriginalStderr));
        Console.WriteLine(ReferenceEquals(Sys.Stdout, Console.Out));
        return 0;
    }

    public static int Echo(string[] arguments)
    {
        Sys.Stdout.WriteLine($"{Sys.Stdin.ReadLine()}|{Sys.Stdin.ReadLine()}|{Sys.Stdin.ReadToEnd()}|{Sys.Stdin.ReadLine() ?? "(end)"}");
        Sys.Stderr.WriteLine("error");
        return 0;
    }

    public static int PrintTwice(string[] arguments)
    {
        Console.WriteLine("Busy doin nothin");
        Sys.Stdout.Write("Busy doin nothin\n");
        return 0;
    }

    public static int Replace(string[] arguments)
    {
        StringWriter output = new(), error = new();
        StringReader input = new("typed\n");
        Sys.Stdin = input;
        Sys.Stdout = output;
        Sys.Stderr = error;
        Console.WriteLine("printed");
        Console.Error.WriteLine("complained");
        Sys.OriginalStdout.WriteLine($"{output}{error}{Console.ReadLine()}");
        Sys.OriginalStdout.WriteLine(
            ReferenceEquals(Sys.Stdin, input) && ReferenceEquals(Sys.Stdout, output) && ReferenceEquals(Sys.Stderr, error));

        StringWriter behind = new();
        Console.SetOut(behind);
        Sys.Stdout.Write("behind");
        Sys.OriginalStdout.WriteLine($"{behind} {ReferenceEquals(Sys.Stdout, Console.Out)}");

        Sys.Stdout = Sys.OriginalStdout;
        Console.WriteLine(ReferenceEquals(Sys.Stdout, Sys.OriginalStdout));
        return 0;
    }

    public static int CustomWriter(string[] arguments)
    {
        Sys.Stdout = new Shouting();
        Console.Write("hear me");
        return 0;
    }

    public static int IntoLog(string[] arguments)
    {
        Sys.Stderr = new StreamWriter(arguments[0]);
        Sys.Stderr.Write("Error log!\n");
        Sys.Stderr.Close();
        try
        {
            Sys.Stderr.Write("late");
        }
        catch (ObjectDisposedException)
        {
            Console.WriteLine("closed");
        }

        Sys.Stderr = Sys.OriginalStderr;
        Sys.Stderr.Write("visible again\n");
        return 0;
    }

    public static int Scopes(string[] arguments)
    {
        StringWriter output = new(), error = new();
        using (Sys.RedirectStdin(new StringReader("typed")))
        using (Sys.RedirectStderr(error))
        using (IDisposable scope = Sys.RedirectStdout(output))
        {
            Console.Write("printed");
            Console.Error.Write(Console.ReadLine());
            scope.Dispose();
            Console.WriteLine("back");
        }

        Console.WriteLine($"{output} {error}");
        Console.WriteLine(ReferenceEquals(Sys.Stdin, Sys.OriginalStdin) && ReferenceEquals(Sys.Stderr, Sys.OriginalStderr));
        return 0;
    }

    public static int ChildIgnoresReplacedStderr(string[] arguments)
    {
        StringWriter buffer = new();
        Sys.Stderr = buffer;
        Shell("echo child >&2");
        Console.WriteLine($"buffer: '{buffer}'");
        return 0;
    }

    public static int RedirectStderr(string[] arguments)
    {
        using (IDisposable redirection = Sys.Redirect(2, arguments[0]))
        {
            Console.Error.WriteLine("console");
            Sys.Stderr.Write("stream\n");
            Shell("echo child >&2");
            redirection.Dispose();
            redirection.Dispose();
        }

        Console.Error.WriteLine("after");
        Shell("echo child after >&2");
        Console.WriteLine(ReferenceEquals(Sys.Stderr, Sys.OriginalStderr));
        return 0;
    }

    public static int RedirectAppending(string[] arguments)
    {
        using (Sys.Redirect(1, arguments[0], append: true))
        {
            Console.WriteLine("added");
        }

        return 0;
    }

    public static int RedirectNested(string[] arguments)
    {
        using (Sys.Redirect(1, arguments[0]))
        {
            Console.WriteLine("outer");
            using (Sys.Redirect(1, arguments[1]))
            {
                Console.WriteLine("inner");
                Shell("echo child");
            }

            Console.WriteLine("outer again");
        }

        Console.WriteLine("outside");
        return 0;
    }

    /// <summary>Both files are read line by line, the second one in the middle of the first.</summary>
    public static int RedirectStdin(string[] arguments)
    {
        using (Sys.Redirect(0, arguments[0]))
        {
            Console.WriteLine(Console.ReadLine());
            using (Sys.Redirect(0, arguments[1]))
            {
                Console.WriteLine(Console.ReadLine());
            }

            Console.WriteLine(Sys.Stdin.ReadLine());
        }

        using (Sys.Redirect(0, arguments[1]))
        {
            Shell("cat");
        }

        Console.WriteLine(Sys.Stdin.ReadLine());
        return 0;
    }

    public static int RedirectLeavesReplacedStreamAlone(string[] arguments)
    {
        StringWriter buffer = new();
        Sys.Stdout = buffer;
        using (Sys.Redirect(1, arguments[0]))
        {
            Console.Write("mine");
            Shell("echo child");
        }

        Sys.OriginalStdout.WriteLine($"{buffer} {ReferenceEquals(Sys.Stdout, buffer)}");
        return 0;
    }

    /// <summary>A writer that holds text back must not lose it to the other side of either switch. Standard output is a pipe:
    /// on a file a <see cref="FileStream"/> would keep a position of its own.</summary>
    public static int RedirectFlushes(string[] arguments)
    {
        Sys.Stdout = new StreamWriter(new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write));
        Console.Write("before ");
        using (Sys.Redirect(1, arguments[0]))
        {
            Console.Write("during");
        }

        Console.Write("after");
        return 0;
    }

    /// <summary>Eight threads print at once, half of them through the console.</summary>
    public static int RedirectWithManyThreads(string[] arguments)
    {
        using (Sys.Redirect(1, arguments[0]))
        using (Sys.Redirect(1, arguments[0]))
        {
            Thread[] threads = [.. Enumerable.Range(0, 8).Select(number => new Thread(() =>
            {
                TextWriter writer = number % 2 is 0 ? Sys.Stdout : Console.Out;
                for (int i = 0; i < 2000; i++)
                {
                    writer.WriteLine("{0} {1}", number, new string((char)('a' + number), 20));
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
        }

        return 0;
    }

    /// <summary>The console has an encoding with a byte order mark, chosen after its streams were opened.</summary>
    public static int RedirectWithPreamble(string[] arguments) => Sys.Run(() =>
    {
        Console.OutputEncoding = arguments[1] is "UTF-8" ? System.Text.Encoding.UTF8 : System.Text.Encoding.GetEncoding(arguments[1]);
        using (Sys.Redirect(1, arguments[0]))
        {
            Console.Write("é");
        }

        Console.Write(ReferenceEquals(Sys.Stdout, Sys.OriginalStdout));
    });

    public static int RedirectToHandle(string[] arguments)
    {
        using System.IO.Pipes.AnonymousPipeServerStream pipe = new(System.IO.Pipes.PipeDirection.In);
        using (Sys.Redirect(1, pipe.ClientSafePipeHandle))
        {
            pipe.DisposeLocalCopyOfClientHandle();
            Console.WriteLine("through the pipe");
            Shell("echo child");
        }

        // The end of the text shows that no copy of the pipe's writing end is left.
        Console.Write(new StreamReader(pipe).ReadToEnd());
        return 0;
    }

    public static int RedirectClosed(string[] arguments)
    {
        const int unused = 77;
        using (Sys.Redirect(unused, arguments[0]))
        {
            Shell($"echo child >/proc/self/fd/{unused}");
        }

        Console.WriteLine(Directory.Exists($"/proc/self/fd/{unused}") || File.Exists($"/proc/self/fd/{unused}"));
        close(0);
        using (Sys.Redirect(0, "/dev/null"))
        {
            Console.WriteLine(Sys.Stdin.Read());
        }

        Console.WriteLine(File.Exists("/proc/self/fd/0"));
        return 0;
    }

    public static int RedirectBadly(string[] arguments)
    {
        const string untouched = "untouched";
        File.WriteAllText(arguments[0], untouched);
        using SafeFileHandle closed = File.OpenHandle("/dev/null");
        closed.Dispose();
        Try(() => Sys.Redirect(1, "/no/such/file"));
        Try(() => Sys.Redirect(1, "/"));
        Try(() => Sys.Redirect(-1, arguments[0]));
        Try(() => Sys.Redirect(int.MaxValue, arguments[0]));
        Try(() => Sys.Redirect(1, closed));
        Try(() => Sys.Redirect(1, new SafeFileHandle(888, ownsHandle: false)));
        Try(() => Sys.Redirect(1, "nul\0nul"));
        Try(() => Sys.Redirect(1, (string)null!));
        Try(() => Sys.Redirect(1, (SafeHandle)null!));
        Console.WriteLine(File.ReadAllText(arguments[0]));
        return 0;

        static void Try(Action action)
        {
            try
            {
                action();
            }
            catch (Exception error)
            {
                Console.WriteLine($"{error.GetType().Name}: {error.Message.Split('.')[0]}");
            }
        }
    }

    public static int RedirectLeaksNothing(string[] arguments)
    {
        Once();
        string before = string.Join(' ', Descriptors());
        for (int i = 0; i < 100; i++)
        {
            Once();
        }

        string after = string.Join(' ', Descriptors());
        Console.WriteLine(before == after ? "same" : $"{before} became {after}");
        return 0;

        void Once()
        {
            using (Sys.Redirect(0, "/dev/null"))
            using (Sys.Redirect(1, arguments[0]))
            using (Sys.Redirect(2, arguments[0], append: true))
            {
                Console.Write("x");
            }

            try
            {
                Sys.Redirect(1, "/no/such/file").Dispose();
            }
            catch (OsException)
            {
                // What was opened or saved on the way must be gone too.
            }
        }
    }

    /// <summary>Opens a FIFO and reads from it while signals interrupt: the handler is harmless, and asks for no restart.</summary>
    public static int RedirectInterrupted(string[] arguments)
    {
        const int sigusr1 = 10;
        NativeLibrary.TryGetExport(NativeLibrary.Load("libc.so.6"), "getpid", out nint harmless);
        signal(sigusr1, harmless);
        siginterrupt(sigusr1, 1);
        new Thread(() =>
        {
            Storm();
            using FileStream fifo = File.OpenWrite(arguments[0]);
            Storm();
            fifo.Write("line\n"u8);
        }).Start();
        using (Sys.Redirect(0, arguments[0]))
        {
            Console.WriteLine(Sys.Stdin.ReadLine());
        }

        return 0;

        static void Storm()
        {
            for (int i = 0; i < 50; i++)
            {
                Thread.Sleep(2);
                kill(Environment.ProcessId, sigusr1);
            }
        }
    }

    /// <summary>What a child inherits, without and with a redirection: the saved descriptor is the program's own.</summary>
    public static int RedirectHidesTheSavedDescriptor(string[] arguments)
    {
        Shell("ls /proc/self/fd");
        using (Sys.Redirect(1, arguments[0]))
        {
            Shell("ls /proc/self/fd");
        }

        return 0;
    }

    /// <summary>The runtime's crash text goes to descriptor 2.</summary>
    public static int CrashIntoRedirected(string[] arguments)
    {
        Sys.Redirect(2, arguments[0]);
        throw new InvalidOperationException("crash");
    }

    public static int Terminals(string[] arguments)
    {
        Sys.Stdout.WriteLine($"{Console.IsInputRedirected} {Console.IsOutputRedirected} {Console.IsErrorRedirected}");
        return 0;
    }

    private static List<int> Descriptors() =>
        [.. Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Select(entry => int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture))
            .Order()];

    private static void Shell(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]))!;
        process.WaitForExit();
    }

    private sealed class Shouting : TextWriter
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override void Write(char value) => Sys.OriginalStdout.Write(char.ToUpperInvariant(value));
    }

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc")]
    private static partial int siginterrupt(int number, int interrupts);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int number);
}
