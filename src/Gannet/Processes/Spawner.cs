using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// Starts programs: the one way through which every member of the library does. The cost does not grow with the size of this
/// process, since nothing of it is copied (native/spawn.c).
/// </summary>
internal static unsafe class Spawner
{
    private const int MostMappingsOnStack = 16;

    // How long a program file may be open for writing elsewhere: 1 + 2 + ... + 64 ms.
    private const int MostBusyWaits = 7;

    /// <summary>Starts a program; returns when it has replaced the child.</summary>
    /// <exception cref="ArgumentException">The request can't be: no program, no arguments, a NUL in a text, a number out of its
    /// range, a descriptor named twice.</exception>
    /// <exception cref="OsException">A step failed; <see cref="OsException.Operation"/> names it. No child is left.</exception>
    /// <exception cref="PlatformNotSupportedException">The native part is not there.</exception>
    public static SpawnedChild Start(SpawnRequest request)
    {
        SpawnChecks.Check(request);
        if (!Shim.IsUsable)
        {
            throw new PlatformNotSupportedException("Gannet's native part (libgannet.so) is missing here, or of another version; it starts programs.");
        }

        return request.DeathSignal is Signal.None ? StartHere(request) : StartElsewhere(request);
    }

    // The kernel sends a death signal when the thread that made the child ends, not the process.
    private static SpawnedChild StartElsewhere(SpawnRequest request) => LastingThread.Run(() => StartHere(request));

    private static SpawnedChild StartHere(SpawnRequest request)
    {
        using SpawnBlock block = SpawnBlock.Create(request, request.Environment ?? LiveEnvironment.Snapshot());
        NativeSpawnRequest* native = block.Native;
        Span<DescriptorMapping> mappings = new(native->Descriptors, native->DescriptorCount);
        Span<DescriptorMapping> original = stackalloc DescriptorMapping[Math.Min(mappings.Length, MostMappingsOnStack)];
        original = mappings.Length > MostMappingsOnStack ? mappings.ToArray() : original;
        mappings.CopyTo(original);

        if (InheritsStandardStream(request))
        {
            // The console leaves the terminal without echo and line editing after its first read.
            RuntimeTerminal.Restore();
        }

        // A child that is just being started by another thread holds, until it has its program, all that this process has open: a
        // script that was written and closed here a moment ago may still be open for writing there.
        Call(request, native);
        for (int i = 0; native->Error is Errno.ETXTBSY && i < MostBusyWaits; i++)
        {
            Thread.Sleep(1 << i);
            original.CopyTo(mappings);
            Call(request, native);
        }

        if (native->Step is not SpawnStep.Done)
        {
            throw SpawnErrors.Describe(request, native);
        }

        int pidFd = native->PidFd;
        return new(native->Pid, pidFd < 0 ? null : new SafeFileHandle(pidFd, ownsHandle: true));
    }

    private static bool InheritsStandardStream(SpawnRequest request)
    {
        int mapped = 0;
        for (int i = 0; i < request.Descriptors.Count; i++)
        {
            mapped += request.Descriptors[i].Target <= StandardStreams.Error ? 1 : 0;
        }

        return mapped <= StandardStreams.Error;
    }

    private static void Call(SpawnRequest request, NativeSpawnRequest* native)
    {
        if (request.ChangesIds)
        {
            IdChange.Spawn(native);
        }
        else
        {
            Shim.Spawn(native);
        }
    }
}
