using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gannet.Interop;

namespace Gannet.Threading;

/// <summary>
/// Python's modules <c>thread</c> and <c>threading</c>: starting threads, and what is known of those that run.
/// </summary>
/// <remarks>
/// There is no interpreter lock: threads run at the same time on several processors, and no operation is safe because it is
/// short. <c>counter += 1</c> from two threads loses updates; use a lock, a queue or <see cref="Interlocked"/>.
/// </remarks>
public static class Threads
{
    /// <summary>The name of the main thread.</summary>
    internal const string MainName = "MainThread";

    // The runtime numbers the thread first that a program begins on.
    private const int FirstIdent = 1;

    private static readonly LivingLock s_guard = new();
    private static readonly List<OsThread> s_started = [];
    private static readonly List<OsThread> s_dummies = [];

    [ThreadStatic]
    private static OsThread? t_current;

    private static int s_dummyCount;

    /// <summary><c>threading.excepthook</c>: what happens to an error that a thread of this library does not catch. At first, and after null is
    /// set, <see cref="ReportException"/>. It is called on that thread, and not for <see cref="SystemExitException"/>.</summary>
    [AllowNull]
    public static Action<ThreadFailure> ExceptionHook
    {
        get => field;
        set => field = value ?? ReportException;
    }
    = ReportException;

    /// <summary><c>threading.current_thread()</c>: the running thread. One that was not made by this library gets a stand-in, named "Dummy-N"
    /// and a daemon.</summary>
    public static OsThread Current
    {
        get => t_current is { IsLeftBehind: false } current ? current
            : t_current = Environment.CurrentManagedThreadId == Main.Ident ? Main : AddDummy();
        internal set => t_current = value;
    }

    /// <summary><c>threading.main_thread()</c>: the thread that the program began on, named "MainThread"; in a forked child the one that
    /// forked.</summary>
    public static OsThread Main { get; private set; } = new(FirstIdent);

    /// <summary><c>threading.active_count()</c>: how many <see cref="Enumerate"/> lists.</summary>
    public static int ActiveCount => Enumerate().Count;

    /// <summary><c>threading.enumerate()</c>: the main thread, those that were started and have not ended, and the stand-ins of
    /// <see cref="Current"/>. The book adds unstarted and finished ones; Python leaves them out, and so does this.</summary>
    /// <returns>The threads of this moment.</returns>
    public static IReadOnlyList<OsThread> Enumerate()
    {
        using (s_guard.Enter())
        {
            s_dummies.RemoveAll(dummy => !dummy.IsAlive);
            return [Main, .. s_started, .. s_dummies];
        }
    }

    /// <summary><c>thread.start_new_thread(function, args)</c>: starts a daemon, which the program's end cuts off.</summary>
    /// <param name="function">What it runs. Its result, if it had one, would be dropped.</param>
    /// <returns>The thread; <see cref="OsThread.Ident"/> is what Python returns.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> is null.</exception>
    public static OsThread StartNew(Action function)
    {
        ArgumentNullException.ThrowIfNull(function);
        OsThread thread = new(function, isDaemon: true);
        thread.Start();
        return thread;
    }

    /// <summary>As <see cref="StartNew(Action)"/>, with an argument.</summary>
    /// <param name="function">What it runs.</param>
    /// <param name="argument">What it gets.</param>
    /// <typeparam name="T">The argument.</typeparam>
    /// <returns>The thread.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> is null.</exception>
    public static OsThread StartNew<T>(Action<T> function, T argument)
    {
        ArgumentNullException.ThrowIfNull(function);
        return StartNew(() => function(argument));
    }

    /// <summary>As <see cref="StartNew(Action)"/>, with two arguments.</summary>
    /// <param name="function">What it runs.</param>
    /// <param name="first">The first that it gets.</param>
    /// <param name="second">The second that it gets.</param>
    /// <typeparam name="T1">The first argument.</typeparam>
    /// <typeparam name="T2">The second argument.</typeparam>
    /// <returns>The thread.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> is null.</exception>
    public static OsThread StartNew<T1, T2>(Action<T1, T2> function, T1 first, T2 second)
    {
        ArgumentNullException.ThrowIfNull(function);
        return StartNew(() => function(first, second));
    }

