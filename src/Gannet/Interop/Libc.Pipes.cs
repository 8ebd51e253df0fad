using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Interop;

/// <content>Pipes, and reading and writing that never waits.</content>
internal static unsafe partial class Libc
{
    private const int F_GETFL = 3;
    private const int F_SETFL = 4;
    private const int F_SETPIPE_SZ = 1031;
    private const int F_GETPIPE_SZ = 1032;
    private const int O_NONBLOCK = 0x800;

    /// <summary>What a pipe holds unless it is widened, with pages of 4 KiB (pipe(7)).</summary>
    public const int PipeSize = 65536;

    /// <summary>What a widened pipe holds. Four times the usual: more brings little, and the pages of all pipes of a user count against
    /// one limit (<c>/proc/sys/fs/pipe-user-pages-soft</c>).</summary>
    public const int WidePipeSize = 4 * PipeSize;
    private const int FirstAfterStandard = 3;

    /// <summary>A new pipe, close-on-exec and away from the standard descriptors.</summary>
    /// <exception cref="OsException">No descriptor is free.</exception>
    public static (SafeFileHandle Reader, SafeFileHandle Writer) Pipe()
    {
        int* ends = stackalloc int[2];
        if (pipe2(ends, O_CLOEXEC) < 0)
        {
            throw new OsException(LastError, "pipe2");
        }

        SafeFileHandle reader = new(ends[0], ownsHandle: true), writer = new(ends[1], ownsHandle: true);
        try
        {
            reader = KeepAway(reader);
            writer = KeepAway(writer);
            return (reader, writer);
        }
        catch
        {
            reader.Dispose();
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Makes reads and writes through this end return EAGAIN instead of waiting. The other end of a pipe is not touched by it.</summary>
    /// <exception cref="OsException">It is no descriptor.</exception>
    public static void SetNonBlocking(SafeHandle descriptor)
    {
        int fd = (int)descriptor.DangerousGetHandle();
        int flags = fcntl(fd, F_GETFL, 0);
        if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        {
            throw new OsException(LastError, "fcntl");
        }
    }

    /// <summary>Has a pipe hold more, so that its two ends wait for each other less often. A user who may not have more pages in pipes
    /// (EPERM), and a descriptor that is no pipe, keep what they have.</summary>
    public static void TryWiden(SafeHandle pipe) => _ = fcntl((int)pipe.DangerousGetHandle(), F_SETPIPE_SZ, WidePipeSize);

    /// <summary>How many bytes a pipe can hold at most; of a terminal, more than it can.</summary>
    public static int PipeCapacity(SafeHandle pipe) =>
        fcntl((int)pipe.DangerousGetHandle(), F_GETPIPE_SZ, 0) is > 0 and int size ? size : WidePipeSize;

    /// <summary>Reads what is there, from a pipe or from this program's end of a pseudo-terminal.</summary>
    /// <returns>How many bytes; 0 at the end; -1 when nothing has come yet.</returns>
    /// <exception cref="OsException">The descriptor can't be read.</exception>
    public static int TryRead(SafeHandle descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            while ((count = ReadFrom(descriptor, start, (nuint)buffer.Length)) < 0)
            {
                // EIO is how a terminal says that nobody has its other end open any more; a pipe never says so.
                if (LastError is Errno.EIO)
                {
                    return 0;
                }

                if (!IsInterrupted("read"))
                {
                    return -1;
                }
            }

            return (int)count;
        }
    }

    /// <summary>Reads what is there, and widens a pipe that is found full: whoever writes to it is faster than this program.</summary>
    /// <param name="pipe">The end to read from.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="isWide">Whether that has been done.</param>
    /// <returns>As <see cref="TryRead"/>.</returns>
    /// <exception cref="OsException">The descriptor can't be read.</exception>
    public static int TryReadAndWiden(SafeHandle pipe, Span<byte> buffer, ref bool isWide)
    {
        int count = TryRead(pipe, buffer);
        if (count >= PipeSize && !isWide)
        {
            isWide = true;
            TryWiden(pipe);
        }

        return count;
    }

    /// <summary>Writes what there is room for.</summary>
    /// <returns>How many bytes; -1 when there is no room yet.</returns>
    /// <exception cref="OsException">EPIPE: nobody reads any more; or the descriptor can't be written.</exception>
    public static int TryWrite(SafeHandle descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint count;
            while ((count = WriteTo(descriptor, start, (nuint)bytes.Length)) < 0)
            {
                if (!IsInterrupted("write"))
                {
                    return -1;
                }
            }

            return (int)count;
        }
    }

    /// <summary>Adds one to an eventfd, which makes it readable.</summary>
    public static void Raise(SafeHandle eventFd)
    {
        ulong one = 1;
        _ = WriteTo(eventFd, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Sets an eventfd back, after which it is not readable.</summary>
    public static void Lower(SafeHandle eventFd)
    {
        ulong count;
        _ = ReadFrom(eventFd, (byte*)&count, sizeof(ulong));
    }

    private static SafeFileHandle KeepAway(SafeFileHandle descriptor)
    {
        if (descriptor.DangerousGetHandle() >= FirstAfterStandard)
        {
            return descriptor;
        }

        SafeFileHandle copy = DuplicateAway((int)descriptor.DangerousGetHandle()) ?? throw new OsException(Errno.EBADF, "fcntl");
        descriptor.Dispose();
        return copy;
    }

    // True after a signal, false when the call would have to wait.
    private static bool IsInterrupted(string operation) => LastError switch
    {
        Errno.EINTR => true,
        Errno.EAGAIN => false,
        Errno error => throw new OsException(error, operation),
    };

    // A handle as a parameter keeps its descriptor open until the call is over, whoever closes it meanwhile.
    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadFrom(SafeHandle descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteTo(SafeHandle descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);
}
