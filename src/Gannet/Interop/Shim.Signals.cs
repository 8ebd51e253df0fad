using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>What stands on signals, and the record of their deliveries.</content>
internal static unsafe partial class Shim
{
    /// <summary>Maps the record; 0 or an errno. The runtime's handlers must be in place before.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_signal_start")]
    public static partial int SignalStart(NativeSignalRing** ring);

    /// <summary>What the kernel has on a signal, a <see cref="SignalAction"/>; negative: an errno.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_signal_get")]
    public static partial int SignalGet(int signal);

    /// <summary>Puts one of the first three actions on a signal; 0 or an errno.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_signal_set")]
    public static partial int SignalSet(int signal, SignalAction action);

    /// <summary>Ends the process by a deadly signal, whatever stands on it; never returns.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_signal_die")]
    public static partial void SignalDie(int signal);

    /// <summary>Covers SIGINT and SIGQUIT until <see cref="SystemEnd"/>; 0 or an errno.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_system_begin")]
    public static partial int SystemBegin();

    /// <summary>Takes the cover off.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_system_end")]
    public static partial void SystemEnd();

    /// <summary>Sleeps until the word is another number than expected, the time is up (-1: never), or a signal comes.</summary>
    /// <param name="word">The word.</param>
    /// <param name="expected">What it was.</param>
    /// <param name="nanoseconds">The time.</param>
    /// <param name="unblocked">Signals that are otherwise blocked on this thread and come meanwhile; bit 0 is signal 1.</param>
    [LibraryImport(Library, EntryPoint = "gannet_signal_sleep")]
    public static partial void SignalSleep(uint* word, uint expected, long nanoseconds, ulong unblocked);

    /// <summary>Changes a word and wakes all who sleep on it.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_signal_wake")]
    public static partial void SignalWake(uint* word);

    /// <summary>Has another thread block a recorded signal from now on; 0 or an errno.</summary>
    [LibraryImport(Library, EntryPoint = "gannet_signal_block_in")]
    public static partial int SignalBlockIn(int thread, int signal);
}
