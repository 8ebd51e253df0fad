using System.Diagnostics.CodeAnalysis;
using Gannet.Options;

namespace Gannet;

/// <summary>
/// A command line read option by option, without a list in between and without an allocation per option:
/// <c>foreach (var option in reader)</c>; then <see cref="Arguments"/> holds the operands. Made by <c>GetOpt.Enumerate</c>.
/// </summary>
/// <remarks>
/// A reader is read once: its position lies in the reader itself, so that it is known after the loop. It refers to the array or span of
/// arguments that it was given; they must not change while it is read.
/// </remarks>
public ref struct GetOptReader
{
    private readonly ReadOnlySpan<string> _args;
    private readonly OptionSpecification _specification;
    private ScanState _state;

    internal GetOptReader(ReadOnlySpan<string> args, OptionSpecification specification)
    {
        _args = args;
        _specification = specification;
    }

    /// <summary>
    /// The operands, once the loop has come to its end. After an earlier end, by <c>break</c> or an error, whatever has not been read
    /// stands behind the operands met so far, as <c>optind</c> leaves it in C.
    /// </summary>
    /// <remarks>A slice of the arguments that were given; an array of its own only where operands stood between options.</remarks>
    public readonly ReadOnlySpan<string> Arguments => _state.SetAside is null
        ? _args[_state.RunStart..]
        : (string[])[.. _state.SetAside, .. _args[_state.RunStart..]];

    /// <summary>Reads on from where the reader stands.</summary>
    [UnscopedRef]
    public Enumerator GetEnumerator() => new(_args, _specification, ref _state);

    /// <summary>Steps through the options.</summary>
    public ref struct Enumerator
    {
        private OptionScanner _scanner;

        internal Enumerator(ReadOnlySpan<string> args, OptionSpecification specification, ref ScanState state) =>
            _scanner = new OptionScanner(args, specification, ref state);

        /// <summary>The option just read.</summary>
        public readonly GetOptItem Current => _scanner.Current;

        /// <summary>Reads the next option; false when there is none left.</summary>
        /// <exception cref="GetOptException">The next option is none that was declared, or lacks its value, or has one too many. The
        /// position stays in front of it.</exception>
        public bool MoveNext() => _scanner.MoveNext();
    }
}
