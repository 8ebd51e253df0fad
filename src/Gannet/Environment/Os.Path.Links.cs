using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <content>Symbolic links.</content>
public static partial class Os
{
    /// <content>Symbolic links.</content>
    public static partial class Path
    {
        /// <summary><c>os.path.islink</c>: whether the path itself is a symbolic link, also when that leads nowhere; false as well when
        /// one may not look, and for a path with a NUL.</summary>
        /// <param name="path">The path.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        [SupportedOSPlatform("linux")]
        public static bool IsLink(string path)
        {
            ArgumentNullException.ThrowIfNull(path);
            return !path.Contains('\0') && Libc.ReadLink(path, out _) is Errno.None;
        }

        /// <summary><c>os.path.realpath</c>: the absolute path without symbolic links, <c>.</c> and <c>..</c>.</summary>
        /// <param name="path">The path; empty means the current directory.</param>
        /// <param name="strict">Whether all of it has to be there. If not, what is not there, or may not be looked at, is taken as
        /// if it were no link, and a link that leads to itself stays as it is.</param>
        /// <returns>The path.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        /// <exception cref="ArgumentException">It holds a NUL.</exception>
        /// <exception cref="OsException">The current directory has no path (ENOENT); or, if strict, ENOENT, ENOTDIR, EACCES or ELOOP as
        /// <c>realpath(3)</c> has them. CPython does not see that a file is no directory (ENOTDIR).</exception>
        /// <remarks>Source: CPython's <c>posixpath.realpath</c>; strict, <c>realpath(3)</c>.</remarks>
        [SupportedOSPlatform("linux")]
        public static string RealPath(string path, bool strict = false)
        {
            ArgumentNullException.ThrowIfNull(path);
            string whole = IsAbs(path) ? path : Join(CurrentDirectory(), path);
            return strict ? Libc.RealPath(whole) : NormPath(Follow("/", whole, []).Path);
        }

        // What has been followed is kept by its own path: null while that is being done, so that a link to itself is noticed.
        [SupportedOSPlatform("linux")]
        private static (string Path, bool IsEnded) Follow(string from, string rest, Dictionary<string, string?> followed)
        {
            string path = rest.StartsWith(Separator) ? "/" : from;
            string[] names = rest.Split(Separator);
            for (int i = 0; i < names.Length; i++)
            {
                string name = names[i];
                if (name is "" or ".")
                {
                    continue;
                }

                // All of the path before it is without links by now, so that ".." is its parent.
                string step = name is ".." ? DirName(path) : Join(path, name);
                if (name is ".." || Libc.ReadLink(step, out string target) is not Errno.None)
                {
                    path = step;
                    continue;
                }

                bool isEnded = true;
                if (!followed.TryGetValue(step, out string? end))
                {
                    followed[step] = null;
                    (end, isEnded) = Follow(path, target, followed);
                    followed[step] = end;
                }

                if (end is null || !isEnded)
                {
                    return (Join(end ?? step, string.Join(Separator, names[(i + 1)..])), false);
                }

                path = end;
            }

            return (path, true);
        }
    }
}
