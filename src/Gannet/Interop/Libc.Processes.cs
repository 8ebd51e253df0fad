using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Interop;

/// <content>Other processes: signals to them, their groups.</content>
internal static unsafe partial class Libc
{
    public const int SIGCHLD = 17;
    public const nint SIG_IGN = 1;

    // The same on every processor. C libraries have no function for it, or have had one for a short time only.
    private const nint SYS_pidfd_send_signal = 424;
    private const nint SYS_pidfd_open = 434;

    // Larger than struct sigaction of any C library; the handler is its first field in glibc and musl.
    private const int LargestSignalAction = 256;

    /// <summary>Sends a signal to the process behind a pidfd, which can't be another one that has got its number.</summary>
    public static Errno SendSignal(SafeFileHandle pidFd, Signal signal) =>
        syscall(SYS_pidfd_send_signal, pidFd.DangerousGetHandle(), (nint)signal, 0, 0) < 0 ? LastError : Errno.None;

    /// <summary>A descriptor for a process, close-on-exec; null when there is no such process, or the kernel has no pidfds.</summary>
    public static SafeFileHandle? OpenPidFd(int pid)
    {
        nint fd = syscall(SYS_pidfd_open, pid, 0, 0, 0);
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>Sends a signal to a process, or to the group whose number is negated.</summary>
    public static Errno SendSignal(int pid, Signal signal) => kill(pid, (int)signal) < 0 ? LastError : Errno.None;

    /// <summary>The process group of a process; -1 when there is no such process.</summary>
    [LibraryImport(Library, EntryPoint = "getpgid", SetLastError = true)]
    public static partial int GroupOf(int pid);

    /// <summary>Whether a signal is ignored in this process.</summary>
    public static bool IsIgnored(int signal)
    {
        nint* action = stackalloc nint[LargestSignalAction / sizeof(nint)];
        return sigaction(signal, 0, action) == 0 && *action == SIG_IGN;
    }

    // Variadic; on Linux, for x64 and arm64, its arguments travel like any others.
    [LibraryImport(Library, SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int sigaction(int signal, nint action, nint* before);
}
