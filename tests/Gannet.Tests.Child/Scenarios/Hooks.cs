using System.Globalization;
using System.Runtime.InteropServices;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>What runs at the end of a program, and when.</summary>
internal static partial class Hooks
{
    private const int Sigint = 2;

    public static int WithExit(string[] arguments) => Sys.Run(() =>
    {
        Sys.ExitFunction = () => Console.WriteLine("hook");
        Sys.Exit(3);
    });

    /// <summary>Whether the runtime's handler of SIGINT, above Gannet's, runs on the thread's signal stack.</summary>
    public static int SignalStack(string[] arguments)
    {
        const int SA_ONSTACK = 0x08000000;
        AtExit.Register(() => { });
        using PosixSignalRegistration registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        Console.WriteLine((ChildLibc.FlagsOf(Signal.SIGINT) & SA_ONSTACK) != 0);
        return 0;
    }

    /// <summary>Without <see cref="Sys.Run(Action)"/> and without an exit.</summary>
    public static int AtPlainEnd(string[] arguments)
    {
        Sys.ExitFunction = () => Console.WriteLine("hook");
        Console.WriteLine("body");
        return 0;
    }

    public static int WithItsOwnNewline(string[] arguments)
    {
        Sys.ExitFunction = () => Console.WriteLine("Had enough, deciding to leave\n");
        return 0;
    }

    /// <summary>The hook waits for a thread that fails meanwhile.</summary>
    public static int AwaitingAFailingThread(string[] arguments) => Sys.Run(() =>
    {
        using ManualResetEventSlim go = new();
        Thread thread = new(() =>
        {
            go.Wait();
            Fail();
        })
        { IsBackground = true };
        thread.Start();
        AtExit.Register(() => Console.WriteLine("other"));
        AtExit.Register(() =>
        {
            go.Set();
            thread.Join();
            Console.WriteLine("joined");
        });
        Environment.Exit(0);
    });

    public static int Removed(string[] arguments)
    {
        Sys.ExitFunction = () => Console.WriteLine("hook");
        Sys.ExitFunction = null;
        Action twice = AtExit.Register(() => Console.WriteLine("twice"));
        AtExit.Register(twice);
        Func<Task> asynchronous = AtExit.Register(async () =>
        {
            await Task.Yield();
            Console.WriteLine("asynchronous");
        });
        AtExit.Register(() => Console.WriteLine("kept"));
        AtExit.Unregister(twice);
        AtExit.Unregister(asynchronous);
        return 0;
    }

