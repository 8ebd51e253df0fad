using System.Diagnostics;

namespace Gannet;

/// <summary>
/// Python's <c>atexit</c>: hooks that run once each when the program ends, the last registered first.
/// </summary>
/// <remarks>
/// <para>They run after every normal end: the body returned, <see cref="Sys.Exit(object?)"/>, <see cref="Environment.Exit"/>, an
/// error that <see cref="Sys.Run(Func{int})"/> has reported. They run after <c>finally</c> blocks (which
/// <see cref="Environment.Exit"/> skips) and, except with that, after the foreground threads have ended. They do not run when
/// a signal kills the process, when the runtime aborts on an exception outside <see cref="Sys.Run(Func{int})"/>, or at
/// an immediate exit.</para>
/// <para>SIGINT (Ctrl-C) runs them on a thread of their own, without <c>finally</c> blocks, and then kills the process, so
/// that a shell shows 130; a second SIGINT meanwhile ends it at once. One that comes while the hooks of a normal end run lets them
/// finish. CPython raises <c>KeyboardInterrupt</c> on the main thread instead and so gets to its <c>finally</c> blocks first;
/// .NET can't throw into a thread. A handler of the program that cancels
/// the signal (<see cref="Console.CancelKeyPress"/>, <see cref="global::System.Runtime.InteropServices.PosixSignalRegistration"/>)
/// keeps the process alive and the hooks waiting; for that it must be registered after the first use of
/// <see cref="Sys.Run(Func{int})"/> or of this class: one that is older may be asked too late, and then the hooks have run although
/// the program goes on. A SIGINT that was ignored at start (nohup) stays ignored.</para>
/// <para>An error in a hook is reported on <see cref="Sys.Stderr"/> and the others still run; <see cref="Sys.Exit(object?)"/>
/// in a hook is such an error and leaves the status alone, as in CPython 3.13 (2.7 took it over). A hook that a running hook
/// registers runs too. <see cref="Sys.ExitFunction"/> comes last, then the streams are flushed; text that can't be
/// written is reported, and the status is then 120 instead of 0. A hook must not call
/// <see cref="Environment.Exit"/>: at a normal end .NET then waits for ever for the exit that is under way.</para>
/// </remarks>
public static class AtExit
{
    private static Lock s_lock = new();
    private static readonly List<Delegate> s_hooks = [];

    // Held while hooks run, so that a second end of the program, a SIGINT for instance, waits for the first.
    private static Lock s_running = new();

    private static bool s_watching;
    private static volatile bool s_ending;
    private static Action? s_exitFunction;

    /// <summary>Whether the hooks have begun to run: the process is ending already.</summary>
    internal static bool IsEnding => s_ending;

    /// <summary>The hook behind <see cref="Sys.ExitFunction"/>.</summary>
    internal static Action? ExitFunction
    {
        get => Volatile.Read(ref s_exitFunction);
        set
        {
            Volatile.Write(ref s_exitFunction, value);
            Watch();
            Interrupt.Arm();
        }
    }

    /// <summary><c>atexit.register</c>: runs <paramref name="hook"/> when the program ends. The same hook may be registered
    /// several times and then runs as often. Safe from any thread.</summary>
    /// <param name="hook">What to run. Python's extra arguments are what a lambda captures.</param>
    /// <returns><paramref name="hook"/>, to be kept for <see cref="Unregister(Action)"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hook"/> is null.</exception>
    public static Action Register(Action hook)
    {
        Add(hook);
        return hook;
    }

    /// <summary><c>atexit.register</c> for an asynchronous hook; the exit waits for its task.</summary>
    /// <param name="hook">What to run.</param>
    /// <returns><paramref name="hook"/>, to be kept for <see cref="Unregister(Func{Task})"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hook"/> is null.</exception>
    public static Func<Task> Register(Func<Task> hook)
    {
        Add(hook);
        return hook;
    }

    /// <summary><c>atexit.unregister</c>: forgets every registration that equals <paramref name="hook"/>; none is no error.</summary>
    /// <param name="hook">The hook; two delegates are equal when they call the same method on the same object.</param>
    /// <exception cref="ArgumentNullException"><paramref name="hook"/> is null.</exception>
    public static void Unregister(Action hook) => Remove(hook);

    /// <summary>As <see cref="Unregister(Action)"/>.</summary>
    /// <param name="hook">The hook.</param>
    /// <exception cref="ArgumentNullException"><paramref name="hook"/> is null.</exception>
    public static void Unregister(Func<Task> hook) => Remove(hook);

    /// <summary>Drops every hook that has not run: they are another process's.</summary>
    internal static void Forget()
    {
        lock (s_lock)
        {
            s_hooks.Clear();
            Volatile.Write(ref s_exitFunction, null);
        }
    }

    /// <summary>In a forked child: dead threads wait for nothing.</summary>
    internal static void LeaveOthersBehind()
    {
        s_lock = new();
        if (!s_running.IsHeldByCurrentThread)
        {
            s_running = new();
        }
    }

    /// <summary>Sees to it that the end of the process runs the hooks and flushes the streams.</summary>
    internal static void Watch()
    {
        lock (s_lock)
        {
            if (!s_watching)
            {
                s_watching = true;
                AppDomain.CurrentDomain.ProcessExit += (_, _) => RunAtEnd();
            }
        }
    }

    /// <summary>The end by SIGINT: runs every hook that has not run yet and flushes the streams, without waiting for a reader.</summary>
    /// <param name="andThen">What ends the process, while nobody else can.</param>
    internal static void RunAtInterrupt(Action andThen)
    {
        lock (s_running)
        {
            RunHooks();
            Sys.FlushAtInterrupt();
            andThen();
        }
    }

    private static void RunAtEnd()
    {
        lock (s_running)
        {
            RunHooks();
            Environment.ExitCode = Sys.FlushAtEnd(Environment.ExitCode);
            Interrupt.DieIfAsked();
        }
    }

    private static void RunHooks()
    {
        s_ending = true;
        while (TakeNext() is { } hook)
        {
            RunOne(hook);
        }
    }

    private static void Add(Delegate hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        Watch();
        lock (s_lock)
        {
            s_hooks.Add(hook);
        }

        Interrupt.Arm();
    }

    private static void Remove(Delegate hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        lock (s_lock)
        {
            s_hooks.RemoveAll(hook.Equals);
        }
    }

    // Taken out before it runs: whatever happens in it, it can't run twice.
    private static Delegate? TakeNext()
    {
        lock (s_lock)
        {
            if (s_hooks.Count == 0)
            {
                return Interlocked.Exchange(ref s_exitFunction, null);
            }

            Delegate last = s_hooks[^1];
            s_hooks.RemoveAt(s_hooks.Count - 1);
            return last;
        }
    }

    [StackTraceHidden]
    private static void RunOne(Delegate hook)
    {
        try
        {
            if (hook is Func<Task> asynchronous)
            {
                asynchronous().GetAwaiter().GetResult();
            }
            else
            {
                ((Action)hook)();
            }
        }
        catch (Exception error)
        {
            Sys.Tell($"Exception ignored in exit hook: {Sys.Describe(error)}\n");
        }
    }
}
