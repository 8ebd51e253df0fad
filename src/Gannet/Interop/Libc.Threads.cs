using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>Single threads: waiting on a word of memory, ids, names.</content>
internal static unsafe partial class Libc
{
    private const int FUTEX_WAIT_PRIVATE = 128;
    private const int FUTEX_WAKE_PRIVATE = 129;
    private const int PR_SET_NAME = 15;

    // With a time a wait ends when the thread handles a signal, without one the kernel begins it anew.
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromDays(1);

    /// <summary>The most bytes of a thread's name that the kernel keeps.</summary>
    public const int ThreadNameLimit = 15;

    /// <summary>The number of futex(2), which has no wrapper in the C library; 0 on a processor whose number is not known here.</summary>
    public static nint FutexNumber { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        _ => 0,
    };

    /// <summary>Sleeps while a word of memory holds a value: until it is woken, the time is over, or for no reason at all.</summary>
    /// <param name="word">A word that the collector does not move.</param>
    /// <param name="value">What it must hold, or the call returns at once.</param>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    public static void SleepOn(int* word, int value, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan || timeout > s_longestSleep)
        {
            timeout = s_longestSleep;
        }

        long* time = stackalloc long[2] { timeout.Ticks / TimeSpan.TicksPerSecond, timeout.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick };
        Futex(FutexNumber, word, FUTEX_WAIT_PRIVATE, value, time, 0, 0);
    }

    /// <summary>Wakes one thread that sleeps on a word.</summary>
    public static void WakeOn(int* word) => Futex(FutexNumber, word, FUTEX_WAKE_PRIVATE, 1, null, 0, 0);

    /// <summary>Sends a signal to one thread of this process; nothing happens when it is gone.</summary>
    public static void SignalThread(int thread, int signal) => _ = SendTo(SignalThreadNumber, Environment.ProcessId, thread, signal);

    /// <summary>Names the calling thread, as ps(1) and /proc show it.</summary>
    /// <param name="name">At most <see cref="ThreadNameLimit"/> bytes without a NUL.</param>
    public static void NameThread(ReadOnlySpan<byte> name)
    {
        byte* terminated = stackalloc byte[ThreadNameLimit + 1];
        new Span<byte>(terminated, ThreadNameLimit + 1).Clear();
        name.CopyTo(new Span<byte>(terminated, ThreadNameLimit));
        _ = prctl(PR_SET_NAME, (nint)terminated, 0, 0, 0);
    }

    // tgkill(2), for which musl has no wrapper.
    private static nint SignalThreadNumber => RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 234 : 131;

    [LibraryImport(Library, EntryPoint = "syscall")]
    private static partial nint SendTo(nint number, nint process, nint thread, nint signal);

    // A variadic function, which takes integers and pointers as any other on these processors.
    [LibraryImport(Library, EntryPoint = "syscall")]
    private static partial nint Futex(nint number, int* word, int operation, int value, long* timeout, nint second, int third);
}
