using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <content>File descriptors, and ending at once.</content>
public static partial class Os
{
    /// <summary><c>os.pipe</c>: a pipe. Neither end reaches a program that is started from here, unless it is named for it.</summary>
    /// <returns>The end to read from and the end to write to; <see cref="FileStream"/> takes either.</returns>
    /// <exception cref="OsException">EMFILE, ENFILE: no descriptors are free.</exception>
    /// <remarks>Source: pipe2(2) with <c>O_CLOEXEC</c>. CPython gives two numbers, which nobody closes by himself.</remarks>
    [SupportedOSPlatform("linux")]
    public static (SafeFileHandle Read, SafeFileHandle Write) Pipe() => Libc.Pipe();

    /// <summary><c>os.dup</c>: another descriptor for what a descriptor is open on, close-on-exec. Both share the position.</summary>
    /// <param name="fd">The number of a descriptor, such as 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fd"/> is negative.</exception>
    /// <exception cref="OsException">EBADF: it is not open; EMFILE: none is free.</exception>
    /// <remarks>Source: dup(2), fcntl(2) <c>F_DUPFD_CLOEXEC</c>.</remarks>
    [SupportedOSPlatform("linux")]
    public static SafeFileHandle Dup(int fd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fd);
        return Libc.Duplicate(fd);
    }

    /// <summary><c>os.dup</c>: as <see cref="Dup(int)"/>, of a handle.</summary>
    /// <param name="handle">The handle of a file, a pipe or a socket.</param>
    /// <exception cref="ArgumentException">The handle is closed.</exception>
    /// <exception cref="OsException">EMFILE: none is free.</exception>
    [SupportedOSPlatform("linux")]
    public static SafeFileHandle Dup(SafeHandle handle)
    {
        using HandleInUse held = new(handle);
        return Libc.Duplicate(held.Number);
    }

    /// <summary>
    /// <c>os.dup2</c>: makes a number the descriptor of what another is open on; what it was open on before is closed in the same
    /// step. <see cref="Sys.Redirect(int, string, bool)"/> is the form that goes back by itself and minds what is buffered.
    /// </summary>
    /// <param name="source">What to copy.</param>
    /// <param name="fd">The number that it gets.</param>
    /// <param name="inheritable">Whether a program that replaces this one gets it. That is what the call is mostly for; every other
    /// descriptor that is opened here is close-on-exec.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="OsException">EBADF: <paramref name="source"/> is not open, or <paramref name="fd"/> is beyond
    /// <see cref="ResourceLimit.RLIMIT_NOFILE"/>.</exception>
    /// <remarks>With two equal numbers it checks that it is open, and leaves all else as it is. The number belongs to nobody: if a handle
    /// stands for it, that handle stands for the new thing from now on. Source: dup2(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static void Dup2(int source, int fd, bool inheritable = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(source);
        ArgumentOutOfRangeException.ThrowIfNegative(fd);
        if (source == fd && Libc.IsCloseOnExec(fd) is null)
        {
            throw new OsException(Errno.EBADF, "dup2");
        }

        Libc.Dup3(source, fd, inheritable ? 0 : Libc.O_CLOEXEC);
    }

    /// <summary><c>os.dup2</c>: as <see cref="Dup2(int, int, bool)"/>, of a handle.</summary>
    /// <param name="source">What to copy.</param>
    /// <param name="fd">The number that it gets.</param>
    /// <param name="inheritable">Whether a program that replaces this one gets it.</param>
    /// <exception cref="ArgumentException">The handle is closed, or the number is negative.</exception>
    /// <exception cref="OsException">EBADF: <paramref name="fd"/> is beyond <see cref="ResourceLimit.RLIMIT_NOFILE"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static void Dup2(SafeHandle source, int fd, bool inheritable = true)
    {
        using HandleInUse held = new(source);
        Dup2(held.Number, fd, inheritable);
    }

    /// <summary><c>os.close</c>: closes a descriptor by its number, one that was inherited for instance. A handle is disposed
    /// instead: closing the number under it would let it close somebody else's later.</summary>
    /// <param name="fd">The number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fd"/> is negative.</exception>
    /// <exception cref="OsException">EBADF: it is not open. Any other error: it is closed, but what was written did not all
    /// arrive.</exception>
    /// <remarks>Source: close(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static void Close(int fd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fd);
        Libc.CloseChecked(fd);
    }

    /// <summary><c>os.isatty</c>: whether a descriptor is open on a terminal; false as well when it is not open.</summary>
    /// <param name="fd">The number.</param>
    /// <remarks>Source: isatty(3).</remarks>
    [SupportedOSPlatform("linux")]
    public static bool IsATty(int fd) => Libc.IsTerminal(fd) == 1;

    /// <summary><c>os.isatty</c>: whether a handle is open on a terminal.</summary>
    /// <param name="handle">The handle.</param>
    /// <exception cref="ArgumentException">The handle is closed.</exception>
    [SupportedOSPlatform("linux")]
    public static bool IsATty(SafeHandle handle)
    {
        using HandleInUse held = new(handle);
        return IsATty(held.Number);
    }

    /// <summary><c>os.ttyname</c>: the path of the terminal that a descriptor is open on.</summary>
    /// <param name="fd">The number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fd"/> is negative.</exception>
    /// <exception cref="OsException">EBADF: it is not open; ENOTTY: it is no terminal; ENODEV: its file can't be seen from
    /// here.</exception>
    /// <remarks>Source: ttyname(3).</remarks>
    [SupportedOSPlatform("linux")]
    public static string TtyName(int fd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fd);
        return Libc.TerminalName(fd);
    }

    /// <summary><c>os.ctermid</c>: the path that leads each process to its own controlling terminal, whether it has one or not.
    /// Source: ctermid(3).</summary>
    [SupportedOSPlatform("linux")]
    public static string CTermId() => "/dev/tty";

    /// <summary><c>os.getlogin</c>: the name of the user who logged in on this session. It says nothing about whose rights the process
    /// has: that is <see cref="GetEUid"/>.</summary>
    /// <exception cref="OsException">There has been no login, as for a service or in a container: ENXIO, ENOTTY or ENOENT.</exception>
    /// <remarks>Source: getlogin(3).</remarks>
    [SupportedOSPlatform("linux")]
    public static string GetLogin() => Libc.LoginName();

    /// <summary><c>os._exit</c>: ends the process at once: no <c>finally</c> blocks, no exit hooks, nothing flushed.
    /// <see cref="Sys.Exit(int)"/> is the orderly way.</summary>
    /// <param name="status">The exit status; the kernel keeps its low eight bits.</param>
    /// <remarks>Source: _exit(2).</remarks>
    [DoesNotReturn]
    [SupportedOSPlatform("linux")]
    public static void ExitNow(int status)
    {
        QuietTerminal.LeaveToEnd();
        Libc.ExitNow(status);
    }

    /// <summary><c>os.abort</c>: ends the process at once by SIGABRT, with a core dump where
    /// <see cref="ResourceLimit.RLIMIT_CORE"/> allows one.</summary>
    /// <remarks>Source: abort(3). Nothing is written, where <see cref="Environment.FailFast(string)"/> writes a message and the
    /// stack.</remarks>
    [DoesNotReturn]
    [SupportedOSPlatform("linux")]
    public static void Abort()
    {
        QuietTerminal.LeaveToEnd();
        Libc.Abort();
    }

    /// <summary>The number of a handle, which can't be closed while it is in use.</summary>
    private readonly ref struct HandleInUse
    {
        private readonly SafeHandle _handle;

        public HandleInUse(SafeHandle handle)
        {
            ArgumentNullException.ThrowIfNull(handle);
            if (handle.IsClosed || handle.IsInvalid)
            {
                throw new ArgumentException("The handle is closed.", nameof(handle));
            }

            bool held = false;
            handle.DangerousAddRef(ref held);
            _handle = handle;
        }

        public int Number => (int)_handle.DangerousGetHandle();

        public void Dispose() => _handle.DangerousRelease();
    }
}
