using Gannet.Interop;

namespace Gannet;

public static partial class Os
{
    /// <summary>
    /// <c>os.path</c>: paths as POSIX writes them, with CPython's rules (<c>posixpath</c>), on every system. All but the last few
    /// members work on the text alone and never look at a file. Source: CPython's <c>posixpath</c> and <c>genericpath</c>,
    /// whose results these are, to the letter.
    /// </summary>
    /// <remarks>Where it differs from <see cref="global::System.IO.Path"/>: <see cref="DirName"/> of <c>a</c> is empty, not null;
    /// <see cref="NormPath"/> folds <c>..</c> without asking the file system for links; a leading dot starts no extension.</remarks>
    public static partial class Path
    {
        private const char Separator = '/';

        /// <summary><c>os.path.join</c>: one path out of parts. A part that begins with <c>/</c> starts anew; an empty last part leaves a
        /// <c>/</c> at the end.</summary>
        /// <param name="first">The first part.</param>
        /// <param name="rest">What follows.</param>
        /// <exception cref="ArgumentNullException">A part is null.</exception>
        public static string Join(string first, params ReadOnlySpan<string> rest)
        {
            ArgumentNullException.ThrowIfNull(first);
            string path = first;
            foreach (string part in rest)
            {
                ArgumentNullException.ThrowIfNull(part, nameof(rest));
                bool bare = path is "" || path.EndsWith(Separator);
                path = part.StartsWith(Separator) ? part : bare ? path + part : path + Separator + part;
            }

            return path;
        }

        /// <summary><c>os.path.basename</c>: what follows the last <c>/</c>; empty after a <c>/</c> at the end.</summary>
        /// <param name="path">The path.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        public static string BaseName(string path) => Split(path).Tail;

        /// <summary><c>os.path.dirname</c>: what stands before the last <c>/</c>, without slashes at its end unless
        /// it is the root.</summary>
        /// <param name="path">The path.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        public static string DirName(string path) => Split(path).Head;

        /// <summary><c>os.path.split</c>: <see cref="DirName"/> and <see cref="BaseName"/>.</summary>
        /// <param name="path">The path.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        public static (string Head, string Tail) Split(string path)
        {
            ArgumentNullException.ThrowIfNull(path);
            int cut = path.LastIndexOf(Separator) + 1;
            string head = path[..cut], trimmed = head.TrimEnd(Separator);
            return (trimmed is "" ? head : trimmed, path[cut..]);
        }

        /// <summary><c>os.path.splitext</c>: the path without its extension, and the extension with its dot. Dots that begin the file
        /// name begin no extension.</summary>
        /// <param name="path">The path.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        public static (string Root, string Extension) SplitExt(string path)
        {
            ArgumentNullException.ThrowIfNull(path);
            int name = path.LastIndexOf(Separator) + 1;
            int dot = path.LastIndexOf('.');
            bool extends = dot > name && path.AsSpan(name, dot - name).ContainsAnyExcept('.');
            return extends ? (path[..dot], path[dot..]) : (path, "");
        }

        /// <summary><c>os.path.isabs</c>: whether the path begins with <c>/</c>.</summary>
        /// <param name="path">The path.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        public static bool IsAbs(string path)
        {
            ArgumentNullException.ThrowIfNull(path);
            return path.StartsWith(Separator);
        }

        /// <summary><c>os.path.normpath</c>: the path without empty parts, <c>.</c>, and <c>..</c> after a name. Exactly two
        /// slashes at the start stay, as POSIX gives them a meaning. Over a symbolic link the result may lead elsewhere.</summary>
        /// <param name="path">The path; an empty one gives <c>.</c>.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        public static string NormPath(string path)
        {
            ArgumentNullException.ThrowIfNull(path);
            int slashes = path.Length - path.TrimStart(Separator).Length;
            string root = slashes switch { 0 => "", 2 => "//", _ => "/" };
            List<string> parts = [];
            foreach (string part in path.Split(Separator))
            {
                Append(parts, part, root is not "");
            }

            string normal = root + string.Join(Separator, parts);
            return normal is "" ? "." : normal;
        }

        /// <summary><c>os.path.abspath</c>: the normal form of the path, from the current directory unless it begins
        /// with <c>/</c>.</summary>
        /// <param name="path">The path.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        /// <exception cref="OsException">The path is relative and the current directory has been removed (ENOENT), or a directory
        /// above it may not be read (EACCES).</exception>
        /// <remarks>Source: getcwd(3), whose bytes come back unchanged.</remarks>
        public static string AbsPath(string path) => NormPath(IsAbs(path) ? path : Join(CurrentDirectory(), path));

        /// <summary><c>os.path.exists</c>: whether the path leads to something, through symbolic links; false as well when one may not
        /// look, and for a path with a NUL.</summary>
        /// <param name="path">The path.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        public static bool Exists(string path) => TypeOf(path) is not FileType.None;

        /// <summary><c>os.path.isfile</c>: whether the path leads to a regular file; a device or a pipe is none. As
        /// <see cref="Exists"/>.</summary>
        /// <param name="path">The path.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        public static bool IsFile(string path) => TypeOf(path) is FileType.Regular;

        /// <summary><c>os.path.isdir</c>: whether the path leads to a directory. As <see cref="Exists"/>.</summary>
        /// <param name="path">The path.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        public static bool IsDir(string path) => TypeOf(path) is FileType.Directory;

        // .NET's own property loses bytes that are not UTF-8.
        private static string CurrentDirectory() =>
            OperatingSystem.IsLinux() ? Libc.GetCwd() : global::System.Environment.CurrentDirectory;

        private static void Append(List<string> parts, string part, bool rooted)
        {
            if (part is "" or ".")
            {
                return;
            }

            bool climbs = part is "..";
            if (!climbs || (parts.Count is 0 && !rooted) || (parts.Count > 0 && parts[^1] is ".."))
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        private static FileType TypeOf(string path)
        {
            ArgumentNullException.ThrowIfNull(path);
            if (path.Contains('\0'))
            {
                return FileType.None;
            }

            if (OperatingSystem.IsLinux())
            {
                return Libc.TypeOf(path);
            }

            return Directory.Exists(path) ? FileType.Directory : File.Exists(path) ? FileType.Regular : FileType.None;
        }
    }
}
