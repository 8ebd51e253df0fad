using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary>The functions of the C shim (native/), one declaration per exported function.</summary>
internal static partial class Shim
{
    private const string Library = "libgannet";

    /// <summary>The version that <c>native/shim.h</c> must have; both change together.</summary>
    public const int ExpectedVersion = 7;

    private static readonly Lazy<bool> s_isUsable = new(HasExpectedVersion);

    /// <summary>Whether the native part is there, and of the version that this assembly was built with. Asked before the first
    /// use of any other function.</summary>
    public static bool IsUsable => s_isUsable.Value;

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

    /// <summary>Ends the process by SIGINT, whatever stands on it; never returns.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_interrupt_die")]
    public static partial void InterruptDie();

    /// <summary>The address of a signal handler that does nothing; execve puts the default action in its place.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_idle_handler")]
    [SuppressGCTransition]
    public static partial nint IdleHandler();

    private static bool HasExpectedVersion()
    {
        try
        {
            return OperatingSystem.IsLinux() && Version() == ExpectedVersion;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // A processor that the shim does not know, or a library of that name which is none of ours.
            return false;
        }
    }
}
