using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Interop;

/// <content>File descriptors: open, duplicate, close, read, write.</content>
internal static unsafe partial class Libc
{
    /// <summary>Close on exec, for <see cref="Dup3"/> and <see cref="Open"/>.</summary>
    public const int O_CLOEXEC = 0x80000;

    /// <summary>Read only.</summary>
    public const int O_RDONLY = 0;

    /// <summary>Write only.</summary>
    public const int O_WRONLY = 1;

    /// <summary>Read and write.</summary>
    public const int O_RDWR = 2;

    /// <summary>A terminal that is opened does not become the controlling one.</summary>
    public const int O_NOCTTY = 0x100;

    /// <summary>Create the file when it is absent.</summary>
    public const int O_CREAT = 0x40;

    /// <summary>Refuse a symbolic link. The Arm and Power processors have numbers of their own for it.</summary>
    public static readonly int O_NOFOLLOW =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm or Architecture.Ppc64le ? 0x8000 : 0x20000;

    /// <summary>Empty the file.</summary>
    public const int O_TRUNC = 0x200;

    /// <summary>Every write goes to the end of the file.</summary>
    public const int O_APPEND = 0x400;

    // Descriptors below this number have a meaning to shells and to programs that count on 0 to 2 being taken.
    private const int FirstPrivateDescriptor = 10;

    private const int F_GETFD = 1;
    private const int F_DUPFD_CLOEXEC = 1030;
    private const int F_OFD_SETLK = 37;
    private const short F_WRLCK = 1;
    private const int FD_CLOEXEC = 1;
    private const int RLIMIT_NOFILE = 7;
    private const uint CreationMode = 0x1B6;

    /// <summary>Opens a file close-on-exec, away from the standard descriptors; a new one gets the mode less the umask.</summary>
    /// <exception cref="OsException">The file can't be opened.</exception>
    public static SafeFileHandle Open(string path, int flags, uint mode = CreationMode)
    {
        int fd = RetryOpen(path, flags | O_CLOEXEC, mode);
        if (fd < 0)
        {
            throw new OsException(LastError, "open", path);
        }

        using SafeFileHandle low = new(fd, ownsHandle: true);
        return DuplicateAway(fd) ?? throw new OsException(Errno.EBADF, "fcntl", path);
    }

    /// <summary>A private copy of a descriptor, close-on-exec and above 9; null when the descriptor is closed.</summary>
    /// <exception cref="OsException">No descriptor is free.</exception>
    public static SafeFileHandle? DuplicateAway(int fd)
    {
        int copy = fcntl(fd, F_DUPFD_CLOEXEC, FirstPrivateDescriptor);
        if (copy >= 0)
        {
            return new SafeFileHandle(copy, ownsHandle: true);
        }

        return LastError is Errno.EBADF ? null : throw new OsException(LastError, "fcntl");
    }

    /// <summary>Makes <paramref name="fd"/> another name of <paramref name="source"/>; equal numbers are left alone.</summary>
    /// <exception cref="OsException">One of the two is no descriptor.</exception>
    public static void Dup3(int source, int fd, int flags)
    {
        while (source != fd && dup3(source, fd, flags) < 0)
        {
            // EBUSY: another thread is just opening this very number (Linux only; see dup(2)).
            if (LastError is not (Errno.EINTR or Errno.EBUSY))
            {
                throw new OsException(LastError, "dup2");
            }
        }
    }

    /// <summary>Closes a descriptor that no handle owns. Never retried: on Linux it is closed even after EINTR.</summary>
    public static void Close(int fd) => _ = close(fd);

    /// <summary>Whether an open descriptor is close-on-exec; null when it is closed.</summary>
    public static bool? IsCloseOnExec(int fd) => fcntl(fd, F_GETFD, 0) is >= 0 and int flags ? (flags & FD_CLOEXEC) != 0 : null;

    /// <summary>The number that a descriptor must stay below: RLIMIT_NOFILE.</summary>
    public static ulong DescriptorLimit()
    {
        ulong* limit = stackalloc ulong[2];
        return getrlimit(RLIMIT_NOFILE, limit) == 0 ? limit[0] : int.MaxValue;
    }

