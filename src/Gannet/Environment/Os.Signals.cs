using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <content>Sending signals.</content>
public static partial class Os
{
    /// <summary>
    /// <c>os.kill</c>: sends a signal to a process. <see cref="Signal.None"/> sends nothing and only asks whether the process is there
    /// and may be signalled.
    /// </summary>
    /// <param name="pid">The process; 0 is every process of this one's group, a negative number every process of the group
    /// with that number, -1 every process that may be signalled but this one and the first.</param>
    /// <param name="signal">The signal; a number that the system does not know is its EINVAL.</param>
    /// <exception cref="OsException">ESRCH: no such process or group; EPERM: it is another user's; EINVAL: no such signal.</exception>
    /// <remarks>Source: kill(2). A pid may have passed to another process since it was read; a <c>Child</c> is signalled by its
    /// pidfd, which can't.</remarks>
    [SupportedOSPlatform("linux")]
    public static void Kill(int pid, Signal signal) => Libc.Kill(pid, signal);

    /// <summary><c>os.killpg</c>: sends a signal to every process of a group.</summary>
    /// <param name="group">The group; 0 is this process's own.</param>
    /// <param name="signal">The signal, as for <see cref="Kill"/>.</param>
    /// <exception cref="OsException">ESRCH: no such group; EPERM: all of them are other users'; EINVAL: no such signal, or a
    /// negative group.</exception>
    /// <remarks>Source: killpg(3).</remarks>
    [SupportedOSPlatform("linux")]
    public static void KillPg(int group, Signal signal) => Libc.KillPg(group, (int)signal);
}
