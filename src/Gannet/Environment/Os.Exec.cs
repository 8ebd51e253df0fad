using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;

namespace Gannet;

/// <summary>The exec family: the running program is replaced by another one, in the same process.</summary>
public static partial class Os
{
    /// <summary>
    /// <c>execv</c>: replaces this program by the one at <paramref name="path"/>, which keeps the process id, the working
    /// directory, the descriptors 0, 1 and 2, and those that this program has itself been started with; nothing that .NET or Gannet has
    /// opened. It gets the live environment: libc's, with every change that was made
    /// through <see cref="Environment"/>. Buffered console output is written first; exit hooks and <c>finally</c> blocks do not
    /// run. Signals that this program handles, and SIGPIPE, start at their default there, with none blocked; signals that
    /// were ignored when this program started stay ignored.
    /// </summary>
    /// <param name="path">The file to run; not searched for in PATH.</param>
    /// <param name="arguments">Its arguments, the first of which is the name that it sees as its own (<c>argv[0]</c>).</param>
    /// <exception cref="ArgumentException">No arguments, or a NUL character in one of them or in the path.</exception>
    /// <exception cref="ArgumentNullException">The path, the arguments or one of them is null.</exception>
    /// <exception cref="OsException">The kernel refused; this program goes on unharmed. ENOENT: no such file, or its
    /// interpreter is missing; EACCES: not executable, or a directory; ENOEXEC: not a program; E2BIG: arguments and
    /// environment are too large.</exception>
    /// <remarks>Source: execve(2), POSIX <c>execv</c>. CPython's <c>os.execv</c> does not flush.</remarks>
    [DoesNotReturn]
    [SupportedOSPlatform("linux")]
    public static void Execv(string path, params IReadOnlyList<string> arguments)
    {
        Exec.Replace("execv", path, arguments, environment: null);
    }

    /// <summary>
    /// <c>execve</c>: as <see cref="Execv"/>, with an environment that replaces the live one wholly.
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
}
