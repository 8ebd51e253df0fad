using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary>
/// The C library's functions, one partial file per topic. Every declaration is blittable; strings go through
/// <see cref="OsText"/>, so that bytes which are not UTF-8 survive. A wrapper that can fail throws <see cref="OsException"/>.
/// </summary>
internal static partial class Libc
{
    private const string Library = "libc";

    /// <summary>
    /// The error of the last call that was declared with <c>SetLastError</c>. Read it into a local at once: formatting a
    /// message may itself make system calls.
    /// </summary>
    public static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    /// <summary>Passes the result of a call on, or throws its error.</summary>
    public static int Check(int result, string operation, string? path = null) =>
        result >= 0 ? result : throw new OsException(LastError, operation, path);
}
