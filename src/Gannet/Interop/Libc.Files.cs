using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>What the file system tells about a path.</content>
internal static unsafe partial class Libc
{
    private const int AT_FDCWD = -100;
    private const uint STATX_TYPE = 1;
    private const int StatxSize = 256;
    private const int StatxModeOffset = 28;
    private const int S_IFMT = 0xF000;

    /// <summary>The kind of file behind a path, through symbolic links; never fails.</summary>
    public static FileType TypeOf(string path)
    {
        // statx has one layout on every processor; stat has not.
        byte* result = stackalloc byte[StatxSize];
        fixed (byte* name = OsText.EncodeTerminated(path, nameof(path)))
        {
            return statx(AT_FDCWD, name, 0, STATX_TYPE, result) == 0
                ? (FileType)(*(ushort*)(result + StatxModeOffset) & S_IFMT)
                : FileType.None;
        }
    }

    [LibraryImport(Library)]
    private static partial int statx(int directory, byte* path, int flags, uint mask, byte* result);
}
