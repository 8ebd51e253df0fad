using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>Starting a program, and waiting for it.</content>
internal static unsafe partial class Shim
{
    /// <summary>Starts a program; returns when the child has it, or has failed and is reaped.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_spawn")]
    public static partial void Spawn(NativeSpawnRequest* request);

    /// <summary><c>waitid</c> with the resources used; 0 or an errno.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_wait")]
    public static partial int Wait(int idType, int id, int options, NativeWaitResult* result);
}
