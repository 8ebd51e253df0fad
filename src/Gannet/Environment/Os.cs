namespace Gannet;

/// <summary>
/// Python's <c>os</c>: the operating system under the POSIX names. Members that need Linux say so with
/// <c>[SupportedOSPlatform("linux")]</c> and throw <see cref="PlatformNotSupportedException"/> elsewhere.
/// </summary>
public static partial class Os
{
    /// <summary><c>os.name</c>: <c>posix</c> on Unix, Linux and macOS, <c>nt</c> on Windows. Python's long gone <c>mac</c> never
    /// comes.</summary>
    public static string Name => OperatingSystem.IsWindows() ? "nt" : "posix";

    /// <summary><c>os.linesep</c>: what ends a line in this system's text files;
    /// <see cref="global::System.Environment.NewLine"/>.</summary>
    public static string LineSeparator => global::System.Environment.NewLine;
}
