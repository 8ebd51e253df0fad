using System.Globalization;
using System.Numerics;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Ways to end a program.</summary>
internal static class Exit
{
    private enum Level
    {
        Fine,
        Bad = 4,
    }

    public static int Plainly(string[] arguments) => Sys.Run(() =>
    {
        Sys.Exit();
        Console.WriteLine("not reached");
    });

    public static int WithNumber(string[] arguments) =>
        Sys.Run(() => Sys.Exit(int.Parse(arguments[0], CultureInfo.InvariantCulture)));

    public static int WithText(string[] arguments) => Sys.Run(() =>
    {
        Console.Write("out");
        Sys.Exit(arguments[0]);
    });

    /// <summary>The object is named, because the command line only carries words.</summary>
    public static int WithObject(string[] arguments) => Sys.Run(() => Sys.Exit(arguments[0] switch
    {
        "null" => null,
        "true" => true,
        "false" => false,
        "2.5" => 2.5,
        "2.5m" => 2.5m,
        "huge" => (BigInteger.One << 40) + 7,
        "negative" => BigInteger.MinusOne,
        "immense" => (BigInteger.One << 80) + 7,
        "long" => (1L << 40) + 7,
        "enum" => Level.Bad,
        "list" => new List<int>(),
        "broken" => new Broken(),
        _ => new Shown(arguments[0]),
    }));

    public static int ThrownDirectly(string[] arguments) => Sys.Run(() => throw (arguments switch
    {
        [] => new SystemExitException(),
        ["4"] => new SystemExitException(4),
        _ => new SystemExitException(arguments[0]),
    }));

    public static int ThroughFinally(string[] arguments) => Sys.Run(() =>
    {
        try
        {
            try
            {
                Sys.Exit(5);
            }
            finally
            {
                Console.WriteLine("inner");
            }
        }
        finally
        {
            Console.WriteLine("outer");
        }
    });

    public static int CaughtAndRethrown(string[] arguments) => Sys.Run(() =>
    {
        try
        {
            Sys.Exit(5);
        }
        catch (SystemExitException)
        {
            Console.WriteLine("cleanup");
            throw;
        }
    });

    public static int CaughtForGood(string[] arguments) => Sys.Run(() =>
    {
        try
        {
            Sys.Exit(5);
        }
        catch (SystemExitException exit)
        {
            Console.WriteLine($"trapped {exit.Code}");
        }

        Console.WriteLine("on");
    });

    public static int PastOrdinaryHandlers(string[] arguments) => Sys.Run(() =>
    {
        try
        {
            Sys.Exit(5);
        }
        catch (OsException)
        {
            Console.WriteLine("trapped by the library's error");
        }
        catch (Exception error) when (error is not SystemExitException)
        {
            Console.WriteLine("trapped by the filtered catch-all");
        }
    });

    public static int WithUnflushedWriter(string[] arguments) => Sys.Run(() =>
    {
        Sys.Stdout = new StreamWriter(Console.OpenStandardOutput());
        Console.Write("out");
        Sys.Exit("err");
    });

    public static int IntoReplacedStderr(string[] arguments) => Sys.Run(() =>
    {
        StringWriter buffer = new();
        AtExit.Register(() => Sys.OriginalStdout.Write($"buffer: {buffer}"));
        Sys.Stderr = buffer;
        Sys.Exit("message");
    });

    public static int IntoClosedStderr(string[] arguments) => Sys.Run(() =>
    {
        StringWriter closed = new();
        closed.Dispose();
        Sys.Stderr = closed;
        Sys.Exit("message");
    });

    /// <summary>The console's writer is replaced and closed before Gannet's streams are used.</summary>
    public static int ByErrorAfterClosingConsolesError(string[] arguments) => Sys.Run(() =>
    {
        StringWriter closed = new();
        Console.SetError(closed);
        closed.Close();
        Fail();
    });

