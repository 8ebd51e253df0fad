using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gannet.Options;

namespace Gannet;

/// <summary>
/// Reads the options of a command line by the rules of POSIX <c>getopt</c>, GNU <c>getopt_long</c> and Python's <c>getopt</c>:
/// <c>-a -x .bak --debuglevel=99 file1</c>. Touches no state of the process but, for <see cref="ParseGnu(IEnumerable{string}, string,
/// ReadOnlySpan{string})"/> and <see cref="GetOptSettings.Permute"/>, the environment variable <c>POSIXLY_CORRECT</c>.
/// </summary>
/// <remarks>
/// <para>The arguments do not include the program's name. They are never changed.</para>
/// <para><b>Letters</b>: <c>"ax:c::"</c> declares <c>-a</c>; <c>-x</c> with a value, attached (<c>-x.bak</c>) or the next argument,
/// whatever that looks like; and <c>-c</c> with an optional value, which must be attached. Letters may share an argument (<c>-ax.bak</c>).
/// A letter is a Unicode code point. In front of the letters, <c>+</c> ends the options at the first operand, <c>-</c> reports operands
/// in their place among the options, as options with an empty name, except those that no option follows. A colon in front
/// (after them) is accepted: C needs it to tell a missing value from other errors, <see cref="GetOptException.Kind"/> always tells.</para>
/// <para><b>Words</b>: <c>"debug"</c> declares <c>--debug</c>; <c>"output="</c> takes a value, <c>--output=f</c> or <c>--output f</c>;
/// <c>"color=?"</c> takes an optional one, <c>--color=auto</c>. A word may be cut short while it is still the only one
/// (<c>--out=f</c>) and is reported in full; a word typed in full counts, even when it begins another.</para>
/// <para><b>Operands</b>: an argument that begins with no hyphen, the empty one, and <c>-</c> alone. <c>--</c> ends the options and is
/// dropped.</para>
/// <para>Differs from CPython 3.13: optional values and the letters' prefixes as in CPython 3.14 and glibc (there for
/// <c>gnu_getopt</c> only, here for every form); a specification that cannot mean anything is refused. Source: POSIX.1-2024 XBD 12.2,
/// getopt(3), CPython's Lib/getopt.py.</para>
/// </remarks>
public static class GetOpt
{
    private const GetOptSettings AllSettings = GetOptSettings.Permute | GetOptSettings.NoAbbreviations;

    /// <summary>
    /// Python's <c>getopt.getopt</c>: parses the options in front of the first operand.
    /// </summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="letters">The letters, each followed by <c>:</c> when it takes a value, by <c>::</c> when the value is optional.</param>
    /// <param name="words">The words without hyphens, each followed by <c>=</c> when it takes a value, by <c>=?</c> when the value is
    /// optional. One word, several, or a collection.</param>
    /// <returns>The options in the order seen, and the arguments left.</returns>
    /// <exception cref="GetOptException">An argument does not fit the declared options.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="args"/> or <paramref name="letters"/> is null.</exception>
    /// <exception cref="ArgumentException">An argument is null. The specification can't mean anything: a NUL, a colon that follows no
    /// letter, a letter or word that stands twice, a word that is empty, begins with a hyphen or has an <c>=</c> in its middle.
    /// Thrown before any argument is read.</exception>
    [OverloadResolutionPriority(1)]
    public static GetOptResult Parse(IEnumerable<string> args, string letters, params ReadOnlySpan<string> words) =>
        Collect(Enumerate(args, GetOptSettings.None, letters, words));

    /// <inheritdoc cref="Parse(IEnumerable{string}, string, ReadOnlySpan{string})"/>
    public static GetOptResult Parse(ReadOnlySpan<string> args, string letters, params ReadOnlySpan<string> words) =>
        Collect(Enumerate(args, GetOptSettings.None, letters, words));

    /// <inheritdoc cref="Parse(IEnumerable{string}, string, ReadOnlySpan{string})"/>
    /// <summary>Parses the options as <paramref name="settings"/> say.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="settings">Whether options may follow operands, and whether words may be cut short.</param>
    /// <param name="letters">The letters, each followed by <c>:</c> when it takes a value, by <c>::</c> when the value is optional.</param>
    /// <param name="words">The words without hyphens, each followed by <c>=</c> when it takes a value, by <c>=?</c> when the value is
    /// optional.</param>
    [OverloadResolutionPriority(1)]
    public static GetOptResult Parse(
        IEnumerable<string> args, GetOptSettings settings, string letters, params ReadOnlySpan<string> words) =>
        Collect(Enumerate(args, settings, letters, words));

