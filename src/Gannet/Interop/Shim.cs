using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary>The functions of the C shim (native/), one declaration per exported function.</summary>
internal static partial class Shim
{
    private const string Library = "libgannet";

    /// <summary>The version that <c>native/shim.h</c> must have; both change together.</summary>
    public const int ExpectedVersion = 1;

    /// <summary>The version compiled into the loaded shim.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_shim_version")]
    [SuppressGCTransition]
    public static partial int Version();
}
