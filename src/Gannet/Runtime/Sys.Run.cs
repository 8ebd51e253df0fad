using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gannet.Threading;

namespace Gannet;

public static partial class Sys
{
    private static int s_isExiting;

    /// <summary>
    /// Runs a program's body as Python runs a script, and returns its exit status: <c>return Sys.Run(() =&gt; { … });</c>.
    /// A compiled program needs it, because .NET aborts on an exception that leaves <c>Main</c>, without <c>finally</c> blocks and
    /// without exit hooks. Under the <c>gannet</c> command it is already there, and a second one does no harm.
    /// </summary>
    /// <remarks>
    /// <para>A <see cref="SystemExitException"/> becomes its status; its text goes to <see cref="Stderr"/> after
    /// <see cref="Stdout"/> is flushed. An <see cref="AggregateException"/> of nothing but such exceptions, as
    /// <see cref="Task.Wait()"/> makes it, counts as the first of them. Any other exception is written with its trace to
    /// <see cref="Stderr"/>, or straight to descriptor 2 when that is closed, and the status is 1. Output that can't be written out
    /// at the end is reported in the same place and makes 120 of the status 0, as in CPython.
    /// <see cref="Environment.ExitCode"/> is set as well, for a <c>Main</c> that returns nothing.</para>
    /// <para>From the first call on an exception that nobody catches on another thread writes its trace and ends the
    /// process in order, hooks included, with status 1; CPython only ends that thread. A program that has called
    /// <c>ExceptionHandling.SetUnhandledExceptionHandler</c> itself keeps its own way.</para>
    /// <para>A nested call ends its own body only: it returns the status as the outer one would, and what follows it
    /// runs.</para>
    /// </remarks>
    /// <param name="body">The program; its result is the status.</param>
    /// <returns>The exit status, to be returned from <c>Main</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    // Preferred, so that a lambda which only throws, and thus fits every overload, is not ambiguous.
    [OverloadResolutionPriority(1)]
    [StackTraceHidden]
    public static int Run(Func<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        BeginRun();
        try
        {
            return EndRun(body());
        }
        catch (Exception error)
        {
            return EndRun(error);
        }
    }

    /// <summary>As <see cref="Run(Func{int})"/>; the status is 0 when the body returns.</summary>
    /// <param name="body">The program.</param>
    /// <returns>The exit status, to be returned from <c>Main</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    [StackTraceHidden]
    public static int Run(Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        BeginRun();
        try
        {
            body();
            return EndRun(0);
        }
        catch (Exception error)
        {
            return EndRun(error);
        }
    }

    /// <summary>As <see cref="Run(Func{int})"/>, for an asynchronous body; blocks until its task has ended.</summary>
    /// <param name="body">The program.</param>
    /// <returns>The exit status, to be returned from <c>Main</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    [StackTraceHidden]
    public static int Run(Func<Task> body) => RunAsync(body).GetAwaiter().GetResult();

    /// <summary>As <see cref="Run(Func{int})"/>, for an asynchronous body; blocks until its task has ended.</summary>
    /// <param name="body">The program; its result is the status.</param>
    /// <returns>The exit status, to be returned from <c>Main</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    [StackTraceHidden]
    public static int Run(Func<Task<int>> body) => RunAsync(body).GetAwaiter().GetResult();

