using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary>The functions of the C shim (native/), one declaration per exported function.</summary>
internal static partial class Shim
{
    private const string Library = "libgannet";

    /// <summary>The version that <c>native/shim.h</c> must have; both change together.</summary>
    public const int ExpectedVersion = 4;

    /// <summary>The version compiled into the loaded shim.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_shim_version")]
    [SuppressGCTransition]
    public static partial int Version();

    /// <summary>Puts the shim's handler on SIGINT; until it is armed it acts as the default action does. Negative: an errno.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_interrupt_install")]
    public static partial int InterruptInstall();

    /// <summary>One SIGINT goes to this eventfd instead of ending the process; -1 disarms.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_interrupt_arm")]
    [SuppressGCTransition]
    public static partial void InterruptArm(int eventFd);

    /// <summary>Ends the process by SIGINT, whatever stands on it.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_interrupt_die")]
    public static partial void InterruptDie();
}
