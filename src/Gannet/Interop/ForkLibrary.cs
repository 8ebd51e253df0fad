using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary>The functions of the fork library (native/fork/fork.h), one declaration per exported function.</summary>
internal static unsafe partial class ForkLibrary
{
    private const string Library = "libgannet-fork";
    private const int ExpectedVersion = 4;

    /// <summary>What keeps this process from ever forking, if anything does; looked at once.</summary>
    public static ForkSupport Prepare()
    {
        try
        {
            return OperatingSystem.IsLinux() && Version() == ExpectedVersion ? PrepareNative() : ForkSupport.OtherPlatform;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // Built for glibc: on another C library it can't be loaded.
            return ForkSupport.OtherPlatform;
        }
    }

    /// <summary>Tries once to fork; returns twice if there is no obstacle. Never by two threads at once.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_fork_try")]
    public static partial void Try(NativeForkAttempt* attempt);

    [LibraryImport(Library, EntryPoint = "gannet_fork_version")]
    private static partial int Version();

    [LibraryImport(Library, EntryPoint = "gannet_fork_prepare")]
    private static partial ForkSupport PrepareNative();
}
