using System.Runtime.InteropServices;

namespace Gannet.Tests.Processes;

/// <summary>What the tests of processes ask the C library for.</summary>
internal static unsafe partial class TestLibc
{
    public const int RLIMIT_NPROC = 6;
    public const int RLIMIT_NOFILE = 7;

    /// <summary>Another name of a descriptor, which is not close-on-exec.</summary>
    public static int Duplicate(int fd)
    {
        int copy = dup(fd);
        return copy >= 0 ? copy : throw new OsException((Errno)Marshal.GetLastPInvokeError(), "dup");
    }

    /// <summary>Waits for a child as somebody else would, and gives its number; -1 when it is reaped already.</summary>
    public static int Reap(int pid)
    {
        int status;
        return waitpid(pid, &status, 0);
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int dup(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getpgid(int pid);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int openpty(int* primary, int* secondary, byte* name, void* settings, void* size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, int* status, int options);
}
