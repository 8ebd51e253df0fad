using Gannet.Interop;

namespace Gannet.Tool.Caching;

/// <summary>Who could have written a file: what is run from the cache must have been written by its user, and by nobody else.</summary>
internal static class FileOwnership
{
    private const uint WritableByOthers = 0b000_010_010;
    private const uint Sticky = 0b001_000_000_000;
    private const uint Root = 0;

    /// <summary>Whether a file or folder, not followed when it is a link, belongs to this user and can be written by no other.</summary>
    public static bool IsOursAlone(string path) =>
        Libc.TryGetOwner(path, out uint owner, out uint mode) && owner == Libc.EffectiveUserId() && (mode & WritableByOthers) == 0;

    /// <summary>
    /// Whether nobody but this user and root can rename or replace something on the way to a folder: each folder above, as far as
    /// it exists, belongs to one of them, and others may write into it only if it is sticky, as /tmp is.
    /// </summary>
    public static bool IsReachedSafely(string path)
    {
        for (string? current = Libc.RealPath(NearestAbove(path)); current is not null; current = Path.GetDirectoryName(current))
        {
            if (!Libc.TryGetOwner(current, out uint owner, out uint mode)
                || (owner != Root && owner != Libc.EffectiveUserId())
                || ((mode & WritableByOthers) != 0 && (mode & Sticky) == 0))
            {
                return false;
            }
        }

        return true;
    }

    private static string NearestAbove(string path)
    {
        string parent = Path.GetDirectoryName(path) ?? path;
        return Directory.Exists(parent) || parent == path ? parent : NearestAbove(parent);
    }
}
