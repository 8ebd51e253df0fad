using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>The exec family: the running program is replaced by another one, in the same process.</summary>
public static partial class Os
{
    private static string s_defaultPath = "/bin:/usr/bin";

    /// <summary>
    /// <c>os.defpath</c>: where <see cref="Execvp"/> and its relatives look for a program when the new environment has no PATH. May
    /// be set; counts for nothing while there is a PATH, though it be an empty one.
    /// </summary>
    /// <exception cref="ArgumentNullException">Null was assigned.</exception>
    /// <exception cref="ArgumentException">A text with a NUL, or with half a surrogate pair, was assigned.</exception>
    /// <remarks>At first <c>/bin:/usr/bin</c>, as in today's CPython; in older ones it began with an empty element, the working
    /// directory.</remarks>
    public static string DefaultPath
    {
        get => s_defaultPath;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _ = OsText.GetByteCount(value, nameof(value));
            s_defaultPath = value;
        }
    }

    /// <summary>
    /// <c>os.execl</c>: <see cref="Execv"/> with the arguments listed one by one.
    /// </summary>
    /// <param name="path">The file to run; not searched for in PATH.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <exception cref="ArgumentException">As <see cref="Execv"/>.</exception>
    /// <exception cref="OsException">As <see cref="Execv"/>.</exception>
    /// <remarks>Source: POSIX <c>execl</c>.</remarks>
    [DoesNotReturn]
    [SupportedOSPlatform("linux")]
    public static void Execl(string path, params IReadOnlyList<string> arguments)
    {
        Exec.Replace("execl", path, arguments, environment: null);
    }

    /// <summary>
    /// <c>os.execle</c>: <see cref="Execve"/> with the arguments listed one by one, behind the environment. In Python and in C the
    /// environment is the last argument.
    /// </summary>
    /// <param name="path">The file to run; not searched for in PATH.</param>
    /// <param name="environment">Its environment, as <see cref="Execve"/> takes it.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <exception cref="ArgumentException">As <see cref="Execve"/>.</exception>
    /// <exception cref="OsException">As <see cref="Execv"/>.</exception>
    /// <remarks>Source: POSIX <c>execle</c>.</remarks>
    [DoesNotReturn]
    [SupportedOSPlatform("linux")]
    public static void Execle(string path, IEnumerable<KeyValuePair<string, string>> environment, params IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Exec.Replace("execle", path, arguments, environment);
    }

    /// <summary>
    /// <c>os.execlp</c>: <see cref="Execvp"/> with the arguments listed one by one.
    /// </summary>
    /// <param name="file">The program's name, searched for in PATH unless there is a slash in it.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <exception cref="ArgumentException">As <see cref="Execv"/>.</exception>
    /// <exception cref="OsException">As <see cref="Execvp"/>.</exception>
    /// <remarks>Source: POSIX <c>execlp</c>.</remarks>
    [DoesNotReturn]
    [SupportedOSPlatform("linux")]
    public static void Execlp(string file, params IReadOnlyList<string> arguments)
    {
        Exec.Search("execlp", file, arguments, environment: null);
    }

    /// <summary>
    /// <c>os.execlpe</c>: <see cref="Execvpe"/> with the arguments listed one by one, behind the environment. In Python the environment
    /// is the last argument.
    /// </summary>
    /// <param name="file">The program's name, searched for in the PATH of <paramref name="environment"/> unless there is a slash in
    /// it.</param>
    /// <param name="environment">Its environment, as <see cref="Execve"/> takes it.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <exception cref="ArgumentException">As <see cref="Execve"/>.</exception>
    /// <exception cref="OsException">As <see cref="Execvp"/>.</exception>
    [DoesNotReturn]
    [SupportedOSPlatform("linux")]
    public static void Execlpe(string file, IEnumerable<KeyValuePair<string, string>> environment, params IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Exec.Search("execlpe", file, arguments, environment);
    }

    /// <summary>
    /// <c>os.execv</c>: replaces this program by the one at <paramref name="path"/>, which keeps the process id, the working
    /// directory, the descriptors 0, 1 and 2, and those that this program has itself been started with; nothing that .NET or Gannet has
    /// opened. It gets the live environment: libc's, with every change that was made
    /// through <see cref="Environment"/>. Buffered console output is written first; exit hooks and <c>finally</c> blocks do not
    /// run. Signals that this program handles, and SIGPIPE, start at their default there, with none blocked; signals that
    /// were ignored when this program started stay ignored. A terminal from which <see cref="Console"/> has read gets back the mode
    /// in which it was found. A pending alarm, the umask, the ids and the limits stay.
    /// </summary>
    /// <param name="path">The file to run; not searched for in PATH.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>); it may be
    /// empty.</param>
    /// <exception cref="ArgumentException">No arguments, or a NUL character in one of them or in the path.</exception>
    /// <exception cref="ArgumentNullException">The path, the arguments or one of them is null.</exception>
    /// <exception cref="OsException">The kernel refused; this program goes on unharmed. ENOENT: no such file, or its
    /// interpreter is missing; EACCES: not executable, or a directory; ENOEXEC: not a program, and a script only with <c>#!</c>;
    /// E2BIG: arguments and environment are too large.</exception>
    /// <remarks>Source: execve(2), POSIX <c>execv</c>. CPython's <c>os.execv</c> does not flush, and refuses an empty
    /// <c>argv[0]</c>. .NET raises the soft limit on open files to the hard one when it starts, and the new program finds it
    /// so.</remarks>
    [DoesNotReturn]
    [SupportedOSPlatform("linux")]
    public static void Execv(string path, IReadOnlyList<string> arguments)
    {
        Exec.Replace("execv", path, arguments, environment: null);
    }

    /// <summary>
    /// <c>os.execve</c>: as <see cref="Execv"/>, with an environment that replaces the live one wholly.
    /// </summary>
    /// <param name="path">The file to run; not searched for in PATH.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <param name="environment">Its environment: names to values. A name is not empty and holds no <c>=</c>.</param>
    /// <exception cref="ArgumentException">No arguments, a bad variable name, a variable without a value, or a NUL character
    /// anywhere.</exception>
    /// <exception cref="ArgumentNullException">The path, the arguments or one of them, or the environment is null.</exception>
    /// <exception cref="OsException">As <see cref="Execv"/>.</exception>
    /// <remarks>Source: execve(2).</remarks>
    [DoesNotReturn]
    [SupportedOSPlatform("linux")]
    public static void Execve(string path, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Exec.Replace("execve", path, arguments, environment);
    }

    /// <summary>
    /// <c>os.execvp</c>: as <see cref="Execv"/>, with a program that is searched for along PATH, or along <see cref="DefaultPath"/>
    /// where there is no such variable. An empty element of PATH is the working directory, which is looked into for no other
    /// reason. A name with a slash is a path, and not searched for.
    /// </summary>
    /// <param name="file">The program's name.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <exception cref="ArgumentException">As <see cref="Execv"/>.</exception>
    /// <exception cref="OsException">The program is not there (ENOENT), or what is there can't be run; this program goes on unharmed. The
    /// search passes over directories that are missing, are none, or may not be entered, and over files that may not be run. When it
    /// finds nothing, a refusal (EACCES) is told before an absence. Any other error, as of <see cref="Execv"/>, ends it. What is
    /// no absence is told with the path of the file.</exception>
    /// <remarks>Source: POSIX <c>execvp</c>, but a file that is no program (ENOEXEC) is an error, and never given to a shell.
    /// CPython has no shell here either, but goes on searching after such a file.</remarks>
    [DoesNotReturn]
    [SupportedOSPlatform("linux")]
    public static void Execvp(string file, IReadOnlyList<string> arguments)
    {
        Exec.Search("execvp", file, arguments, environment: null);
    }

    /// <summary>
    /// <c>os.execvpe</c>: as <see cref="Execvp"/>, with an environment that replaces the live one wholly. Its PATH is the one that is
    /// searched.
    /// </summary>
    /// <param name="file">The program's name.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <param name="environment">Its environment, as <see cref="Execve"/> takes it.</param>
    /// <exception cref="ArgumentException">As <see cref="Execve"/>.</exception>
    /// <exception cref="OsException">As <see cref="Execvp"/>.</exception>
    /// <remarks>glibc's <c>execvpe</c> searches the PATH of the running program; this one does as CPython.</remarks>
    [DoesNotReturn]
    [SupportedOSPlatform("linux")]
    public static void Execvpe(string file, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Exec.Search("execvpe", file, arguments, environment);
    }
}
