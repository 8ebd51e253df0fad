using Gannet.Interop;

namespace Gannet;

/// <summary>Waits for one child by name, and for no other: what this library did not start is somebody else's to reap.</summary>
internal static unsafe class ChildWait
{
    private const int P_PID = 1;
    private const int P_PIDFD = 3;
    private const int WEXITED = 4;
    private const int Kibibyte = 1024;

    /// <summary>Waits for the end of a child, and reaps it.</summary>
    /// <exception cref="OsException">ECHILD: it has been reaped, or SIGCHLD is ignored and the kernel has reaped it.</exception>
    public static (WaitStatus Status, ResourceUsage Usage) ForEnd(SpawnedChild child)
    {
        NativeWaitResult result;
        Errno error = Wait(child, &result);
        GC.KeepAlive(child.PidFd);
        return error is Errno.None
            ? (new WaitStatus(result.Status), ToUsage(result))
            : throw new OsException(error, "waitid", $"{child.Pid}");
    }

    private static Errno Wait(SpawnedChild child, NativeWaitResult* result)
    {
        Errno error = child.PidFd is { } handle ? Retry(P_PIDFD, (int)handle.DangerousGetHandle(), result) : Errno.EINVAL;
        // Linux before 5.4 has pidfds and does not wait for them. The number is the child's until it is reaped here.
        return error is Errno.EINVAL ? Retry(P_PID, child.Pid, result) : error;
    }

    private static Errno Retry(int idType, int id, NativeWaitResult* result)
    {
        Errno error;
        while ((error = (Errno)Shim.Wait(idType, id, WEXITED, result)) is Errno.EINTR)
        {
        }

        return error;
    }

    private static ResourceUsage ToUsage(in NativeWaitResult result) => new(
        TimeSpan.FromSeconds(result.UserSeconds, 0, result.UserMicroseconds),
        TimeSpan.FromSeconds(result.SystemSeconds, 0, result.SystemMicroseconds),
        result.MaxResidentKibibytes * Kibibyte);
}