    /// <summary><c>thread.exit()</c>: ends the calling thread silently, by throwing <see cref="SystemExitException"/>, so <c>finally</c> blocks
    /// run. On the main thread it ends the program with status 0.</summary>
    /// <exception cref="SystemExitException">Always.</exception>
    [DoesNotReturn]
    public static void Exit() => throw new SystemExitException();

    /// <summary><c>thread.get_ident()</c>: a number of the calling thread, unique among live ones. It has nothing to do with the process
    /// id.</summary>
    public static int GetIdent() => Environment.CurrentManagedThreadId;

    /// <summary><c>threading.get_native_id()</c>: the kernel's number of the calling thread; null on systems other than Linux.</summary>
    public static int? GetNativeId() => Current.NativeId;

    /// <summary><c>thread.allocate_lock()</c>: a new, unlocked lock.</summary>
    public static PrimitiveLock AllocateLock() => new();

    /// <summary>Writes the thread's name and the error's trace to <see cref="Sys.Stderr"/>, as <see cref="ExceptionHook"/> does at first.</summary>
    /// <param name="failure">What happened.</param>
    /// <exception cref="ArgumentNullException"><paramref name="failure"/> is null.</exception>
    public static void ReportException(ThreadFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        Sys.Tell($"Exception in thread {failure.Thread.Name}:\n{Describe(failure.Exception)}\n");
    }

    /// <summary>Tells of what a thread did not catch. Nothing that goes wrong here leaves it.</summary>
    internal static void Report(OsThread thread, Exception error)
    {
        if (Sys.FindExit(error) is not null)
        {
            return;
        }

        ThreadFailure failure = new(error, thread);
        try
        {
            ExceptionHook(failure);
        }
        catch (Exception second)
        {
            Sys.Tell($"Exception in the hook for exceptions of threads:\n{Describe(second)}\n");
            ReportException(failure);
        }
    }

    /// <summary>A thread is about to run.</summary>
    internal static void Add(OsThread thread)
    {
        using (s_guard.Enter())
        {
            s_started.Add(thread);
        }
    }

    /// <summary>A thread has ended.</summary>
    internal static void Remove(OsThread thread)
    {
        using (s_guard.Enter())
        {
            s_started.Remove(thread);
        }
    }

    /// <summary>Waits for all threads that are no daemons, but the caller.</summary>
    internal static void AwaitEnd()
    {
        while (FindUnended() is { } thread)
        {
            thread.Join();
        }
    }

    /// <summary>In a forked child, on the only thread of the program's that is there: it is the main one, as in CPython, the others have ended,
    /// and threads of the pool are strangers anew.</summary>
    internal static void LeaveOthersBehind()
    {
        OsThread survivor = t_current ?? (Environment.CurrentManagedThreadId == Main.Ident ? Main : new(Environment.CurrentManagedThreadId));
        List<OsThread> dead = [];
        using (s_guard.Enter())
        {
            survivor.Survive();
            dead.AddRange(s_started.Append(Main).Where(thread => thread.IsLeftBehind));
            s_started.RemoveAll(thread => thread.IsLeftBehind || thread == survivor);
            s_dummies.RemoveAll(dummy => dummy.IsLeftBehind || dummy == survivor);
            Main = t_current = survivor;
        }

        dead.ForEach(thread => thread.StayBehind());
        LockDiagnostics.LeaveOthersBehind();
    }

    private static OsThread? FindUnended()
    {
        OsThread? caller = t_current;
        using (s_guard.Enter())
        {
            return s_started.Find(thread => !thread.IsDaemon && thread != caller);
        }
    }

    private static OsThread AddDummy()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"Dummy-{Interlocked.Increment(ref s_dummyCount)}");
        OsThread dummy = new(Thread.CurrentThread, name);
        using (s_guard.Enter())
        {
            s_dummies.RemoveAll(other => !other.IsAlive);
            s_dummies.Add(dummy);
        }

        return dummy;
    }

    // Without the frame that called the thread's function.
    private static string Describe(Exception error) =>
        string.Join('\n', Sys.Describe(error).Split('\n').Where(line => !line.StartsWith("   at Gannet.Threading.OsThread.", StringComparison.Ordinal)));
}
