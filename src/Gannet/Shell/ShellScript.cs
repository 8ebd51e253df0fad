using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// A shell script with values in it, made from an interpolated string: <c>Shell.Run($"grep {pattern} {file} | sort")</c>. The text is shell; a value
/// is data, one word whatever is in it (several for a list). It never becomes text of the script: it travels beside it, as a positional
/// parameter. There is no conversion from a plain string. The constructor and the <c>Append</c> members are public for the compiler alone: what is given
/// to <see cref="AppendLiteral"/> by hand is shell, as with <see cref="Shell.RunRaw"/>.
/// </summary>
/// <remarks>
/// <para>A value is a string, a number or another thing that can be formatted, in the invariant culture and by the format given
/// (<c>{size:F2}</c>); a list of those, which takes no format, is as many words, also none. Text beside a value belongs to the same word: <c>{name}.txt</c>,
/// <c>--file={name}</c>. Strings are passed in UTF-8; lone surrogates U+DC80 to U+DCFF are the bytes that they stand for. An alignment does not
/// compile.</para>
/// <para>A place where a value would not be one word is refused, by an <see cref="ArgumentException"/> that shows it: quotes, here-documents,
/// comments, <c>` `</c>, <c>${ }</c>, <c>(( ))</c>. <c>docs/shell.md</c> explains it all.</para>
/// </remarks>
[InterpolatedStringHandler]
public sealed class ShellScript
{
    private readonly List<Part> _parts;
    private readonly StringBuilder _literal;

    /// <summary>Called by the compiler.</summary>
    /// <param name="literalLength">The length of the text.</param>
    /// <param name="formattedCount">The number of values.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ShellScript(int literalLength, int formattedCount)
    {
        _literal = new(literalLength);
        _parts = new(formattedCount);
    }

    /// <summary>Called by the compiler: a part of the text.</summary>
    /// <param name="value">The text.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendLiteral(string value) => _literal.Append(value);

    /// <summary>Called by the compiler: a text as one word.</summary>
    /// <param name="value">The text.</param>
    /// <param name="expression">What it is called in the source.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null; an empty text is a word.</exception>
    /// <exception cref="ArgumentException">A NUL, or half a surrogate pair that stands for no byte.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted(string value, [CallerArgumentExpression(nameof(value))] string expression = "") =>
        Add([Checked(value, expression)], isList: false, isNumber: false, expression);

    /// <summary>Called by the compiler: a number or the like as one word.</summary>
    /// <param name="value">The value.</param>
    /// <param name="format">Its format; null for its usual one.</param>
    /// <param name="expression">What it is called in the source.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted<T>(T value, string? format = null, [CallerArgumentExpression(nameof(value))] string expression = "")
        where T : IFormattable =>
        Add([Checked(Format(value, format), expression)], isList: false, isNumber: true, expression);

    /// <summary>Called by the compiler: texts as a word each.</summary>
    /// <param name="values">The texts; none for no word.</param>
    /// <param name="expression">What they are called in the source.</param>
    /// <exception cref="ArgumentNullException">The list or one of the texts is null.</exception>
    /// <exception cref="ArgumentException">A NUL, or half a surrogate pair that stands for no byte.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted(IEnumerable<string> values, [CallerArgumentExpression(nameof(values))] string expression = "")
    {
        ArgumentNullException.ThrowIfNull(values, expression);
        Add([.. values.Select(value => Checked(value, expression))], isList: true, isNumber: false, expression);
    }

    /// <summary>Called by the compiler: numbers or the like as a word each.</summary>
    /// <param name="values">The values; none for no word.</param>
    /// <param name="expression">What they are called in the source.</param>
    /// <exception cref="ArgumentNullException">The list or one of the values is null.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted<T>(IEnumerable<T> values, [CallerArgumentExpression(nameof(values))] string expression = "")
        where T : IFormattable
    {
        // Without a format: a string with one would be a list of letters.
        ArgumentNullException.ThrowIfNull(values, expression);
        Add([.. values.Select(value => Checked(Format(value, format: null), expression))], isList: true, isNumber: true, expression);
    }

    /// <summary>The script as it was written, with its values' names in the places where they stand. Not for a shell to read.</summary>
    public override string ToString() => string.Concat(_parts.Select(part => $"{part.Literal}{{{part.Expression}}}")) + _literal;

