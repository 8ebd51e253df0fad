using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// Starts programs: the one way through which every member of the library does. The cost does not grow with the size of this
/// process, since nothing of it is copied (native/spawn.c).
/// </summary>
internal static unsafe class Spawner
{
    /// <summary>Starts a program; returns when it has replaced the child.</summary>
    /// <exception cref="ArgumentException">The request can't be: no program, no arguments, a NUL in a text, a number out of its
    /// range, a descriptor named twice.</exception>
    /// <exception cref="OsException">A step failed; <see cref="OsException.Operation"/> names it. No child is left.</exception>
    public static SpawnedChild Start(SpawnRequest request)
    {
        SpawnChecks.Check(request);
        return request.DeathSignal is Signal.None ? StartHere(request) : StartElsewhere(request);
    }

    // The kernel sends a death signal when the thread that made the child ends, not the process.
    private static SpawnedChild StartElsewhere(SpawnRequest request) => LastingThread.Run(() => StartHere(request));

    private static SpawnedChild StartHere(SpawnRequest request)
    {
        using SpawnBlock block = SpawnBlock.Create(request, request.Environment ?? LiveEnvironment.Snapshot());
        if (request.ChangesIds)
        {
            IdChange.Spawn(block.Native);
        }
        else
        {
            Shim.Spawn(block.Native);
        }

        if (block.Native->Step is not SpawnStep.Done)
        {
            throw SpawnErrors.Describe(request, block.Native);
        }

        int pidFd = block.Native->PidFd;
        return new(block.Native->Pid, pidFd < 0 ? null : new SafeFileHandle(pidFd, ownsHandle: true));
    }
}
