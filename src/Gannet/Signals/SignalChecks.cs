using Gannet.Interop;

namespace Gannet;

/// <summary>Refuses what can't be done with a signal before anything has happened, and says why.</summary>
internal static class SignalChecks
{
    public const int Last = 64;
    private const int FirstRealTime = 32;

    // Counted from the last one: the C library and the runtime take theirs from the first on.
    private const int ForkOffset = 2;

    /// <summary>The real-time signal with which a fork stops the other threads.</summary>
    public static Signal Fork => (Signal)(Libc.LastRealTimeSignal - ForkOffset);

    /// <summary>Whether the kernel has such a signal.</summary>
    public static bool IsNumber(Signal signal) => signal is > Signal.None and <= (Signal)Last;

    /// <summary>Whether a handler is kept from the signal, so that it is none that a program can use.</summary>
    public static bool IsReserved(Signal signal) =>
        signal >= (Signal)FirstRealTime && (signal <= (Signal)Libc.FirstRealTimeSignal || signal == Fork);

    /// <summary>Whether the signals of this number are queued, each with its value, instead of being merged.</summary>
    public static bool IsRealTime(Signal signal) => signal >= (Signal)FirstRealTime;

    /// <summary>The number alone.</summary>
    public static void CheckNumber(Signal signal)
    {
        if (!IsNumber(signal))
        {
            throw new ArgumentOutOfRangeException(nameof(signal), (int)signal, $"A signal number is from 1 to {Last}.");
        }
    }

    /// <summary>Whether a program may decide what happens at the signal.</summary>
    public static void CheckSettable(Signal signal)
    {
        CheckNumber(signal);
        if (signal is Signal.SIGKILL or Signal.SIGSTOP)
        {
            throw new ArgumentException(
                $"{SignalNames.NameOf(signal)} can be neither handled nor ignored: the kernel always takes its default action (EINVAL).",
                nameof(signal),
                new OsException(Errno.EINVAL, "sigaction", SignalNames.NameOf(signal)));
        }

        CheckNotTheRuntimes(signal);
    }

    /// <summary>Whether a thread may block the signal.</summary>
    public static void CheckBlockable(SignalMask signals)
    {
        foreach (Signal signal in signals)
        {
            if (signal is Signal.SIGKILL or Signal.SIGSTOP)
            {
                throw new ArgumentException($"{SignalNames.NameOf(signal)} can't be blocked.", nameof(signals));
            }

            CheckNotTheRuntimes(signal);
        }
    }

    private static void CheckNotTheRuntimes(Signal signal)
    {
        if (signal is Signal.SIGSEGV or Signal.SIGFPE or Signal.SIGILL or Signal.SIGBUS or Signal.SIGTRAP)
        {
            throw new ArgumentException(
                $"{SignalNames.NameOf(signal)} is the runtime's: it makes exceptions of faults in this program's own code, such as a null "
                + "reference, and a fault that is not resolved happens again at once. Catch the exception instead.",
                nameof(signal));
        }

        if (IsReserved(signal))
        {
            throw new ArgumentException(
                $"The real-time signal {(int)signal} is reserved: {WhoseItIs(signal)}.", nameof(signal));
        }
    }

    private static string WhoseItIs(Signal signal) => signal switch
    {
        _ when signal == Fork => "Gannet stops the threads of a process with it that forks",
        _ when signal == (Signal)Libc.FirstRealTimeSignal => "the runtime stops threads with it for the garbage collector",
        _ => "the C library uses it between its threads",
    };
}
