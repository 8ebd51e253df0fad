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

    /// <summary>The size of <c>struct sigaction</c>, in bytes: the handler, the set of signals blocked meanwhile, the flags, the way
    /// back from the handler. One layout serves glibc and musl, x64 and arm64.</summary>
    public const int SignalActionSize = 8 + SignalSetSize + 8 + 8;

    /// <summary>Puts a whole action, as it was read, on a signal, or one of a handler and zeros. A call that knows handlers only would lose
    /// the flags, by which the handler finds its arguments.</summary>
    [LibraryImport(Library, EntryPoint = "sigaction")]
    public static unsafe partial int SetSignalAction(int signal, byte* action, byte* oldAction);

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
