using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>Command lines that the system's shell is to read.</summary>
internal static class ShellCommand
{
    private const string Path = "/bin/sh";

    /// <summary>The shell with a command line.</summary>
    /// <exception cref="ArgumentNullException">The command line is null.</exception>
    /// <exception cref="ArgumentException">It holds a NUL, or half a surrogate pair.</exception>
    public static Command Of(string command) => Of(command, []);

    /// <summary>The shell with a command line, and its positional parameters. One that begins with a dash is not taken for an option.</summary>
    /// <exception cref="ArgumentNullException">The command line is null.</exception>
    /// <exception cref="ArgumentException">It holds a NUL, or half a surrogate pair.</exception>
    public static Command Of(string command, IReadOnlyList<string> parameters)
    {
        ArgumentNullException.ThrowIfNull(command);
        _ = OsText.GetByteCount(command, nameof(command));

        // A blank, since not every shell takes "--" after -c.
        string text = command is ['-' or '+', ..] ? ' ' + command : command;
        return Command.Of(Path, ["-c", text, "sh", .. parameters]);
    }

    /// <summary>What <c>system</c> does: runs a command line to its end, while this program ignores SIGINT and SIGQUIT, and the calling
    /// thread has SIGCHLD blocked.</summary>
    [SupportedOSPlatform("linux")]
    public static WaitStatus RunAsSystem(string command)
    {
        Command shell = Of(command);
        Sys.FlushOutput();
        ulong child = SignalMask.BitOf(Signal.SIGCHLD);
        bool wasBlocked = (Libc.ChangeMask(child, block: true) & child) != 0;
        try
        {
            using IgnoredInterrupts ignored = new();
            return shell.Run().Status;
        }
        finally
        {
            if (!wasBlocked)
            {
                Libc.ChangeMask(child, block: false);
            }
        }
    }

    /// <summary>As <see cref="RunAsSystem"/>, without a thread that waits, and so without one that blocks a signal.</summary>
    [SupportedOSPlatform("linux")]
    public static Task<WaitStatus> RunAsSystemAsync(string command, CancellationToken cancellationToken)
    {
        Command shell = Of(command);
        Sys.FlushOutput();
        return HoldAsync(shell, cancellationToken);
    }

    [SupportedOSPlatform("linux")]
    private static async Task<WaitStatus> HoldAsync(Command shell, CancellationToken cancellationToken)
    {
        using IgnoredInterrupts ignored = new();
        return (await shell.RunAsync(timeout: null, cancellationToken).ConfigureAwait(false)).Status;
    }
}
