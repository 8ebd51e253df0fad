using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>The current directory.</content>
internal static unsafe partial class Libc
{
    // Most paths are shorter; a deeper one, which may well be longer than PATH_MAX, takes further attempts.
    private const int UsualPathSize = 512;

    /// <summary>The current directory.</summary>
    /// <exception cref="OsException">ENOENT: it has been removed. EACCES: a directory above it may not be read.</exception>
    public static string GetCwd()
    {
        for (int size = UsualPathSize; ; size *= 2)
        {
            byte[] buffer = new byte[size];
            fixed (byte* start = buffer)
            {
                if (getcwd(start, (nuint)size) is not null)
                {
                    return OsText.Decode(start);
                }
            }

            if (LastError is not Errno.ERANGE)
            {
                throw new OsException(LastError, "getcwd");
            }
        }
    }

    /// <summary>Changes the current directory of the process.</summary>
    /// <exception cref="OsException">The path leads to no directory, or to one that may not be entered.</exception>
    public static void ChangeDirectory(string path)
    {
        fixed (byte* name = OsText.EncodeTerminated(path, nameof(path)))
        {
            Check(chdir(name), "chdir", path);
        }
    }

    [LibraryImport(Library, SetLastError = true)]
    private static partial int chdir(byte* path);

    [LibraryImport(Library, SetLastError = true)]
    private static partial byte* getcwd(byte* buffer, nuint size);
}
