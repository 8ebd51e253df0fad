namespace Gannet;

/// <summary>
/// One option as <see cref="GetOpt.Enumerate(ReadOnlySpan{string}, string, ReadOnlySpan{string})"/> meets it. Nothing is copied: name
/// and value are spans of the strings that were given, so reading an option allocates nothing.
/// </summary>
public readonly ref struct GetOptItem
{
    private const int WordHyphens = 2;

    // Nearly every option is an ASCII letter, so its name with the hyphen is made once for the whole program.
    private static readonly string?[] AsciiLetters = new string?[128];

    private readonly string? _valueHolder;
    private readonly int _valueStart;
    private readonly int _hyphens;

    private GetOptItem(int hyphens, ReadOnlySpan<char> name, string? valueHolder, int valueStart, int index)
    {
        Name = name;
        Index = index;
        _hyphens = hyphens;
        _valueHolder = valueHolder;
        _valueStart = valueStart;
    }

    /// <summary>
    /// The name without hyphens, a word always in full: <c>switch (option.Name) { case "x": … case "output": … }</c>. Empty for an
    /// operand.
    /// </summary>
    public ReadOnlySpan<char> Name { get; }

    /// <summary>Whether the option is a word (<c>--output</c>) and not a letter (<c>-o</c>).</summary>
    public bool IsWord => _hyphens == WordHyphens;

    /// <summary>Whether this is an operand in its place among the options: only where the letters begin with <c>-</c>.</summary>
    public bool IsOperand => _hyphens == 0;

    /// <summary>Whether a value was given, be it empty; tells <c>--color=</c> from <c>--color</c> where the value is optional.</summary>
    public bool HasValue => _valueHolder is not null;

    /// <summary>The value, or the operand; empty when there is none.</summary>
    public ReadOnlySpan<char> Value => _valueHolder.AsSpan(_valueStart);

    /// <summary>The index of the argument that holds the option, counted from 0; options of one cluster share it.</summary>
    public int Index { get; }

    /// <summary>Whether this is the option called <paramref name="name"/>, hyphens included: <c>option.Is("-x")</c>.</summary>
    public bool Is(ReadOnlySpan<char> name) =>
        name.Length == _hyphens + Name.Length && name[.._hyphens].SequenceEqual(Hyphens) && name[_hyphens..].SequenceEqual(Name);

    /// <summary>
    /// The value as a string; empty when there is none. A value that is an argument of its own is that very string, one that is
    /// attached (<c>-ovalue</c>, <c>--output=value</c>) is copied.
    /// </summary>
    public string GetValue() => _valueHolder?[_valueStart..] ?? "";

    /// <summary>The name with its hyphens, as <see cref="ParsedOption.Name"/> has it.</summary>
    public override string ToString() => _hyphens == 1 && Name is [< (char)128 and char letter]
        ? AsciiLetters[letter] ??= $"-{letter}"
        : string.Concat(Hyphens, Name);

    internal static GetOptItem Letter(ReadOnlySpan<char> letter, string? valueHolder, int valueStart, int index) =>
        new(1, letter, valueHolder, valueStart, index);

    internal static GetOptItem Word(ReadOnlySpan<char> word, string? valueHolder, int valueStart, int index) =>
        new(WordHyphens, word, valueHolder, valueStart, index);

    internal static GetOptItem Operand(string operand, int index) => new(0, default, operand, 0, index);

    private ReadOnlySpan<char> Hyphens => "--".AsSpan(0, _hyphens);
}
