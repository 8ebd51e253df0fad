using System.Runtime.InteropServices;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// The C library's way of looking up an entry: the caller brings a buffer for the texts, and a larger one when it is asked to.
/// Through the C library and not from the files, because the name service switch may have other sources (nsswitch.conf(5)).
/// </summary>
internal static unsafe class AccountDatabase
{
    // Most entries fit; those of large groups don't.
    private const int UsualSize = 1024;

    /// <summary>One look-up: fills <paramref name="buffer"/>, tells whether it found something, and returns an errno.</summary>
    public delegate int Lookup<TKey, TEntry>(TKey key, byte* buffer, nuint size, out TEntry? entry)
        where TEntry : class;

    /// <summary>Looks up until the buffer is large enough.</summary>
    /// <returns>The entry, or null when there is none.</returns>
    /// <exception cref="OsException">The name service failed.</exception>
    public static TEntry? Find<TKey, TEntry>(string operation, TKey key, Lookup<TKey, TEntry> lookup)
        where TEntry : class
    {
        byte* usual = stackalloc byte[UsualSize];
        nuint size = UsualSize;
        Errno error = Repeat(key, lookup, usual, size, out TEntry? entry);
        while (error is Errno.ERANGE)
        {
            size *= 2;
            byte* larger = (byte*)NativeMemory.Alloc(size);
            try
            {
                error = Repeat(key, lookup, larger, size, out entry);
            }
            finally
            {
                NativeMemory.Free(larger);
            }
        }

        return entry is not null || IsNotFound(error) ? entry : throw new OsException(error, operation);
    }

    /// <summary>Whether an error says that there is no such entry: sources disagree on how to say it (getpwnam(3)).</summary>
    public static bool IsNotFound(Errno error) =>
        error is Errno.None or Errno.ENOENT or Errno.ESRCH or Errno.EBADF or Errno.EPERM;

    private static Errno Repeat<TKey, TEntry>(TKey key, Lookup<TKey, TEntry> lookup, byte* buffer, nuint size, out TEntry? entry)
        where TEntry : class
    {
        Errno error;
        do
        {
            error = (Errno)lookup(key, buffer, size, out entry);
        }
        while (error is Errno.EINTR);
        return error;
    }
}
