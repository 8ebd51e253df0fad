using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <content>What the kernel grants this process and tells about the machine.</content>
public static partial class Os
{
    private const int LowestNice = -20;
    private const int HighestNice = 19;
    private const UnixFileMode PermissionBits = (UnixFileMode)0x1FF;

    /// <summary><c>resource.getrlimit</c>, <c>prlimit</c>: a limit of this process, or of another.</summary>
    /// <param name="resource">What is limited.</param>
    /// <param name="pid">The process; 0 for this one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such limit.</exception>
    /// <exception cref="OsException">ESRCH: no such process; EPERM: another user's.</exception>
    /// <remarks>Source: prlimit(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static LimitValues GetRLimit(ResourceLimit resource, int pid = 0)
    {
        CheckLimit(resource, pid);
        (ulong soft, ulong hard) = Libc.ExchangeLimits(pid, (int)resource, null);
        return new(soft, hard);
    }

    /// <summary><c>resource.setrlimit</c>, <c>prlimit</c>: changes a limit of this process, or of another. Children inherit it.</summary>
    /// <param name="resource">What is limited.</param>
    /// <param name="limits">The new limits.</param>
    /// <param name="pid">The process; 0 for this one.</param>
    /// <returns>The limits before.</returns>
    /// <exception cref="ArgumentException">The soft limit is above the hard one, or there is no such limit.</exception>
    /// <exception cref="OsException">EPERM: raising the hard limit without privilege, or a process of another user's; ESRCH: no such
    /// process.</exception>
    /// <remarks>Source: prlimit(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static LimitValues SetRLimit(ResourceLimit resource, LimitValues limits, int pid = 0)
    {
        CheckLimit(resource, pid);
        if (limits.Soft > limits.Hard)
        {
            throw new ArgumentException($"The soft limit {limits.Soft} is above the hard limit {limits.Hard}.", nameof(limits));
        }

        (ulong soft, ulong hard) = Libc.ExchangeLimits(pid, (int)resource, (limits.Soft, limits.Hard));
        return new(soft, hard);
    }

    /// <summary><c>os.nice</c>: adds to the nice value of this process; the higher, the more it lets others go first.</summary>
    /// <param name="increment">The difference; the sum stays within -20 and 19.</param>
    /// <returns>The new nice value.</returns>
    /// <exception cref="OsException">EPERM: lowering it without privilege. Nothing has changed.</exception>
    /// <remarks>Linux keeps a nice value for each thread, and nice(2) changes that of the calling one. POSIX means the process, and so does
    /// this: every thread gets the value. Source: nice(2), setpriority(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static int Nice(int increment)
    {
        int value = (int)Math.Clamp(Libc.Priority((int)PriorityTarget.Process, 0) + (long)increment, LowestNice, HighestNice);
        try
        {
            SetOwnNice(value);
        }
        catch (OsException error)
        {
            // As nice(2) has it.
            throw new OsException(error.Errno is Errno.EACCES ? Errno.EPERM : error.Errno, "nice");
        }

        return value;
    }

    /// <summary><c>os.getpriority</c>: a nice value, -20 (first) to 19 (last); of several processes the lowest.</summary>
    /// <param name="target">What <paramref name="id"/> is the id of.</param>
    /// <param name="id">The process, group or user; 0 for this one's.</param>
    /// <exception cref="OsException">ESRCH: there is none.</exception>
    /// <remarks>Source: getpriority(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static int GetPriority(PriorityTarget target, uint id)
    {
        CheckTarget(target);
        return Libc.Priority((int)target, id);
    }

    /// <summary><c>os.setpriority</c>: sets a nice value, of this process for all its threads.</summary>
    /// <param name="target">What <paramref name="id"/> is the id of.</param>
    /// <param name="id">The process, group or user; 0 for this one's.</param>
    /// <param name="value">-20 (first) to 19 (last); beyond, the nearer of the two, as the kernel has it.</param>
    /// <exception cref="OsException">ESRCH: there is none; EACCES: lowering the value without privilege; EPERM: another user's.</exception>
    /// <remarks>The kernel takes the id of a process for that of its first thread and leaves the others alone; for another process that is
    /// what happens here too. Source: setpriority(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static void SetPriority(PriorityTarget target, uint id, int value)
    {
        CheckTarget(target);
        if (target is PriorityTarget.Process && (id is 0 || id == (uint)GetPid()))
        {
            SetOwnNice(value);
            return;
        }

        Libc.Check(Libc.SetPriority((int)target, id, value), "setpriority");
    }

    /// <summary><c>os.umask</c>: sets the permission bits that files created from now on do not get. All threads share it, children
    /// inherit it.</summary>
    /// <param name="mask">The bits; those beyond the nine of permission are dropped.</param>
    /// <returns>The mask before.</returns>
    /// <remarks>Source: umask(2), which never fails. CPython gives and takes integers.</remarks>
    [SupportedOSPlatform("linux")]
    public static UnixFileMode Umask(UnixFileMode mask) => (UnixFileMode)Libc.ExchangeUmask((uint)(mask & PermissionBits));

