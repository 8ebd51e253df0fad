using Gannet.Interop;

namespace Gannet;

/// <summary>Sets of signals as the kernel has them: bit 0 is signal 1.</summary>
internal static class SignalSet
{
    private const Signal Last = (Signal)64;

    /// <summary>SIGPIPE, which .NET ignores for itself, and which a program that is started must not find ignored.</summary>
    public const ulong Pipe = 1ul << (Libc.SIGPIPE - 1);

    /// <summary>What a terminal sends: for its keys, for its end, and to those in the background that use it.</summary>
    public static readonly ulong Terminal =
        Of([Signal.SIGINT, Signal.SIGQUIT, Signal.SIGHUP, Signal.SIGTSTP, Signal.SIGTTIN, Signal.SIGTTOU]);

    /// <summary>The set of some signals.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="signals"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such signal, or it is SIGKILL or SIGSTOP, which can be neither
    /// blocked nor ignored.</exception>
    public static ulong Of(IEnumerable<Signal> signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        return signals.Aggregate(0ul, (set, signal) => set | Bit(signal));
    }

    private static ulong Bit(Signal signal) => signal is > Signal.None and <= Last and not (Signal.SIGKILL or Signal.SIGSTOP)
        ? 1ul << ((int)signal - 1)
        : throw new ArgumentOutOfRangeException(nameof(signal), signal, "No signal that can be blocked, ignored or handled.");
}
