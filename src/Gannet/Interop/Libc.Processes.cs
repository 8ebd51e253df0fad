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

    // _IOWR(0xFF, 11, the first 64 bytes of struct pidfd_info), in which mask comes first and exit_code last.
    private const nuint PIDFD_GET_INFO = 0xC040FF0B;
    private const ulong PIDFD_INFO_EXIT = 8;
    private const int PidFdInfoSize = 64;
    private const int ExitCodeOffset = 60;

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

    /// <summary>The status of a process that has been reaped by somebody else; null where the kernel keeps none (before Linux
    /// 6.15).</summary>
    public static int? FindExitStatus(SafeFileHandle pidFd)
    {
        byte* info = stackalloc byte[PidFdInfoSize];
        new Span<byte>(info, PidFdInfoSize).Clear();
        *(ulong*)info = PIDFD_INFO_EXIT;
        bool isKnown = ioctl((int)pidFd.DangerousGetHandle(), PIDFD_GET_INFO, info) == 0 && (*(ulong*)info & PIDFD_INFO_EXIT) != 0;
        return isKnown ? *(int*)(info + ExitCodeOffset) : null;
    }

    /// <summary>Whether a signal is ignored in this process.</summary>
    public static bool IsIgnored(int signal)
    {
        byte* action = stackalloc byte[SignalActionSize];
        return SetSignalAction(signal, null, action) == 0 && *(nint*)action == SIG_IGN;
    }

    /// <summary>Whether a signal does what it does to a program that has said nothing about it.</summary>
    public static bool IsDefault(int signal)
    {
        byte* action = stackalloc byte[SignalActionSize];
        return SetSignalAction(signal, null, action) == 0 && *(nint*)action == SIG_DFL;
    }

    /// <summary>Puts the default action on a signal.</summary>
    public static void SetDefaultAction(int signal)
    {
        byte* action = stackalloc byte[SignalActionSize];
        new Span<byte>(action, SignalActionSize).Clear();
        _ = SetSignalAction(signal, action, null);
    }

    // Variadic; on Linux, for x64 and arm64, its arguments travel like any others.
    [LibraryImport(Library, SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int kill(int pid, int signal);

    // Variadic too.
    [LibraryImport(Library)]
    private static partial int ioctl(int fd, nuint request, byte* argument);
}
