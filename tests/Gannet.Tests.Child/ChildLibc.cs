using System.Runtime.InteropServices;

namespace Gannet.Tests.Child;

/// <summary>What the scenarios ask the C library for.</summary>
internal static unsafe partial class ChildLibc
{
    private const int WNOHANG = 1;
    private const int ECHILD = 10;

    /// <summary>Whether this process has no child, running or ended.</summary>
    public static bool NoChildIsLeft()
    {
        int status;
        return waitpid(-1, &status, WNOHANG) < 0 && Marshal.GetLastPInvokeError() == ECHILD;
    }

    /// <summary>Waits until a process has stopped or ended; for one that is traced.</summary>
    public static void WaitFor(int pid)
    {
        const int forAnyThread = 0x40000000;
        int status;
        _ = waitpid(pid, &status, forAnyThread);
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int dup(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint process_vm_readv(int pid, nuint* ours, nuint ourCount, nuint* others, nuint otherCount, nuint flags);

    // Variadic; on Linux, for x64 and arm64, its arguments travel like any others.
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint ptrace(nint request, int pid, nint address, nint data);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setrlimit(int resource, ulong* limit);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setgroups(nuint count, uint* groups);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setresuid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, int* status, int options);
}
