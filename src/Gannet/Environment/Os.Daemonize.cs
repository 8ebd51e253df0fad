using System.Runtime.Versioning;

namespace Gannet;

public static partial class Os
{
    /// <summary>
    /// <c>daemon</c>: goes on as a daemon: in a session of its own, without a terminal, with the null device as standard input, output and
    /// error, in the directory and with the mask that the settings say. The program is started afresh, with the same arguments, and gets
    /// to this call again; there, in the daemon, it returns. In the process that called first it does not return: that waits until the
    /// daemon is set up, writes out its streams and ends with status 0, without exit hooks. So the call belongs at the start of the program, before
    /// anything has happened that should not happen twice.
    /// </summary>
    /// <param name="settings">What the daemon is to be; null for the defaults.</param>
    /// <exception cref="ArgumentException">A path or the user is empty or holds a NUL.</exception>
    /// <exception cref="OsException">In the process that called first: the daemon could not be set up, and has ended. EAGAIN on <c>fcntl</c>:
    /// another one holds the pid file.</exception>
    /// <exception cref="KeyNotFoundException">There is no such user.</exception>
    /// <exception cref="PlatformNotSupportedException">The program has no file to be started from again: its text came from standard input or from
    /// the command line.</exception>
    /// <remarks>No process is forked, since the threads of .NET would not survive that. The daemon leads its session; opening a
    /// terminal without <c>O_NOCTTY</c> would give it one. Descriptors above 2 are not passed on.
    /// CPython has no such function. Source: daemon(3), daemon(7), pidfile(3).</remarks>
    [SupportedOSPlatform("linux")]
    public static void Daemonize(DaemonSettings? settings = null) => Daemon.Become(settings ?? new DaemonSettings());
}
