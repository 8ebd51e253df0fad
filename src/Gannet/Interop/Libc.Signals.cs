using System.Globalization;
using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>Sending signals, the masks of threads, interval timers.</content>
internal static unsafe partial class Libc
{
    private const int SIG_BLOCK = 0;
    private const int SIG_UNBLOCK = 1;
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>The first real-time signal that the C library leaves to programs.</summary>
    public static int FirstRealTimeSignal => __libc_current_sigrtmin();

    /// <summary>The last real-time signal.</summary>
    public static int LastRealTimeSignal => __libc_current_sigrtmax();

    /// <summary><c>kill</c>.</summary>
    public static void Kill(int pid, Signal signal) => ThrowIfFailed(SendSignal(pid, signal), "kill", pid);

    /// <summary><c>killpg</c>.</summary>
    public static void KillPg(int group, int signal) => ThrowIfFailed(killpg(group, signal) < 0 ? LastError : Errno.None, "killpg", group);

    /// <summary><c>raise</c>: to the calling thread.</summary>
    public static void Raise(int signal)
    {
        if (raise(signal) != 0)
        {
            throw new OsException(LastError, nameof(raise));
        }
    }

    /// <summary><c>sigqueue</c>.</summary>
    public static void SigQueue(int pid, int signal, nint value) => 
        ThrowIfFailed(sigqueue(pid, signal, value) < 0 ? LastError : Errno.None, "sigqueue", pid);

    /// <summary>Blocks or unblocks signals on the calling thread, and gives those that were blocked before.</summary>
    public static ulong ChangeMask(ulong signals, bool block) => Mask(block ? SIG_BLOCK : SIG_UNBLOCK, signals);

    /// <summary>Makes these, and no others, the blocked signals of the calling thread, and gives those that were.</summary>
    public static ulong ReplaceMask(ulong signals) => Mask(SIG_SETMASK, signals);

    /// <summary>Signals that wait for the calling thread, or for the process, until somebody unblocks them.</summary>
    public static ulong PendingSignals()
    {
        ulong* pending = stackalloc ulong[SignalSetSize / sizeof(ulong)];
        return sigpending((byte*)pending) == 0 ? pending[0] : throw new OsException(LastError, nameof(sigpending));
    }

    /// <summary>Sets an interval timer, and gives what it was.</summary>
    /// <param name="which">The clock: 0 is real time, 1 the process's own CPU time, 2 that and the kernel's for it.</param>
    /// <param name="microseconds">To the first signal; 0 stops it.</param>
    /// <param name="interval">Between the following ones; 0: there are none.</param>
    public static (long Microseconds, long Interval) SetITimer(int which, long microseconds, long interval)
    {
        long* wanted = stackalloc long[]
        {
            interval / MicrosecondsPerSecond, interval % MicrosecondsPerSecond,
            microseconds / MicrosecondsPerSecond, microseconds % MicrosecondsPerSecond,
        };
        long* before = stackalloc long[4];
        return setitimer(which, wanted, before) == 0 ? Read(before) : throw new OsException(LastError, nameof(setitimer));
    }

    /// <summary>An interval timer's time to its next signal, and its interval.</summary>
    public static (long Microseconds, long Interval) GetITimer(int which)
    {
        long* now = stackalloc long[4];
        return getitimer(which, now) == 0 ? Read(now) : throw new OsException(LastError, nameof(getitimer));
    }

    private static (long Microseconds, long Interval) Read(long* timer) =>
        ((timer[2] * MicrosecondsPerSecond) + timer[3], (timer[0] * MicrosecondsPerSecond) + timer[1]);

    private static ulong Mask(int how, ulong signals)
    {
        const int words = SignalSetSize / sizeof(ulong);
        ulong* changed = stackalloc ulong[words];
        ulong* before = stackalloc ulong[words];
        new Span<ulong>(changed, words).Clear();
        changed[0] = signals;
        int error = SetThreadSignalMask(how, (byte*)changed, (byte*)before);
        return error == 0 ? before[0] : throw new OsException((Errno)error, "pthread_sigmask");
    }

    private static void ThrowIfFailed(Errno error, string operation, int target)
    {
        if (error is not Errno.None)
        {
            throw new OsException(error, operation, target.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary><c>gettid</c>: the kernel's number of the calling thread.</summary>
    [LibraryImport(Library, EntryPoint = "gettid")]
    public static partial int GetTid();

    [LibraryImport(Library)]
    private static partial int __libc_current_sigrtmin();

    [LibraryImport(Library)]
    private static partial int __libc_current_sigrtmax();

    [LibraryImport(Library, SetLastError = true)]
    private static partial int killpg(int group, int signal);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int raise(int signal);

    // union sigval is passed as the pointer in it; on x64 and arm64 a union of that size travels like its member.
    [LibraryImport(Library, SetLastError = true)]
    private static partial int sigqueue(int pid, int signal, nint value);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int sigpending(byte* set);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int setitimer(int which, long* wanted, long* before);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getitimer(int which, long* now);
}
