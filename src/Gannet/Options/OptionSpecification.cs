namespace Gannet.Options;

/// <summary>Whether an option takes a value.</summary>
internal enum ValueRule
{
    None,
    Required,
    Optional,
}

/// <summary>What happens at an operand.</summary>
internal enum OperandRule
{
    /// <summary>It ends the options (POSIX).</summary>
    Stop,

    /// <summary>It is set aside and reading goes on (GNU), unless <c>POSIXLY_CORRECT</c> forbids that.</summary>
    Permute,

    /// <summary>It is reported in its place among the options, unless no option follows it.</summary>
    InOrder,
}

/// <summary>
/// The declared letters and words, checked, and the look-up in them. It keeps no copy and builds no table: a command line holds a
/// handful of options, and a scan of a short text is faster than anything that has to be built first.
/// </summary>
internal readonly ref struct OptionSpecification
{
    private readonly ReadOnlySpan<char> _letters;
    private readonly ReadOnlySpan<string> _words;
    private readonly bool _abbreviations;

    public OptionSpecification(string letters, ReadOnlySpan<string> words, GetOptSettings settings)
    {
        ArgumentNullException.ThrowIfNull(letters);
        _letters = TakePrefix(letters, settings, out OperandRule operands);
        Operands = operands;
        SpecificationChecks.CheckLetters(_letters);
        SpecificationChecks.CheckWords(words);
        _words = words;
        _abbreviations = (settings & GetOptSettings.NoAbbreviations) == GetOptSettings.None;
    }

    public OperandRule Operands { get; }

    /// <summary>The length in UTF-16 units of the letter at <paramref name="index"/>: a letter is a code point, as in CPython.</summary>
    public static int LetterWidth(ReadOnlySpan<char> text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? 2 : 1;

    /// <summary>Where a letter stands among others, or -1. Half of a surrogate pair may be a letter too (a byte that was not UTF-8), but
    /// it is never found inside a pair.</summary>
    public static int IndexOf(ReadOnlySpan<char> letters, ReadOnlySpan<char> letter)
    {
        if (!char.IsSurrogate(letter[0]))
        {
            return letters.IndexOf(letter[0]);
        }

        for (int i = 0; i < letters.Length;)
        {
            int width = LetterWidth(letters, i);
            if (letters.Slice(i, width).SequenceEqual(letter))
            {
                return i;
            }

            i += width;
        }

        return -1;
    }

    /// <summary>How the letter takes its value; false when it is not declared.</summary>
    public bool TryFindLetter(ReadOnlySpan<char> letter, out ValueRule rule)
    {
        int index = letter is ":" ? -1 : IndexOf(_letters, letter);
        rule = index < 0 ? ValueRule.None : RuleAfter(_letters[(index + letter.Length)..]);
        return index >= 0;
    }

    /// <summary>The name of the word that <paramref name="typed"/> stands for: itself, or the only one that it begins.</summary>
    /// <exception cref="GetOptException">There is none, or more than one.</exception>
    public ReadOnlySpan<char> FindWord(ReadOnlySpan<char> typed, out ValueRule rule)
    {
        string? begun = null;
        bool ambiguous = false;
        foreach (string word in _words)
        {
            if (!word.AsSpan().StartsWith(typed))
            {
                continue;
            }

            // Exact match first, wherever it stands in the list.
            if (word.Length == typed.Length || word[typed.Length] == '=')
            {
                return NameOf(word, out rule);
            }

            ambiguous |= begun is not null;
            begun = word;
        }

        if (begun is null || !_abbreviations)
        {
            throw OptionErrors.WordNotRecognized(typed);
        }

        return ambiguous ? throw OptionErrors.Ambiguous(typed) : NameOf(begun, out rule);
    }

    private static ReadOnlySpan<char> TakePrefix(ReadOnlySpan<char> letters, GetOptSettings settings, out OperandRule operands)
    {
        operands = letters switch
        {
            ['+', ..] => OperandRule.Stop,
            ['-', ..] => OperandRule.InOrder,
            _ when (settings & GetOptSettings.Permute) != GetOptSettings.None => OperandRule.Permute,
            _ => OperandRule.Stop,
        };
        letters = letters is ['+' or '-', ..] ? letters[1..] : letters;

        // The colon asks C's getopt to tell a missing value from other errors. GetOptException.Kind always does.
        return letters is [':', ..] ? letters[1..] : letters;
    }

    private static ValueRule RuleAfter(ReadOnlySpan<char> rest) => rest switch
    {
        [':', ':', ..] => ValueRule.Optional,
        [':', ..] => ValueRule.Required,
        _ => ValueRule.None,
    };

    private static ReadOnlySpan<char> NameOf(string word, out ValueRule rule)
    {
        rule = word switch
        {
            [.., '=', '?'] => ValueRule.Optional,
            [.., '='] => ValueRule.Required,
            _ => ValueRule.None,
        };
        int mark = rule switch { ValueRule.Optional => 2, ValueRule.Required => 1, _ => 0 };
        return word.AsSpan(0, word.Length - mark);
    }
}
