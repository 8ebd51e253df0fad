using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary>Replacing the program, and the signal state that it passes on.</summary>
internal static partial class Libc
{
    public const int SIGPIPE = 13;
    public const nint SIG_DFL = 0;
    public const int SIG_SETMASK = 2;

    /// <summary>The size of <c>sigset_t</c> in glibc and musl, in bytes; the kernel's own is smaller.</summary>
    public const int SignalSetSize = 128;

    [LibraryImport(Library, EntryPoint = "execve", SetLastError = true)]
    public static unsafe partial int ExecVE(byte* path, byte** argv, byte** envp);

    [LibraryImport(Library, EntryPoint = "signal", SetLastError = true)]
    public static partial nint SetSignal(int signal, nint handler);

    [LibraryImport(Library, EntryPoint = "pthread_sigmask")]
    public static unsafe partial int SetThreadSignalMask(int how, byte* set, byte* oldSet);

    private const int PR_GET_DUMPABLE = 3;
    private const int PR_SET_DUMPABLE = 4;

    /// <summary>Whether others of the same user may look into this process (1), or only root (0, or 2 by the system's setting).</summary>
    public static int Dumpable
    {
        get => prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
        set => _ = prctl(PR_SET_DUMPABLE, value, 0, 0, 0);
    }

    // Variadic; on Linux, for x64 and arm64, its arguments travel like any others.
    [LibraryImport(Library)]
    private static partial int prctl(int option, nint first, nint second, nint third, nint fourth);
}
