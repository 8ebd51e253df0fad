using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>Asks the kernel about one child by name, and about no other: what this library did not start is somebody else's to
/// reap.</summary>
internal static unsafe class ChildWait
{
    private const int P_PID = 1;
    private const int P_PIDFD = 3;
    private const int WNOHANG = 1;
    private const int WEXITED = 4;
    private const int WNOWAIT = 0x1000000;
    private const int Kibibyte = 1024;

    /// <summary>Waits for the end of a child, and reaps it.</summary>
    /// <exception cref="OsException">ECHILD: it has been reaped, or SIGCHLD is ignored and the kernel has reaped it.</exception>
    public static ChildEnd ForEnd(SpawnedChild child) => Reap(child, WEXITED)!.Value;

    /// <summary>Reaps a child if it has ended; null while it runs.</summary>
    /// <exception cref="OsException">As <see cref="ForEnd"/>.</exception>
    public static ChildEnd? TryReap(SpawnedChild child) => Reap(child, WEXITED | WNOHANG);

    /// <summary>Whether a child has stopped or gone on, which is told once; its end is not looked for.</summary>
    /// <param name="pid">The child, not reaped yet.</param>
    /// <param name="changes"><see cref="WaitOptions.WUNTRACED"/> and <see cref="WaitOptions.WCONTINUED"/>, whose numbers waitid
    /// shares with wait.</param>
    /// <returns>The stop or its end; null when there is none to tell.</returns>
    /// <exception cref="OsException">ECHILD: no child.</exception>
    public static ChildEnd? FindChange(int pid, WaitOptions changes)
    {
        NativeWaitResult result;
        Errno error = Retry(P_PID, pid, (int)changes | WNOHANG, &result);
        // A process that is ending can neither stop nor go on.
        return error is Errno.ECHILD ? null : ToEnd(error, pid, result);
    }

    /// <summary>Whether a child that may be anybody's has ended and is not reaped; leaves it so.</summary>
    public static bool HasEnded(int pid)
    {
        NativeWaitResult result;
        return Retry(P_PID, pid, WEXITED | WNOHANG | WNOWAIT, &result) is Errno.None && result.Pid == pid;
    }

    /// <summary>Whether a child has not ended; of one that is gone, false.</summary>
    public static bool IsRunning(int pid)
    {
        NativeWaitResult result;
        return Retry(P_PID, pid, WEXITED | WNOHANG | WNOWAIT, &result) is Errno.None && result.Pid == 0;
    }

    /// <summary>Reaps a child whose status nobody wants.</summary>
    public static void Discard(int pid)
    {
        NativeWaitResult result;
        _ = Retry(P_PID, pid, WEXITED | WNOHANG, &result);
    }

    private static ChildEnd? Reap(SpawnedChild child, int options)
    {
        NativeWaitResult result;
        Errno error = Wait(child, options, &result);
        GC.KeepAlive(child.PidFd);
        return ToEnd(error, child.Pid, result);
    }

    private static Errno Wait(SpawnedChild child, int options, NativeWaitResult* result)
    {
        SafeFileHandle? handle = child.PidFd;
        Errno error = handle is null ? Errno.EINVAL : Retry(P_PIDFD, (int)handle.DangerousGetHandle(), options, result);
        // Linux before 5.4 has pidfds and does not wait for them. The number is the child's until it is reaped here.
        return error is Errno.EINVAL ? Retry(P_PID, child.Pid, options, result) : error;
    }

    private static Errno Retry(int idType, int id, int options, NativeWaitResult* result)
    {
        Errno error;
        while ((error = (Errno)Shim.Wait(idType, id, options, result)) is Errno.EINTR)
        {
        }

        return error;
    }

    private static ChildEnd? ToEnd(Errno error, int pid, in NativeWaitResult result)
    {
        if (error is not Errno.None)
        {
            throw new OsException(error, "waitid", $"{pid}");
        }

        return result.Pid == 0 ? null : new(new WaitStatus(result.Status), ToUsage(result));
    }

    private static ResourceUsage ToUsage(in NativeWaitResult result) => new(
        TimeSpan.FromSeconds(result.UserSeconds, 0, result.UserMicroseconds),
        TimeSpan.FromSeconds(result.SystemSeconds, 0, result.SystemMicroseconds),
        result.MaxResidentKibibytes * Kibibyte,
        result.MinorFaults,
        result.MajorFaults,
        result.BlocksRead,
        result.BlocksWritten,
        result.VoluntarySwitches,
        result.InvoluntarySwitches);
}
