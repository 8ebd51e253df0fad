using System.Runtime.Versioning;
using System.Text;

namespace Gannet;

public static partial class Os
{
    /// <content>What a shell would put in a path, and the way from one to another.</content>
    public static partial class Path
    {
        /// <summary><c>os.path.expanduser</c>: a path that begins with <c>~</c> or <c>~user</c>, with the home directory in its place: that
        /// of the variable HOME, or of the user database without it, and for a named user that of the database.</summary>
        /// <param name="path">The path.</param>
        /// <returns>The path; unchanged when it begins otherwise, or when there is no such user.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        /// <exception cref="OsException">The name service failed.</exception>
        [SupportedOSPlatform("linux")]
        public static string ExpandUser(string path)
        {
            ArgumentNullException.ThrowIfNull(path);
            if (!path.StartsWith('~'))
            {
                return path;
            }

            int end = path.IndexOf(Separator, StringComparison.Ordinal);
            end = end < 0 ? path.Length : end;
            if (FindHome(path[1..end]) is not { } home)
            {
                return path;
            }

            string expanded = home.TrimEnd(Separator) + path[end..];
            return expanded is "" ? "/" : expanded;
        }

        /// <summary><c>os.path.expandvars</c>: a text with the values of variables in place of <c>$name</c> and <c>${name}</c>, as
        /// <see cref="Environ"/> has them. One that is not set stays as it is written. A value is not looked through again.</summary>
        /// <param name="path">The text.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        [SupportedOSPlatform("linux")]
        public static string ExpandVars(string path)
        {
            ArgumentNullException.ThrowIfNull(path);
            StringBuilder expanded = new();
            int at = 0;
            for (int dollar; (dollar = path.IndexOf('$', at)) >= 0;)
            {
                expanded.Append(path, at, dollar - at);
                (int length, string name) = ReadVariable(path.AsSpan(dollar));
                expanded.Append((name is "" ? null : GetEnv(name)) ?? path.Substring(dollar, length));
                at = dollar + length;
            }

            return expanded.Append(path, at, path.Length - at).ToString();
        }

        /// <summary><c>os.path.relpath</c>: the way to a path from a directory, by the texts alone.</summary>
        /// <param name="path">Where to.</param>
        /// <param name="start">Where from; the working directory unless said.</param>
        /// <exception cref="ArgumentException">A path is empty.</exception>
        /// <exception cref="OsException">A path is relative and the working directory is gone.</exception>
        public static string RelPath(string path, string start = ".")
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            ArgumentException.ThrowIfNullOrEmpty(start);
            string[] from = Parts(AbsPath(start)), to = Parts(AbsPath(path));
            int common = from.Zip(to).TakeWhile(pair => pair.First == pair.Second).Count();
            string way = string.Join(Separator, Enumerable.Repeat("..", from.Length - common).Concat(to.Skip(common)));
            return way is "" ? "." : way;
        }

        private static string[] Parts(string path) => path.Split(Separator, StringSplitOptions.RemoveEmptyEntries);

        [SupportedOSPlatform("linux")]
        private static string? FindHome(string user) => user is ""
            ? GetEnv("HOME") ?? Users.Find(GetUid())?.Directory
            : user.Contains('\0', StringComparison.Ordinal) ? null : Users.Find(user)?.Directory;

        /// <summary>The length of what stands for a variable at the start of a text, and the variable's name; an empty name for a dollar that
        /// stands for itself.</summary>
        private static (int Length, string Name) ReadVariable(ReadOnlySpan<char> text)
        {
            if (text is ['$', '{', ..])
            {
                int end = text.IndexOf('}');
                return end < 0 ? (1, "") : (end + 1, text[2..end].ToString());
            }

            int length = 1;
            while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '_'))
            {
                length++;
            }

            return (length, text[1..length].ToString());
        }
    }
}
