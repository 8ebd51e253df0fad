namespace Gannet;

/// <summary>The resources that getrlimit(2) and setrlimit(2) know, by their numbers, which x64 and arm64 share. A limit has two
/// values: the soft one counts, and may be raised up to the hard one.</summary>
public enum ResourceLimit
{
    /// <summary>CPU time in seconds; SIGXCPU at the soft limit, SIGKILL at the hard one.</summary>
    RLIMIT_CPU = 0,

    /// <summary>The size of a file that is written, in bytes; SIGXFSZ, or EFBIG.</summary>
    RLIMIT_FSIZE = 1,

    /// <summary>Data, heap and private writable mappings, in bytes; ENOMEM.</summary>
    RLIMIT_DATA = 2,

    /// <summary>The stack of the first thread, in bytes; SIGSEGV.</summary>
    RLIMIT_STACK = 3,

    /// <summary>The size of a core dump, in bytes; 0 for none.</summary>
    RLIMIT_CORE = 4,

    /// <summary>Resident memory in bytes; Linux takes no notice of it.</summary>
    RLIMIT_RSS = 5,

    /// <summary>Processes and threads of the user; EAGAIN from fork and clone. Root is not bound by it.</summary>
    RLIMIT_NPROC = 6,

    /// <summary>One more than the highest descriptor; EMFILE.</summary>
    RLIMIT_NOFILE = 7,

    /// <summary>Memory locked into RAM, in bytes.</summary>
    RLIMIT_MEMLOCK = 8,

    /// <summary>The whole address space, in bytes; ENOMEM. The .NET runtime reserves hundreds of gigabytes of it.</summary>
    RLIMIT_AS = 9,

    /// <summary>File locks; Linux takes no notice of it.</summary>
    RLIMIT_LOCKS = 10,

    /// <summary>Queued signals of the user.</summary>
    RLIMIT_SIGPENDING = 11,

    /// <summary>Bytes of the user's POSIX message queues.</summary>
    RLIMIT_MSGQUEUE = 12,

    /// <summary>20 less the lowest nice value that may be taken.</summary>
    RLIMIT_NICE = 13,

    /// <summary>The highest real-time priority.</summary>
    RLIMIT_RTPRIO = 14,

    /// <summary>CPU time of a real-time thread without a wait, in microseconds.</summary>
    RLIMIT_RTTIME = 15,
}
