using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Interop;

/// <content>Waiting for descriptors: poll(2) and epoll(7), which number their events alike.</content>
internal static unsafe partial class Libc
{
    /// <summary>There is something to read; of a pidfd: the process has ended.</summary>
    public const short POLLIN = 1;

    /// <summary>There is room to write.</summary>
    public const short POLLOUT = 4;

    /// <summary>Report once, then stay silent until armed again.</summary>
    public const uint EPOLLONESHOT = 1u << 30;

    private const int EPOLL_CTL_ADD = 1;
    private const int EPOLL_CTL_DEL = 2;
    private const int EPOLL_CTL_MOD = 3;
    private const int MostEvents = 64;

    // struct epoll_event is packed on x64 only, where a 32-bit program was to share it.
    private static readonly int s_epollDataOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;
    private static readonly int s_epollEventSize = s_epollDataOffset + sizeof(ulong);

    /// <summary>Waits until something has come on one of the descriptors. Zero: nothing has in time. A signal does not end the
    /// wait, but -1 may be returned for it, so that the caller reckons anew how long is left.</summary>
    /// <param name="entries">What to wait for.</param>
    /// <param name="milliseconds">How long; -1 without end.</param>
    /// <exception cref="OsException">The system has no memory left for it.</exception>
    public static int Poll(Span<PollEntry> entries, int milliseconds)
    {
        fixed (PollEntry* start = entries)
        {
            int count = poll(start, (nuint)entries.Length, milliseconds);
            return count >= 0 || LastError is Errno.EINTR ? count : throw new OsException(LastError, "poll");
        }
    }

    /// <summary>A new epoll descriptor, close-on-exec.</summary>
    /// <exception cref="OsException">No descriptor is free.</exception>
    public static SafeFileHandle CreateEpoll()
    {
        int fd = epoll_create1(O_CLOEXEC);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new OsException(LastError, "epoll_create1");
    }

    /// <summary>Begins to watch a descriptor.</summary>
    /// <exception cref="OsException">EPERM: a regular file, which is always ready; EEXIST: it is watched already; ENOSPC: the user's
    /// limit of watches.</exception>
    public static void EpollAdd(SafeHandle epoll, SafeHandle descriptor, uint events, ulong data) =>
        Control(epoll, EPOLL_CTL_ADD, descriptor, events, data);

    /// <summary>Changes what is watched for, and arms a one-shot watch again.</summary>
    /// <exception cref="OsException">It is not watched.</exception>
    public static void EpollModify(SafeHandle epoll, SafeHandle descriptor, uint events, ulong data) =>
        Control(epoll, EPOLL_CTL_MOD, descriptor, events, data);

    /// <summary>Ends a watch.</summary>
    /// <exception cref="OsException">It is not watched.</exception>
    public static void EpollRemove(SafeHandle epoll, SafeHandle descriptor) => Control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0);

    /// <summary>Waits for events, and writes the data of those that have come.</summary>
    /// <param name="epoll">The epoll descriptor.</param>
    /// <param name="data">Where the data go; at most 64 are written.</param>
    /// <param name="milliseconds">How long to wait; -1 without end.</param>
    /// <returns>How many have come; 0 as well after a signal.</returns>
    public static int EpollWait(SafeHandle epoll, Span<ulong> data, int milliseconds)
    {
        int capacity = Math.Min(data.Length, MostEvents);
        byte* events = stackalloc byte[MostEvents * (sizeof(ulong) + sizeof(ulong))];
        int count = epoll_wait((int)epoll.DangerousGetHandle(), events, capacity, milliseconds);
        if (count < 0 && LastError is not Errno.EINTR)
        {
            throw new OsException(LastError, "epoll_wait");
        }

        for (int i = 0; i < count; i++)
        {
            data[i] = *(ulong*)(events + (i * s_epollEventSize) + s_epollDataOffset);
        }

        return Math.Max(count, 0);
    }

    private static void Control(SafeHandle epoll, int operation, SafeHandle descriptor, uint events, ulong data)
    {
        byte* record = stackalloc byte[sizeof(ulong) + sizeof(ulong)];
        *(uint*)record = events;
        *(ulong*)(record + s_epollDataOffset) = data;
        if (epoll_ctl((int)epoll.DangerousGetHandle(), operation, (int)descriptor.DangerousGetHandle(), record) < 0)
        {
            throw new OsException(LastError, "epoll_ctl");
        }
    }

    [LibraryImport(Library, SetLastError = true)]
    private static partial int poll(PollEntry* entries, nuint count, int timeout);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int fd, byte* record);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int capacity, int timeout);
}
