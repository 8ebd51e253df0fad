using System.Collections;
using System.Runtime.CompilerServices;

namespace Gannet;

/// <summary><c>sigset_t</c>: some of the signals 1 to 64, for instance those that a thread has blocked.</summary>
[CollectionBuilder(typeof(SignalMask), nameof(Of))]
public readonly record struct SignalMask : IReadOnlyCollection<Signal>
{
    internal SignalMask(ulong bits) => Bits = bits;

    /// <summary>How many signals it holds.</summary>
    public int Count => System.Numerics.BitOperations.PopCount(Bits);

    /// <summary>Bit 0 is signal 1.</summary>
    internal ulong Bits { get; }

    /// <summary>A set of these signals: <c>SignalMask set = [Signal.SIGINT, Signal.SIGTERM];</c>.</summary>
    /// <param name="signals">The signals; one that is named twice counts once.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number that is none of 1 to 64.</exception>
    public static SignalMask Of(params ReadOnlySpan<Signal> signals)
    {
        ulong bits = 0;
        foreach (Signal signal in signals)
        {
            SignalChecks.CheckNumber(signal);
            bits |= BitOf(signal);
        }

        return new SignalMask(bits);
    }

    /// <summary>Whether it holds a signal.</summary>
    /// <param name="signal">The signal.</param>
    public bool Contains(Signal signal) => SignalChecks.IsNumber(signal) && (Bits & BitOf(signal)) != 0;

    /// <summary>The signals in ascending order of their numbers.</summary>
    public IEnumerator<Signal> GetEnumerator()
    {
        for (int number = 1; number <= SignalChecks.Last; number++)
        {
            if (Contains((Signal)number))
            {
                yield return (Signal)number;
            }
        }
    }

    /// <summary>For messages: <c>{SIGINT, SIGTERM}</c>.</summary>
    public override string ToString() => $"{{{string.Join(", ", this.Select(SignalNames.NameOf))}}}";

    internal static ulong BitOf(Signal signal) => 1ul << ((int)signal - 1);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
