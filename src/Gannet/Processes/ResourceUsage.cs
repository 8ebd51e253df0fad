namespace Gannet;

/// <summary>
/// <c>struct rusage</c>: what a child, and the children that it has waited for, have used. Source: getrusage(2), wait4(2); CPython's
/// <c>resource.struct_rusage</c>, less the fields that Linux always leaves 0.
/// </summary>
/// <param name="UserTime"><c>ru_utime</c>: CPU time in the program.</param>
/// <param name="SystemTime"><c>ru_stime</c>: CPU time in the kernel for it.</param>
/// <param name="MaxResidentBytes"><c>ru_maxrss</c>, in bytes: the most memory that it held at once. The kernel counts this process's
/// own at the time of the spawn as a lower bound, because the child shares it until execve, as with every vfork and
/// posix_spawn.</param>
/// <param name="MinorFaults"><c>ru_minflt</c>: page faults that took no reading.</param>
/// <param name="MajorFaults"><c>ru_majflt</c>: page faults that took reading.</param>
/// <param name="BlocksRead"><c>ru_inblock</c>: blocks of 512 bytes read from disks.</param>
/// <param name="BlocksWritten"><c>ru_oublock</c>: blocks of 512 bytes written to disks.</param>
/// <param name="VoluntarySwitches"><c>ru_nvcsw</c>: how often it gave the processor away to wait.</param>
/// <param name="InvoluntarySwitches"><c>ru_nivcsw</c>: how often the processor was taken from it.</param>
public readonly record struct ResourceUsage(
    TimeSpan UserTime,
    TimeSpan SystemTime,
    long MaxResidentBytes,
    long MinorFaults,
    long MajorFaults,
    long BlocksRead,
    long BlocksWritten,
    long VoluntarySwitches,
    long InvoluntarySwitches);
