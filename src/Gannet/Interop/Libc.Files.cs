using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>What the file system tells about a path.</content>
internal static unsafe partial class Libc
{
    private const int AT_FDCWD = -100;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const int AT_EACCESS = 0x200;
    private const int AT_EMPTY_PATH = 0x1000;
    private const int W_OK = 2;
    private const int R_OK = 4;
    private const uint STATX_TYPE = 1;
    private const uint STATX_MODE = 2;
    private const uint STATX_UID = 8;
    private const uint STATX_INO = 0x100;
    private const int StatxSize = 256;
    private const int StatxOwnerOffset = 20;
    private const int StatxModeOffset = 28;
    private const int StatxInodeOffset = 32;
    private const int StatxDeviceOffset = 136;
    private const uint PermissionBits = 0xFFF;
    private const int S_IFMT = 0xF000;
    private const int PathMax = 4096;

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

    /// <summary>Who owns a file, and its permission bits; a symbolic link is not followed.</summary>
    public static bool TryGetOwner(string path, out uint owner, out uint mode)
    {
        byte* result = stackalloc byte[StatxSize];
        new Span<byte>(result, StatxSize).Clear();
        fixed (byte* name = OsText.EncodeTerminated(path, nameof(path)))
        {
            bool found = statx(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_MODE | STATX_UID, result) == 0;
            owner = *(uint*)(result + StatxOwnerOffset);
            mode = *(ushort*)(result + StatxModeOffset) & PermissionBits;
            return found;
        }
    }

    /// <summary>Whether an open file is the one at a path, and not one that was there before.</summary>
    public static bool IsFileAt(int fd, string path)
    {
        byte* open = stackalloc byte[StatxSize];
        byte* there = stackalloc byte[StatxSize];
        byte nothing = 0;
        fixed (byte* name = OsText.EncodeTerminated(path, nameof(path)))
        {
            return statx(fd, &nothing, AT_EMPTY_PATH, STATX_INO, open) == 0
                && statx(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, STATX_INO, there) == 0
                && *(ulong*)(open + StatxInodeOffset) == *(ulong*)(there + StatxInodeOffset)
                && *(ulong*)(open + StatxDeviceOffset) == *(ulong*)(there + StatxDeviceOffset);
        }
    }

    /// <summary>The path without symbolic links, <c>.</c> and <c>..</c>.</summary>
    /// <exception cref="OsException">The path can't be followed to its end.</exception>
    public static string RealPath(string path)
    {
        fixed (byte* name = OsText.EncodeTerminated(path, nameof(path)))
        {
            byte* resolved = realpath(name, null);
            if (resolved is null)
            {
                throw new OsException(LastError, "realpath", path);
            }

            try
            {
                return OsText.Decode(resolved);
            }
            finally
            {
                NativeMemory.Free(resolved);
            }
        }
    }

    /// <summary>Where a symbolic link leads to, as it is written; EINVAL for what is none.</summary>
    public static Errno ReadLink(string path, out string target)
    {
        target = "";
        fixed (byte* name = OsText.EncodeTerminated(path, nameof(path)))
        {
            // The kernel takes no target longer than a page; one byte more tells a whole one from one that is cut off.
            byte* result = stackalloc byte[PathMax + 1];
            nint length = readlink(name, result, PathMax + 1);
            if (length < 0)
            {
                return LastError;
            }

            target = OsText.Decode(new ReadOnlySpan<byte>(result, (int)length));
            return length <= PathMax ? Errno.None : Errno.ENAMETOOLONG;
        }
    }

    /// <summary>Whether this process may write to a path: a read-only file system counts, and root's power too.</summary>
    public static bool IsWritable(string path)
    {
        fixed (byte* name = OsText.EncodeTerminated(path, nameof(path)))
        {
            return faccessat(AT_FDCWD, name, W_OK, AT_EACCESS) == 0;
        }
    }

    /// <summary>Whether there is a file that this process may not read.</summary>
    public static bool IsForbidden(string path)
    {
        fixed (byte* name = OsText.EncodeTerminated(path, nameof(path)))
        {
            return faccessat(AT_FDCWD, name, R_OK, AT_EACCESS) < 0 && LastError is Errno.EACCES;
        }
    }

    /// <summary>The effective user id.</summary>
    [LibraryImport(Library, EntryPoint = "geteuid")]
    [SuppressGCTransition]
    public static partial uint EffectiveUserId();

    [LibraryImport(Library, SetLastError = true)]
    private static partial byte* realpath(byte* path, byte* resolved);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint readlink(byte* path, byte* result, nint size);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int faccessat(int directory, byte* path, int mode, int flags);

    [LibraryImport(Library)]
    private static partial int statx(int directory, byte* path, int flags, uint mask, byte* result);
}
