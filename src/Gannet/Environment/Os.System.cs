using System.Runtime.Versioning;

namespace Gannet;

/// <content>A command line for the shell.</content>
public static partial class Os
{
    /// <summary>
    /// <c>os.system</c>: has the shell run a command line, with this program's terminal and streams, and waits for its end. Whatever a
    /// text in it holds is shell: never build one from somebody else's words. <see cref="Command"/> has no shell between, and
    /// <see cref="Shell.Run"/> keeps what is put in apart from the script.
    /// </summary>
    /// <param name="command">The command line, for <c>/bin/sh -c</c>; it may be empty, and may begin with a dash.</param>
    /// <returns>How the shell ended: 127 when it has not found the command, 126 when that can't be run, 128 and the signal when the command
    /// was killed by one; what killed the shell itself is told as a signal.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="command"/> is null; C asks so whether there is a shell.</exception>
    /// <exception cref="ArgumentException">It holds a NUL.</exception>
    /// <exception cref="OsException">The shell could not be started, where C returns what looks like exit 127; or somebody else has reaped
    /// it (ECHILD).</exception>
    /// <remarks>
    /// <para>While it waits this program ignores SIGINT and SIGQUIT, which Ctrl-C sends to all programs at the terminal, so that the command
    /// alone decides what becomes of it. That goes for the whole process, until the last thread has left this function: handlers, waits,
    /// <see cref="System.Runtime.InteropServices.PosixSignalRegistration"/> and <see cref="Console.CancelKeyPress"/> are not told, and stand
    /// afterwards as they stood before, or as another thread has meanwhile set them. Only a registration that is made, or disposed, in
    /// between changes that, if it is the signal's first or last: then the runtime itself changes what stands on the signal. The programs
    /// that this one starts, the command among them, have these signals at their default, or ignored if they are ignored here.</para>
    /// <para>SIGCHLD is blocked on the calling thread, and no other wait finds the command: its status can't be taken by a handler that
    /// reaps. Other children's ends are told meanwhile.</para>
    /// <para>What <see cref="Sys.Stdout"/> and <see cref="Sys.Stderr"/> still hold is written first, so that the output comes in order.
    /// CPython does not flush, gives the bare number, which is <see cref="WaitStatus.Raw"/>, and under Windows the status of its shell; the
    /// books' "always zero" was so under Windows 95. Source: POSIX <c>system</c>, system(3).</para>
    /// </remarks>
    [SupportedOSPlatform("linux")]
    public static WaitStatus System(string command) => ShellCommand.RunAsSystem(command);

    /// <summary>As <see cref="System(string)"/>, without a thread that waits, and so without one that has SIGCHLD blocked. SIGINT and
    /// SIGQUIT are ignored until the task is done.</summary>
    /// <param name="command">The command line.</param>
    /// <param name="cancellationToken">Has the shell ended: SIGTERM, five seconds to follow it, SIGKILL. What it has started goes on.</param>
    /// <returns>How the shell ended.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="command"/> is null.</exception>
    /// <exception cref="ArgumentException">It holds a NUL.</exception>
    /// <exception cref="OsException">As <see cref="System(string)"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [SupportedOSPlatform("linux")]
    public static Task<WaitStatus> SystemAsync(string command, CancellationToken cancellationToken = default) =>
        ShellCommand.RunAsSystemAsync(command, cancellationToken);
}