    public static int AfterError(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.Error.WriteLine("hook"));
        throw new InvalidOperationException("on purpose");
    });

    public static int AfterMessage(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.Error.WriteLine("hook"));
        Sys.Exit("message");
    });

    public static int InOrder(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine(1));
        Sys.ExitFunction = () => Console.WriteLine("exit function");
        AtExit.Register(() => Console.WriteLine(2));
        Sys.Exit(3);
    });

    public static int AfterFinallyAndThreads(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.Write("hook "));
        new Thread(() =>
        {
            Thread.Sleep(200);
            Console.Write("thread ");
        }).Start();
        try
        {
            Sys.Exit(3);
        }
        finally
        {
            Console.Write("finally ");
        }
    });

    public static int AtEnvironmentExit(string[] arguments)
    {
        AtExit.Register(() => Console.WriteLine("hook"));
        Environment.Exit(4);
        return 0;
    }

    public static int Failing(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine("other"));
        AtExit.Register(Fail);
        AtExit.Register(async () =>
        {
            await Task.Yield();
            throw new InvalidOperationException("later");
        });
        return 3;
    });

    public static int Exiting(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine("other"));
        AtExit.Register(() => Sys.Exit(7));
        return 3;
    });

    public static int Registering(string[] arguments)
    {
        AtExit.Register(() =>
        {
            Console.WriteLine("first");
            AtExit.Register(() => Console.WriteLine("second"));
        });
        Sys.ExitFunction = () =>
        {
            Console.WriteLine("exit function");
            AtExit.Register(() => Console.WriteLine("third"));
        };
        return 0;
    }

    public static int Flushing(string[] arguments)
    {
        Sys.Stdout = new StreamWriter(Console.OpenStandardOutput());
        AtExit.Register(() => Console.Write("hook "));
        Console.Write("body ");
        return 0;
    }

    /// <summary>No hooks at all; what was printed must come out.</summary>
    public static int FlushingOnly(string[] arguments)
    {
        Sys.Stdout = new StreamWriter(Console.OpenStandardOutput());
        Console.Write("body");
        return 0;
    }

    public static int FromManyThreads(string[] arguments)
    {
        int ran = 0;
        AtExit.Register(() => Console.WriteLine(ran));
        Parallel.For(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            Action kept = AtExit.Register(() => Interlocked.Increment(ref ran));
            int unused = 0;
            Action dropped = AtExit.Register(() => Interlocked.Add(ref ran, 1000 + unused++));
            AtExit.Unregister(dropped);
        });
        return 0;
    }

    /// <summary>Waits to be killed; the first argument tells what stands on SIGINT, and from when.</summary>
    public static int Waiting(string[] arguments) => arguments[0] switch
    {
        "run" => Sys.Run(() => Wait(arguments[1..])),
        "console-first" => WaitAfterConsole(arguments[1..]),
        "registered-only" => Wait(arguments[1..]),
        _ => 2,
    };

    private static int WaitAfterConsole(string[] arguments)
    {
        Console.Error.Flush();
        return Wait(arguments);
    }

    private static int Wait(string[] arguments)
    {
        if (!arguments.Contains("hookless"))
        {
            AtExit.Register(() =>
            {
                Console.WriteLine("hook");
                if (arguments.Contains("slow"))
                {
                    Console.WriteLine("slow");
                    Thread.Sleep(30_000);
                }
            });
        }

        using PosixSignalRegistration? registration = arguments.Contains("passing")
            ? PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Console.WriteLine("seen"))
            : null;
        if (arguments.Contains("cancelling"))
        {
            Console.CancelKeyPress += (_, pressed) =>
            {
                Console.WriteLine("cancelled");
                pressed.Cancel = true;
            };
        }

        try
        {
            Console.WriteLine("ready");
            return WaitForQuit(arguments);
        }
        finally
        {
            Console.WriteLine("finally");
        }
    }

    private static int WaitForQuit(string[] arguments)
    {
        while (!arguments.Contains("file") || !File.Exists(arguments[^1]))
        {
            Thread.Sleep(10);
        }

        return 5;
    }

    /// <summary>A SIGINT is to come while the first hook runs at a normal end.</summary>
    public static int SlowAtTheEnd(string[] arguments)
    {
        if (arguments[0] is "console-first")
        {
            Console.Error.Flush();
        }

        return Sys.Run(() =>
        {
            AtExit.Register(() => Console.WriteLine("other"));
            AtExit.Register(() =>
            {
                Console.WriteLine("slow");
                Thread.Sleep(int.Parse(arguments[1], CultureInfo.InvariantCulture));
            });
            return 5;
        });
    }

    /// <summary>Sends itself SIGINT.</summary>
    public static int InterruptingItself(string[] arguments) => Sys.Run(() =>
    {
        if (arguments.Contains("hooks"))
        {
            AtExit.Register(() => Console.WriteLine("hook"));
        }

        Console.WriteLine("ready");
        kill(Environment.ProcessId, Sigint);
        Thread.Sleep(30_000);
        return 5;
    });

    /// <summary>Another thread has got stuck in writing to standard output, which nobody reads, when SIGINT comes.</summary>
    public static int InterruptedWhileStuck(string[] arguments) => Sys.Run(() =>
    {
        if (arguments.Contains("assigned"))
        {
            Sys.Stdout = new StreamWriter(Console.OpenStandardOutput());
        }

        IDisposable? redirection = arguments.Contains("redirected") ? Sys.Redirect(1, "/proc/self/fd/1") : null;
        // Not by Console.Error, which waits for the lock of Console.Out.
        AtExit.Register(() => WriteNatively("hook\n"u8));
        new Thread(() =>
        {
            while (true)
            {
                Console.WriteLine(new string('x', 1000));
            }
        }).Start();
        Thread.Sleep(500);
        kill(Environment.ProcessId, Sigint);
        Thread.Sleep(30_000);
        redirection?.Dispose();
        return 5;
    });

    public static int FlushingScope(string[] arguments)
    {
        StreamWriter writer = new(arguments[0] is "out" ? Console.OpenStandardOutput() : Console.OpenStandardError());
        _ = arguments[0] is "out" ? Sys.RedirectStdout(writer) : Sys.RedirectStderr(writer);
        (arguments[0] is "out" ? Console.Out : Console.Error).Write("body");
        return 0;
    }

    public static int Immediately(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine("hook"));
        Sys.Stderr.Write("E");
        try
        {
            ExitNow(3);
        }
        finally
        {
            Console.WriteLine("finally");
        }
    });

    private static unsafe void WriteNatively(ReadOnlySpan<byte> text)
    {
        const int standardError = 2;
        fixed (byte* start = text)
        {
            write(standardError, start, (nuint)text.Length);
        }
    }

    private static void Fail() => throw new InvalidOperationException("on purpose");

    [LibraryImport("libc")]
    private static unsafe partial nint write(int fd, byte* bytes, nuint count);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int status);
}