    /// <summary>The mask as it is, which umask(2) itself can't tell without changing it; another thread would see that.</summary>
    /// <exception cref="IOException">/proc can't be read.</exception>
    /// <remarks>Source: the line <c>Umask</c> of /proc/self/status, see proc(5).</remarks>
    [SupportedOSPlatform("linux")]
    public static UnixFileMode GetUmask()
    {
        const string field = "Umask:";
        string line = File.ReadLines("/proc/thread-self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return (UnixFileMode)Convert.ToInt32(line[field.Length..].Trim(), fromBase: 8);
    }

    /// <summary>Sets the mask as <see cref="Umask"/> does, until the result is disposed. Other threads have it meanwhile too.</summary>
    /// <param name="mask">The bits.</param>
    [SupportedOSPlatform("linux")]
    public static IDisposable UmaskScope(UnixFileMode mask) => new RestoredUmask(mask);

    /// <summary><c>os.uname</c>: what the kernel says about itself and the machine. Nothing that .NET tells:
    /// <see cref="global::System.Runtime.InteropServices.RuntimeInformation.OSDescription"/> names the distribution.</summary>
    /// <remarks>Source: uname(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static SystemNames Uname()
    {
        string[] names = Libc.SystemNames();
        return new(names[0], names[1], names[2], names[3], names[4]);
    }

    /// <summary><c>os.getloadavg</c>: how many processes ran or waited to run, on average over the last 1, 5 and 15 minutes.</summary>
    /// <exception cref="OsException">The system does not tell.</exception>
    /// <remarks>Source: getloadavg(3).</remarks>
    [SupportedOSPlatform("linux")]
    public static (double One, double Five, double Fifteen) GetLoadAvg() => Libc.LoadAverages();

    /// <summary><c>os.cpu_count</c>: how many processors the machine runs on. <see cref="ProcessCpuCount"/> tells how many of them are
    /// this process's.</summary>
    /// <remarks>Source: sysconf(3), <c>_SC_NPROCESSORS_ONLN</c>.</remarks>
    [SupportedOSPlatform("linux")]
    public static int CpuCount() => Libc.OnlineProcessorCount();

    /// <summary><c>os.process_cpu_count</c>: how many processors this process can keep busy: as many as the calling thread may run on
    /// now, and no more than the quota of the control group allowed when the process started, rounded up.</summary>
    /// <remarks>CPython does not look at the quota. DOTNET_PROCESSOR_COUNT counts as one. Source: sched_getaffinity(2),
    /// <see cref="Environment.ProcessorCount"/>.</remarks>
    [SupportedOSPlatform("linux")]
    public static int ProcessCpuCount() => Math.Min(Libc.AffinityCount(), Environment.ProcessorCount);

    /// <summary><c>os.times</c>: the processor time that this process and its children have used.</summary>
    /// <remarks>In microseconds, where times(2) counts hundredths of a second. Source: getrusage(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static ProcessTimes Times()
    {
        (TimeSpan user, TimeSpan system) = Libc.ProcessorTimes(ofChildren: false);
        (TimeSpan childrenUser, TimeSpan childrenSystem) = Libc.ProcessorTimes(ofChildren: true);
        return new(user, system, childrenUser, childrenSystem, Stopwatch.GetElapsedTime(0));
    }

    // The calling thread first: what it may not do, the others may not either, and nothing has changed.
    private static void SetOwnNice(int value)
    {
        Libc.Check(Libc.SetPriority((int)PriorityTarget.Process, 0, value), "setpriority");
        HashSet<string> done = [];
        bool more = true;
        while (more)
        {
            // Threads that were started meanwhile, by one that had not got the value yet.
            more = false;
            foreach (string task in Directory.EnumerateDirectories("/proc/self/task").Where(done.Add))
            {
                more = true;
                uint thread = uint.Parse(global::System.IO.Path.GetFileName(task.AsSpan()), CultureInfo.InvariantCulture);
                int result = Libc.SetPriority((int)PriorityTarget.Process, thread, value);
                if (result < 0 && Libc.LastError is not Errno.ESRCH)
                {
                    throw new OsException(Libc.LastError, "setpriority");
                }
            }
        }
    }

    private static void CheckLimit(ResourceLimit resource, int pid)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pid);
        if (!Enum.IsDefined(resource))
        {
            throw new ArgumentOutOfRangeException(nameof(resource), resource, "There is no such limit.");
        }
    }

    private static void CheckTarget(PriorityTarget target)
    {
        if (!Enum.IsDefined(target))
        {
            throw new ArgumentOutOfRangeException(nameof(target), target, "There is no such target.");
        }
    }

    [SupportedOSPlatform("linux")]
    private sealed class RestoredUmask(UnixFileMode mask) : IDisposable
    {
        private readonly UnixFileMode _before = Umask(mask);
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Umask(_before);
            }
        }
    }
}
