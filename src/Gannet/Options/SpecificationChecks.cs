namespace Gannet.Options;

/// <summary>
/// Refuses a specification that can't mean what its writer meant. CPython and C take every one of these in silence, and the option
/// in question can then not be reached.
/// </summary>
internal static class SpecificationChecks
{
    /// <summary>Checks the letters, their prefix taken off.</summary>
    /// <exception cref="ArgumentException">A NUL, a letter that stands twice, a colon that follows no letter.</exception>
    public static void CheckLetters(ReadOnlySpan<char> letters)
    {
        for (int i = 0; i < letters.Length;)
        {
            int width = OptionSpecification.LetterWidth(letters, i);
            ReadOnlySpan<char> letter = letters.Slice(i, width);
            if (letter is "\0" or ":")
            {
                throw new ArgumentException(
                    letter is ":" ? $"A colon at {i} follows no letter: '{letters}'." : "A letter is NUL.", nameof(letters));
            }

            if (OptionSpecification.IndexOf(letters[..i], letter) >= 0)
            {
                throw new ArgumentException($"The letter '{letter}' stands twice: '{letters}'.", nameof(letters));
            }

            i += width;
            i += letters[i..] switch { [':', ':', ..] => 2, [':', ..] => 1, _ => 0 };
        }
    }

    /// <summary>Checks the words.</summary>
    /// <exception cref="ArgumentException">A word that is null or empty, begins with a hyphen, holds a NUL or an <c>=</c> that is not its
    /// mark, or stands twice.</exception>
    public static void CheckWords(ReadOnlySpan<string> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            ReadOnlySpan<char> name = NameOf(words[i], out string? complaint);
            if (complaint is not null)
            {
                throw new ArgumentException(complaint, nameof(words));
            }

            foreach (string earlier in words[..i])
            {
                if (earlier.AsSpan().StartsWith(name) && (earlier.Length == name.Length || earlier[name.Length] == '='))
                {
                    throw new ArgumentException($"The word '{name}' stands twice.", nameof(words));
                }
            }
        }
    }

    private static ReadOnlySpan<char> NameOf(string? word, out string? complaint)
    {
        int mark = word is null ? -1 : word.IndexOf('=');
        ReadOnlySpan<char> name = mark < 0 ? word : word.AsSpan(0, mark);
        complaint = name switch
        {
            [] => "A word is null or has no name.",
            ['-', ..] => $"'{word}': a word is declared without its hyphens.",
            _ when name.Contains('\0') => "A word holds a NUL.",
            _ when mark >= 0 && word.AsSpan(mark) is not ("=" or "=?") => $"'{word}': an equals sign may only end a word, as '=' or '=?'.",
            _ => null,
        };
        return name;
    }
}
