using System.Numerics;
using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>What the kernel grants this process and tells about the machine.</content>
internal static unsafe partial class Libc
{
    // struct utsname: six fields of 65 bytes each, on every processor.
    private const int NameFields = 6;
    private const int NameSize = 65;

    // A mask for 8,192 processors, the most that Linux can be built for.
    private const int AffinitySize = 1024;
    private const int OnlineProcessors = 84;
    private const int RUSAGE_SELF = 0;
    private const int RUSAGE_CHILDREN = -1;
    private const int UsageNumbers = 36;

    /// <summary><c>prlimit</c>: the limits as they are, or as they were before they were set.</summary>
    public static (ulong Soft, ulong Hard) ExchangeLimits(int pid, int resource, (ulong Soft, ulong Hard)? limits)
    {
        ulong* old = stackalloc ulong[2];
        ulong* changed = stackalloc ulong[2] { limits?.Soft ?? 0, limits?.Hard ?? 0 };
        Check(prlimit(pid, resource, limits is null ? null : changed, old), limits is null ? "getrlimit" : "setrlimit");
        return (old[0], old[1]);
    }

    /// <summary>The nice value of a thread, a process group or a user.</summary>
    public static int Priority(int which, uint who)
    {
        // -1 is a nice value too.
        int value = getpriority(which, who);
        return value == -1 && LastError is not Errno.None ? throw new OsException(LastError, "getpriority") : value;
    }

    /// <summary>The five names of <c>uname</c>, in their order.</summary>
    public static string[] SystemNames()
    {
        byte* names = stackalloc byte[NameFields * NameSize];
        Check(uname(names), "uname");
        return [.. Fields(names)];

        static List<string> Fields(byte* names)
        {
            List<string> fields = [];
            for (int i = 0; i < NameFields - 1; i++)
            {
                fields.Add(OsText.Decode(names + (i * NameSize)));
            }

            return fields;
        }
    }

    /// <summary>The load of the last 1, 5 and 15 minutes.</summary>
    public static (double One, double Five, double Fifteen) LoadAverages()
    {
        double* loads = stackalloc double[3];
        return getloadavg(loads, 3) == 3
            ? (loads[0], loads[1], loads[2])
            : throw new OsException(Errno.ENOSYS, "getloadavg");
    }

    /// <summary>On how many processors this thread may run.</summary>
    public static int AffinityCount()
    {
        ulong* mask = stackalloc ulong[AffinitySize / sizeof(ulong)];
        new Span<byte>(mask, AffinitySize).Clear();
        Check(sched_getaffinity(0, AffinitySize, mask), "sched_getaffinity");
        int count = 0;
        for (int i = 0; i < AffinitySize / sizeof(ulong); i++)
        {
            count += BitOperations.PopCount(mask[i]);
        }

        return count;
    }

    /// <summary>How many processors run.</summary>
    public static int OnlineProcessorCount() => (int)sysconf(OnlineProcessors);

    /// <summary>The processor time of this process, or of the children that it has waited for.</summary>
    public static (TimeSpan User, TimeSpan System) ProcessorTimes(bool ofChildren)
    {
        long* usage = stackalloc long[UsageNumbers];
        Check(getrusage(ofChildren ? RUSAGE_CHILDREN : RUSAGE_SELF, usage), "getrusage");
        return (Time(usage), Time(usage + 2));

        static TimeSpan Time(long* value) => TimeSpan.FromSeconds(value[0]) + TimeSpan.FromMicroseconds(value[1]);
    }

    [LibraryImport(Library, EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, uint who, int value);

    [LibraryImport(Library, EntryPoint = "umask")]
    public static partial uint ExchangeUmask(uint mask);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int prlimit(int pid, int resource, ulong* changed, ulong* old);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getpriority(int which, uint who);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int uname(byte* names);

    [LibraryImport(Library)]
    private static partial int getloadavg(double* loads, int count);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int sched_getaffinity(int pid, nuint size, ulong* mask);

    [LibraryImport(Library)]
    private static partial nint sysconf(int name);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getrusage(int who, long* usage);
}
