using System.Runtime.Versioning;

namespace Gannet;

/// <summary>
/// Python's <c>signal</c>: what happens in this program when a signal arrives, timers that send signals, and waiting for them.
/// </summary>
/// <remarks>
/// <para>One model for all of it. The kernel interrupts any thread of the process; a native handler there writes the delivery down
/// and goes on. Managed handlers run afterwards, one at a time in the order of arrival, on an ordinary thread: one of Gannet's own, or
/// the thread that is in <see cref="Pump(TimeSpan, CancellationToken)"/>, <see cref="Pause()"/> or
/// <see cref="Wait(ReadOnlySpan{Signal})"/>. They may do what any code may do: allocate, lock, write, throw.</para>
/// <para>Standard signals of one number that arrive while one of them waits in the kernel are merged by the kernel; real-time signals are
/// queued. Every delivery that the kernel makes is recorded and handled; <see cref="LostCount"/> counts those
/// that found more than 65,536 others unhandled.</para>
/// <para>The runtime's own use of signals goes on beside it: <see cref="System.Runtime.InteropServices.PosixSignalRegistration"/>,
/// <see cref="Console.CancelKeyPress"/>, <c>Process</c>, the care of the terminal. docs/signals.md tells all of it.</para>
/// </remarks>
[SupportedOSPlatform("linux")]
public static partial class Signals
{
    /// <summary>Every signal of the running system in the order of their numbers: the 31 standard ones, and the real-time ones but
    /// those that the C library, the runtime and Gannet keep for themselves.</summary>
    public static IReadOnlyList<Signal> All { get; } = FindAll();

    /// <summary>How many deliveries could not be recorded since the program began. Each time that this grows, a line on standard error
    /// says so.</summary>
    public static long LostCount => SignalRecord.Lost;

    /// <summary><c>signal.strsignal</c>: what a signal means, in the words of strsignal(3): <c>Hangup</c>.</summary>
    /// <param name="signal">The signal; a real-time one is described by its distance from the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number that is none of 1 to 64.</exception>
    public static string Describe(Signal signal)
    {
        SignalChecks.CheckNumber(signal);
        return SignalNames.Describe(signal);
    }

    /// <summary>The name of a signal: <c>SIGTERM</c>, <c>SIGRTMIN+3</c>. A number without one is given as <c>signal 32</c>.</summary>
    /// <param name="signal">The signal.</param>
    public static string NameOf(Signal signal) => SignalNames.NameOf(signal);

    private static Signal[] FindAll() =>
        [.. Enumerable.Range(1, SignalChecks.Last).Select(number => (Signal)number).Where(signal => !SignalChecks.IsReserved(signal))];
}