    /// <summary>What a shell is to run, and its positional parameters.</summary>
    /// <exception cref="ArgumentException">A value where none can stand, or a NUL in the text.</exception>
    internal (string Text, IReadOnlyList<string> Parameters) Build()
    {
        string rest = _literal.ToString();
        ShellScanner scanner = new();
        for (int i = 0; i < _parts.Count; i++)
        {
            Part part = _parts[i];
            scanner.Read(part.Literal);
            string? refusal = scanner.FindRefusal() ?? (part.IsList ? FindListRefusal(scanner, i, rest) : null);
            if (refusal is not null)
            {
                throw new ArgumentException(Show(refusal, i));
            }

            scanner.ReadValue();
        }

        scanner.Read(rest);
        scanner.End();
        int harmful = _parts.FindIndex(part => !part.IsNumber);
        if (scanner.RunsVariables && harmful >= 0)
        {
            throw new ArgumentException(Show(
                "Only a number can be a value in this script, which has (( )), [[ ]], name[ ], declare or the like, where bash calculates with what a variable"
                    + " holds and so may run what is in it, or a text that shells read in different ways. expr and [ ] calculate without.",
                harmful));
        }

        string[] parameters = [.. _parts.SelectMany(part => part.Words)];
        string text = Text(rest, scanner.ChangesParameters ? "gannet_" : "");
        _ = OsText.GetByteCount(text);
        if (scanner.ChangesParameters && parameters.Length > 0)
        {
            // A function has parameters of its own, and set changes them. On the script's first line, so that the shell counts lines as the author does.
            text = string.Concat(Enumerable.Range(1, parameters.Length).Select(number => Invariant($"gannet_{number}=${{{number}}}; "))) + text;
        }

        return (text, parameters);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Format<T>(T value, string? format)
        where T : IFormattable => value is null ? null! : value.ToString(format, CultureInfo.InvariantCulture);

    private static string Checked(string value, string expression)
    {
        ArgumentNullException.ThrowIfNull(value, expression);
        _ = OsText.GetByteCount(value, expression);
        return value;
    }

    private void Add(string[] words, bool isList, bool isNumber, string expression)
    {
        // Other things can be formatted too, to any text.
        bool isHarmless = isNumber && words.All(word => word.All(letter => char.IsAsciiDigit(letter) || letter is '-' or '.'));
        _parts.Add(new(_literal.ToString(), words, isList, isHarmless, expression));
        _literal.Clear();
    }

    private string Text(string rest, string prefix)
    {
        StringBuilder text = new();
        int number = 0;
        foreach (Part part in _parts)
        {
            text.Append(part.Literal).AppendJoin(' ', part.Words.Select(_ => Invariant($"\"${{{prefix}{++number}}}\"")));
        }

        return text.Append(rest).ToString();
    }

    private string? FindListRefusal(ShellScanner scanner, int index, string rest)
    {
        if (scanner.FollowsRedirection)
        {
            return "A list is several words, and a redirection takes one.";
        }

        string next = index + 1 < _parts.Count ? _parts[index + 1].Literal : rest;
        bool isTouched = next is "" ? index + 1 < _parts.Count : !" \t\n;&|()<>".Contains(next[0], StringComparison.Ordinal);
        return scanner.IsInWord || isTouched ? "A list is several words and can't be part of one: put blanks around it." : null;
    }

    /// <summary>Says what is wrong, and points at the value in its line.</summary>
    private string Show(string refusal, int index)
    {
        string before = string.Concat(_parts.Take(index).Select(part => part.Literal + Name(part))) + _parts[index].Literal;
        string after = Name(_parts[index]) + string.Concat(_parts.Skip(index + 1).Select(part => part.Literal + Name(part))) + _literal;
        string start = before[(before.LastIndexOf('\n') + 1)..], end = after.Split('\n')[0];
        string blanks = string.Concat(start.Select(letter => letter is '\t' ? '\t' : ' '));
        return $"{refusal}\n\n    {start}{end}\n    {blanks}^";
    }

    private static string Name(Part part) => $"{{{part.Expression.ReplaceLineEndings(" ")}}}";

    private sealed record Part(string Literal, string[] Words, bool IsList, bool IsNumber, string Expression);
}
