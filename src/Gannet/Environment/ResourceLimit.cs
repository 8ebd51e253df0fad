namespace Gannet;

/// <summary>
/// What the kernel limits, by the numbers that x64 and arm64 share; for <see cref="Os.GetRLimit"/> and <see cref="Os.SetRLimit"/>.
/// Source: getrlimit(2).
/// </summary>
public enum ResourceLimit
{
    /// <summary>Processor time, in seconds. SIGXCPU comes at the soft limit, SIGKILL at the hard one.</summary>
    RLIMIT_CPU = 0,

    /// <summary>The size of a file that the process writes, in bytes. Beyond it: SIGXFSZ, or EFBIG.</summary>
    RLIMIT_FSIZE = 1,

    /// <summary>The data segment, in bytes.</summary>
    RLIMIT_DATA = 2,

    /// <summary>The stack of the main thread, in bytes.</summary>
    RLIMIT_STACK = 3,

    /// <summary>The size of a core dump, in bytes; 0 for none.</summary>
    RLIMIT_CORE = 4,

    /// <summary>The resident set, in bytes. Without effect since Linux 2.4.30.</summary>
    RLIMIT_RSS = 5,

    /// <summary>Threads of the real user, all processes together.</summary>
    RLIMIT_NPROC = 6,

    /// <summary>One more than the highest number that a new descriptor can have.</summary>
    RLIMIT_NOFILE = 7,

    /// <summary>Locked memory, in bytes.</summary>
    RLIMIT_MEMLOCK = 8,

    /// <summary>The address space, in bytes. .NET reserves hundreds of gigabytes that it never uses, and can't start within less.</summary>
    RLIMIT_AS = 9,

    /// <summary>File locks. Without effect since Linux 2.4.25.</summary>
    RLIMIT_LOCKS = 10,

    /// <summary>Signals queued for the real user.</summary>
    RLIMIT_SIGPENDING = 11,

    /// <summary>POSIX message queues of the real user, in bytes.</summary>
    RLIMIT_MSGQUEUE = 12,

    /// <summary>How far the nice value may be lowered: to 20 less this number.</summary>
    RLIMIT_NICE = 13,

    /// <summary>The highest real-time priority.</summary>
    RLIMIT_RTPRIO = 14,

    /// <summary>Processor time in real-time scheduling without a blocking call, in microseconds.</summary>
    RLIMIT_RTTIME = 15,
}
