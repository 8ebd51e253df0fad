namespace Gannet;

/// <summary>Why a process can't be forked just now; see <see cref="ForkException"/>.</summary>
public enum ForkReason
{
    /// <summary>A thread is not blocked in a system call, so that it may hold any lock of the C library or of the runtime.</summary>
    ThreadRuns,

    /// <summary>A thread blocks the signal by which it would be stopped, or the kernel does not let go of it; or native code has taken that signal
    /// for itself.</summary>
    ThreadDeaf,

    /// <summary>Threads started or ended at every attempt.</summary>
    ThreadsChange,

    /// <summary>There are more than 1,024 threads.</summary>
    TooManyThreads,

    /// <summary>A thread is named as the runtime names its own, and is none of those that are known; or native code has made it without the C
    /// library.</summary>
    UnknownThread,

    /// <summary>The program uses the class <c>Process</c>, and its children can't be told: there are too many, or the kernel does not list
    /// them.</summary>
    UnknownChildren,

    /// <summary>The garbage collector is at work.</summary>
    Collection,

    /// <summary>The thread pool is at work, which would go on in both processes; see <see cref="ForkOptions.AllowPoolWork"/>.</summary>
    PoolWork,

    /// <summary>A tracing session (EventPipe, <c>dotnet-trace</c>) is open.</summary>
    Tracing,

    /// <summary>A debugger is attached.</summary>
    Debugger,

    /// <summary>Another thread forked, or was writing to the console, or was in a call of this library's that a fork must not cut in two (the start of a
    /// program as another user, for instance), for all the time that was given.</summary>
    Busy,
}