    /// <summary>A copy of a descriptor, close-on-exec, with the lowest free number.</summary>
    /// <exception cref="OsException">EBADF: there is none; EMFILE: no number is free.</exception>
    public static SafeFileHandle Duplicate(int fd) =>
        new(Check(fcntl(fd, F_DUPFD_CLOEXEC, 0), "dup"), ownsHandle: true);

    /// <summary>Closes a descriptor that no handle owns, and says when there is none.</summary>
    /// <exception cref="OsException">EBADF: there is none. EIO, ENOSPC, EDQUOT: what had been written did not arrive; it is closed
    /// nonetheless.</exception>
    public static void CloseChecked(int fd)
    {
        // After EINTR it is closed on Linux, and the number may be somebody else's already.
        if (close(fd) < 0 && LastError is not Errno.EINTR)
        {
            throw new OsException(LastError, "close");
        }
    }

    /// <summary>Locks a whole file for as long as this open description lives. Not by flock, which .NET uses itself and would keep its
    /// programs from even reading the file.</summary>
    /// <exception cref="OsException">EAGAIN: another one has it.</exception>
    public static void LockFile(int fd, string path)
    {
        FileLock whole = new() { Type = F_WRLCK };
        Check(fcntl(fd, F_OFD_SETLK, &whole), "fcntl", path);
    }

    /// <summary>Empties an open file.</summary>
    /// <exception cref="OsException">It can't be written.</exception>
    public static void Empty(int fd, string path) => Check(ftruncate(fd, 0), "ftruncate", path);

    /// <summary>Whether a descriptor is open on a terminal.</summary>
    [LibraryImport(Library, EntryPoint = "isatty")]
    public static partial int IsTerminal(int fd);

    /// <summary>A new eventfd, close-on-exec.</summary>
    /// <exception cref="OsException">No descriptor is free.</exception>
    public static SafeFileHandle EventFd()
    {
        int fd = eventfd(0, O_CLOEXEC);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new OsException(LastError, "eventfd");
    }

    /// <summary>Whether there is something to read, or nothing will ever come. False as well after a signal.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="timeout">How long to wait for it, in milliseconds; -1 without end.</param>
    public static bool HasInput(int fd, int timeout)
    {
        PollEntry entry = new() { Descriptor = fd, Events = POLLIN };
        return poll(&entry, 1, timeout) > 0;
    }

    /// <summary>Reads what is there; 0 at the end.</summary>
    /// <exception cref="OsException">The descriptor can't be read.</exception>
    public static int Read(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            while ((count = read(fd, start, (nuint)buffer.Length)) < 0)
            {
                WaitOrThrow(fd, "read", POLLIN);
            }

            return (int)count;
        }
    }

    /// <summary>Writes all of <paramref name="bytes"/>.</summary>
    /// <exception cref="OsException">The descriptor can't be written.</exception>
    public static void WriteAll(int fd, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            fixed (byte* start = bytes)
            {
                nint count = write(fd, start, (nuint)bytes.Length);
                if (count < 0)
                {
                    WaitOrThrow(fd, "write", POLLOUT);
                    continue;
                }

                bytes = bytes[(int)count..];
            }
        }
    }

    // A descriptor that somebody made non-blocking, a terminal shared with another program for instance, is waited for.
    private static void WaitOrThrow(int fd, string operation, short events)
    {
        Errno error = LastError;
        if (error is Errno.EAGAIN)
        {
            PollEntry entry = new() { Descriptor = fd, Events = events };
            _ = poll(&entry, 1, -1);
        }
        else if (error is not Errno.EINTR)
        {
            throw new OsException(error, operation);
        }
    }

    private static int RetryOpen(string path, int flags, uint mode)
    {
        fixed (byte* name = OsText.EncodeTerminated(path, nameof(path)))
        {
            int fd;
            while ((fd = open(name, flags, mode)) < 0 && LastError is Errno.EINTR)
            {
            }

            return fd;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Owner;
    }

    // open and fcntl are variadic; on Linux, for x64 and arm64, their arguments travel like any others.
    [LibraryImport(Library, SetLastError = true)]
    private static partial int open(byte* path, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fcntl(int fd, int command, int argument);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int dup3(int source, int fd, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fcntl(int fd, int command, FileLock* argument);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int ftruncate(int fd, long length);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int close(int fd);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getrlimit(int resource, ulong* limit);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint read(int fd, byte* buffer, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint write(int fd, byte* buffer, nuint count);
}