    public static int WithOriginalsOfTheStart(string[] arguments) => Sys.Run(() =>
    {
        Console.SetOut(new StringWriter());
        Console.SetError(new StringWriter());
        Sys.OriginalStdout.Write("out");
        Sys.OriginalStderr.Write("err");
    });

    /// <summary>Whatever is printed can't be written out: the status is the first argument, <c>run</c> the second or not.</summary>
    public static int WithLostOutput(string[] arguments)
    {
        int status = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        return arguments.Contains("run") ? Sys.Run(Body) : Body();

        int Body()
        {
            Sys.Stdout = new StreamWriter("/dev/full");
            Console.WriteLine("x");
            return status;
        }
    }

    public static int WithClosedOutput(string[] arguments) => Sys.Run(() =>
    {
        StreamWriter writer = new("/dev/null");
        Sys.Stdout = writer;
        writer.Close();
    });

    public static int ByError(string[] arguments) => Sys.Run(() =>
    {
        try
        {
            Fail();
        }
        finally
        {
            Console.WriteLine("finally");
        }
    });

    public static int ByErrorInTask(string[] arguments) => Sys.Run(async () =>
    {
        await Task.Yield();
        Fail();
    });

    public static int ByCancelledTask(string[] arguments) => Sys.Run(async () =>
    {
        await Task.Yield();
        throw new OperationCanceledException("given up");
    });

    public static int ByErrorIntoReplacedStderr(string[] arguments) => Sys.Run(() =>
    {
        StringWriter buffer = new();
        AtExit.Register(() => Sys.OriginalStdout.Write($"buffer: {buffer}"));
        Sys.Stderr = buffer;
        Fail();
    });

    public static int FromTask(string[] arguments) => Sys.Run(async () =>
    {
        await Task.Yield();
        Sys.Exit(6);
    });

    public static int FromWaitedTask(string[] arguments) => Sys.Run(() => Task.Run(() => Sys.Exit(6)).Wait());

    public static int WithTasksResult(string[] arguments) => Sys.Run(async () =>
    {
        await Task.Yield();
        return 9;
    });

    public static int WithBodysResult(string[] arguments) => Sys.Run(() => 9);

    public static int WithoutTask(string[] arguments)
    {
        Task? none = null;
        return Sys.Run(() => none!);
    }

    public static int Nested(string[] arguments) => Sys.Run(() =>
    {
        int inner = Sys.Run(() => Sys.Exit(3));
        Console.WriteLine($"inner {inner}");
        return inner;
    });

    public static int OfThread(string[] arguments) => Sys.Run(() =>
    {
        Thread thread = new(() => Sys.Exit(9));
        thread.Start();
        thread.Join();
        Console.WriteLine("main on");
    });

    /// <summary>Without <see cref="Sys.Run(Action)"/>.</summary>
    public static int OfThreadOnly(string[] arguments)
    {
        Thread thread = new(() => throw new SystemExitException("silent"));
        thread.Start();
        thread.Join();
        Console.WriteLine("main on");
        return 0;
    }

    public static int ByErrorOnThread(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine("hook"));
        Thread thread = new(Fail);
        thread.Start();
        thread.Join();
        Console.WriteLine("not reached");
    });

    public static int ByErrorOnForegroundThreadAfterBody(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine("hook"));
        new Thread(() =>
        {
            Thread.Sleep(200);
            Fail();
        }).Start();
    });

    public static int WithForeignHandler(string[] arguments)
    {
        System.Runtime.ExceptionServices.ExceptionHandling.SetUnhandledExceptionHandler(error =>
        {
            Console.WriteLine($"foreign: {error.Message}");
            return true;
        });
        return Sys.Run(() =>
        {
            Thread thread = new(Fail);
            thread.Start();
            thread.Join();
        });
    }

    public static int ByFail(string[] arguments) => Sys.Run(() => Sys.Fail("no such thing", 7));

    private static void Fail() => throw new InvalidOperationException("on purpose");

    private sealed class Shown(string text)
    {
        public override string ToString() => text;
    }

    private sealed class Broken
    {
        public override string ToString() => throw new InvalidOperationException("no text");
    }
}