    /// <summary>As <see cref="Run(Func{int})"/>: <c>return await Sys.RunAsync(async () =&gt; { … });</c>.</summary>
    /// <param name="body">The program; the status is 0 when its task completes.</param>
    /// <returns>The exit status, to be returned from <c>Main</c>. The task itself never fails.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    public static Task<int> RunAsync(Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        BeginRun();
        return EndRunAsync(Start(body));
    }

    /// <summary>As <see cref="RunAsync(Func{Task})"/>; the task's result is the status.</summary>
    /// <param name="body">The program.</param>
    /// <returns>The exit status, to be returned from <c>Main</c>. The task itself never fails.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    public static Task<int> RunAsync(Func<Task<int>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        BeginRun();
        return EndRunAsync(Start(body));
    }

    /// <summary>The exit that an exception stands for, or null when it is an error.</summary>
    internal static SystemExitException? FindExit(Exception error) => error switch
    {
        SystemExitException exit => exit,
        AggregateException many when many.Flatten().InnerExceptions is { Count: > 0 } inner && inner.All(one => one is SystemExitException)
            => (SystemExitException)inner[0],
        _ => null,
    };

    /// <summary>The trace of an exception that nobody caught, in the runtime's words, on the current standard error.</summary>
    internal static void TellUnhandled(Exception error)
    {
        FlushQuietly(s_stdout.Synchronized);
        Tell($"Unhandled exception. {Describe(error)}\n");
    }

    /// <summary>An exception with its trace, without the frames that called the user's code.</summary>
    /// <remarks><see cref="StackTraceHiddenAttribute"/> does not hide the outermost frame, which is the one that caught.</remarks>
    internal static string Describe(Exception error) =>
        string.Join('\n', TextOf(error).Split('\n').Where(line => !IsCaller(line)));

    // An exception may be of the program's making, and its text too.
    private static string TextOf(Exception error)
    {
        try
        {
            return error.ToString();
        }
        catch (Exception)
        {
            return error.GetType().ToString();
        }
    }

    private static bool IsCaller(string line) =>
        line.StartsWith("   at Gannet.Sys.Run(", StringComparison.Ordinal)
        || line.StartsWith("   at Gannet.Sys.Start(", StringComparison.Ordinal)
        || line.StartsWith("   at Gannet.AtExit.RunOne(", StringComparison.Ordinal);

    /// <summary>Ends the program as <see cref="Run(Func{int})"/> does when this exception leaves its body, but from another thread: no
    /// <c>finally</c> block of the body runs. Returns at once, since the hooks may take long and handlers are called meanwhile; a second
    /// exit, or one while the program ends already, does nothing.</summary>
    internal static void ExitFromHandler(SystemExitException exit)
    {
        if (!AtExit.IsEnding && Interlocked.Exchange(ref s_isExiting, 1) == 0)
        {
            // In the foreground: a body that returns meanwhile must not overtake it.
            new Thread(() => EndAfterThreads(EndRun(exit))) { Name = "Gannet exit" }.UnsafeStart();
        }
    }

    /// <summary>Ends the program as the end of its body does, when that is the function of a thread, which has become the main one of a forked
    /// child.</summary>
    /// <param name="error">What the function did not catch, or null.</param>
    internal static void EndFromMainThread(Exception? error) => EndAfterThreads(error is null ? EndRun(Environment.ExitCode) : EndRun(error));

    // Environment.Exit waits for nobody; the runtime does when the body returns.
    private static void EndAfterThreads(int status)
    {
        Threads.AwaitEnd();
        Environment.Exit(status);
    }

    // What must be known or in place before the program's own code can change it.
    private static void BeginRun()
    {
        _ = Argv;
        Interrupt.Prepare();
        KeepOriginalOutput();
        UnhandledErrors.EndInOrder();
        AtExit.Watch();
    }

    private static int EndRun(int status)
    {
        int final = FlushAtEnd(status);
        Environment.ExitCode = final;
        return final;
    }

    private static int EndRun(Exception error)
    {
        if (FindExit(error) is not { } exit)
        {
            TellUnhandled(error);
            return EndRun(1);
        }

        if (exit.Text is { } text)
        {
            FlushQuietly(s_stdout.Synchronized);
            Tell(text + "\n");
        }

        return EndRun(exit.Status);
    }

    [StackTraceHidden]
    private static Task Start(Func<Task> body)
    {
        try
        {
            return body() ?? throw new InvalidOperationException("The asynchronous body returned no task.");
        }
        catch (Exception error)
        {
            return Task.FromException(error);
        }
    }

    // Awaiting the task would throw here and put this method into the user's trace; looking at it does not.
    private static async Task<int> EndRunAsync(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task switch
        {
            { IsFaulted: true } => EndRun(task.Exception.InnerExceptions is [Exception only] ? only : task.Exception),
            { IsCanceled: true } => EndRun(FindCancellation(task)),
            Task<int> result => EndRun(await result.ConfigureAwait(false)),
            _ => EndRun(0),
        };
    }

    [StackTraceHidden]
    private static Exception FindCancellation(Task task)
    {
        try
        {
            task.GetAwaiter().GetResult();
            return new TaskCanceledException(task);
        }
        catch (OperationCanceledException error)
        {
            return error;
        }
    }
}
