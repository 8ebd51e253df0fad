using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;

namespace Gannet;

/// <content>Forking.</content>
public static partial class Os
{
    private static readonly ForkOptions s_usualFork = new();

    /// <summary>
    /// <c>os.fork</c>: duplicates the process. Code goes on behind the call in both.
    /// </summary>
    /// <param name="options">How; null as usual.</param>
    /// <returns>The child's number in the parent; 0 in the child.</returns>
    /// <exception cref="ForkException">Something stands in the way: <see cref="ForkException.Reason"/> and its advice tell what. Nothing has
    /// happened.</exception>
    /// <exception cref="OsException">EAGAIN: the limit of processes (RLIMIT_NPROC) is reached; ENOMEM; EMFILE, ENFILE: no descriptor is left, of
    /// which it takes a few for a moment; ENOENT: there is no /proc.</exception>
    /// <exception cref="PlatformNotSupportedException">Not under CoreCLR 10 with glibc on x64; see docs/fork.md.</exception>
    /// <remarks>
    /// <para>The child has the thread that called this and those of the runtime, so that collections, finalizers, timers, tasks and signals
    /// work as ever. The program's other threads are not there, as POSIX has it: waiting for one, or for a lock that it held, never ends.
    /// Their <c>finally</c> blocks never run. To <see cref="Threading.Threads"/> they have ended, and the calling one is the main thread.</para>
    /// <para>Memory, descriptors, working directory, environment, umask, signal handlers and masks are the parent's; a pending alarm and
    /// children are not. Exit hooks run in both. Text that waits in a buffer is written by both: flush first, or use
    /// <see cref="Fork(Func{int}, ForkOptions)"/>. Timers and pending operations of .NET sockets go on in both processes; a wait that
    /// is pending in Gannet goes on in the parent only. <see cref="Random.Shared"/> gives both the same numbers.</para>
    /// <para>Every other thread is stopped for the few milliseconds that it takes. It must be blocked in a system call then: a program
    /// whose threads compute, whose pool works or whose collector runs for as long as <see cref="ForkOptions.Patience"/> is refused.</para>
    /// <para>CPython leaves the child with a single thread, and lets anybody fork at any moment. Source: POSIX <c>fork</c>, fork(2).</para>
    /// </remarks>
    [SupportedOSPlatform("linux")]
    public static int Fork(ForkOptions? options = null)
    {
        int pid = Forker.Fork(options ?? s_usualFork, out OsException? refusal);
        return refusal is null ? pid : throw refusal;
    }

    /// <summary>As <see cref="Fork(ForkOptions)"/>, but tells what stands in the way instead of throwing it.</summary>
    /// <param name="pid">The child's number in the parent; 0 in the child; -1 when it was refused.</param>
    /// <param name="refusal">What stood in the way at the last attempt.</param>
    /// <param name="options">How; null as usual.</param>
    /// <returns>Whether the process was forked; true in both.</returns>
    /// <exception cref="OsException">EAGAIN: the limit of processes (RLIMIT_NPROC) is reached; ENOMEM.</exception>
    /// <exception cref="PlatformNotSupportedException">Not under CoreCLR 10 with glibc on x64.</exception>
    [SupportedOSPlatform("linux")]
    public static bool TryFork(out int pid, [NotNullWhen(false)] out ForkException? refusal, ForkOptions? options = null)
    {
        pid = Forker.Fork(options ?? s_usualFork, out OsException? error);
        refusal = error as ForkException;
        return error is null || (refusal is not null ? false : throw error);
    }

    /// <summary>
    /// Forks a child that runs one function and ends with its result, as Python's <c>multiprocessing</c> does under its start method
    /// <c>fork</c>.
    /// </summary>
    /// <param name="child">What the child runs, as <see cref="Sys.Run(Func{int})"/> runs a program; its result is the exit status.</param>
    /// <param name="options">How; null as usual.</param>
    /// <returns>The child's number. In the child this does not return.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="child"/> is null.</exception>
    /// <exception cref="ForkException">As <see cref="Fork(ForkOptions)"/>.</exception>
    /// <exception cref="OsException">As <see cref="Fork(ForkOptions)"/>.</exception>
    /// <exception cref="PlatformNotSupportedException">As <see cref="Fork(ForkOptions)"/>.</exception>
    /// <remarks>The standard streams are flushed before, so that nothing is written twice. Of the hooks of <see cref="AtExit"/> only those
    /// that the child registers itself, or <see cref="AtFork"/> there, run in it; no <c>finally</c> block of the callers does.</remarks>
    [SupportedOSPlatform("linux")]
    public static int Fork(Func<int> child, ForkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(child);
        int pid = Forker.Fork(options ?? s_usualFork, out OsException? refusal, runsFunction: true);
        if (refusal is not null)
        {
            throw refusal;
        }

        if (pid == 0)
        {
            global::System.Environment.Exit(Sys.Run(child));
        }

        return pid;
    }
}
