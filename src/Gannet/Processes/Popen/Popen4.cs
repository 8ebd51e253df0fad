using System.Runtime.Versioning;

namespace Gannet;

/// <summary>
/// <c>popen2.Popen4</c>: as <see cref="Popen3"/>, with standard output and standard error in one pipe, in the order in which they
/// are written.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class Popen4 : Popen3
{
    /// <summary>Starts a command line, which the shell reads.</summary>
    /// <param name="command">The command line, for <c>/bin/sh -c</c>.</param>
    /// <param name="bufferSize">As for <see cref="Os.Popen"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="command"/> is null.</exception>
    /// <exception cref="ArgumentException">It holds a NUL.</exception>
    /// <exception cref="OsException">The shell could not be started.</exception>
    public Popen4(string command, int bufferSize = -1)
        : base(ShellCommand.Of(command), Stdio.Stdout, bufferSize)
    {
    }

    /// <summary>Starts a program with its arguments, without a shell between.</summary>
    /// <param name="command">The program, looked for along PATH unless there is a slash in it, and its arguments.</param>
    /// <param name="bufferSize">As for <see cref="Os.Popen"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="command"/>, or one of its words, is null.</exception>
    /// <exception cref="ArgumentException">No words, an empty program, or a NUL.</exception>
    /// <exception cref="OsException">It could not be started.</exception>
    public Popen4(IReadOnlyList<string> command, int bufferSize = -1)
        : base(PopenPipes.WithoutShell(command), Stdio.Stdout, bufferSize)
    {
    }
}