    /// <inheritdoc cref="Parse(IEnumerable{string}, GetOptSettings, string, ReadOnlySpan{string})"/>
    public static GetOptResult Parse(
        ReadOnlySpan<string> args, GetOptSettings settings, string letters, params ReadOnlySpan<string> words) =>
        Collect(Enumerate(args, settings, letters, words));

    /// <inheritdoc cref="Parse(IEnumerable{string}, string, ReadOnlySpan{string})"/>
    /// <summary>
    /// Python's <c>getopt.gnu_getopt</c>: parses all options, also those behind operands. The first operand ends them after all when
    /// the letters begin with <c>+</c> or when the environment holds a non-empty <c>POSIXLY_CORRECT</c>.
    /// </summary>
    [OverloadResolutionPriority(1)]
    public static GetOptResult ParseGnu(IEnumerable<string> args, string letters, params ReadOnlySpan<string> words) =>
        Collect(Enumerate(args, GetOptSettings.Permute, letters, words));

    /// <inheritdoc cref="ParseGnu(IEnumerable{string}, string, ReadOnlySpan{string})"/>
    public static GetOptResult ParseGnu(ReadOnlySpan<string> args, string letters, params ReadOnlySpan<string> words) =>
        Collect(Enumerate(args, GetOptSettings.Permute, letters, words));

    /// <inheritdoc cref="Parse(IEnumerable{string}, string, ReadOnlySpan{string})"/>
    /// <summary>
    /// The options one by one, with the index of the argument they stand in, and without an allocation for each:
    /// <c>foreach (var option in reader)</c>, then <see cref="GetOptReader.Arguments"/>. C's way of calling <c>getopt</c> in a loop.
    /// </summary>
    /// <returns>A reader of <paramref name="args"/>. An array is read where it is, any other sequence is copied once.</returns>
    /// <exception cref="GetOptException">In the loop, where an argument does not fit the declared options.</exception>
    [OverloadResolutionPriority(1)]
    public static GetOptReader Enumerate(
        IEnumerable<string> args, string letters, [UnscopedRef] params ReadOnlySpan<string> words) =>
        Enumerate(args, GetOptSettings.None, letters, words);

    /// <inheritdoc cref="Enumerate(IEnumerable{string}, string, ReadOnlySpan{string})"/>
    public static GetOptReader Enumerate(
        ReadOnlySpan<string> args, string letters, [UnscopedRef] params ReadOnlySpan<string> words) =>
        Enumerate(args, GetOptSettings.None, letters, words);

    /// <inheritdoc cref="Enumerate(IEnumerable{string}, string, ReadOnlySpan{string})"/>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="settings">Whether options may follow operands, and whether words may be cut short.</param>
    /// <param name="letters">The letters, each followed by <c>:</c> when it takes a value, by <c>::</c> when the value is optional.</param>
    /// <param name="words">The words without hyphens, each followed by <c>=</c> when it takes a value, by <c>=?</c> when the value is
    /// optional.</param>
    [OverloadResolutionPriority(1)]
    public static GetOptReader Enumerate(
        IEnumerable<string> args, GetOptSettings settings, string letters, [UnscopedRef] params ReadOnlySpan<string> words)
    {
        ArgumentNullException.ThrowIfNull(args);
        return Enumerate((args as string[] ?? [.. args]).AsSpan(), settings, letters, words);
    }

    /// <inheritdoc cref="Enumerate(IEnumerable{string}, GetOptSettings, string, ReadOnlySpan{string})"/>
    public static GetOptReader Enumerate(
        ReadOnlySpan<string> args, GetOptSettings settings, string letters, [UnscopedRef] params ReadOnlySpan<string> words)
    {
        if ((settings & ~AllSettings) != GetOptSettings.None)
        {
            throw new ArgumentOutOfRangeException(nameof(settings), settings, "Not a combination of GetOptSettings.");
        }

        CheckArguments(args);
        return new GetOptReader(args, new OptionSpecification(letters, words, settings));
    }

    private static void CheckArguments(ReadOnlySpan<string> args)
    {
        foreach (string? arg in args)
        {
            if (arg is null)
            {
                throw new ArgumentException("An argument is null.", nameof(args));
            }
        }
    }

    private static GetOptResult Collect(GetOptReader reader)
    {
        List<ParsedOption> options = [];
        foreach (GetOptItem item in reader)
        {
            options.Add(new ParsedOption(item.ToString(), item.GetValue()));
        }

        return new GetOptResult(options, reader.Arguments.ToArray());
    }
}
