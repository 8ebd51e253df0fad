namespace Gannet.Options;

/// <summary>The errors of a command line, in the words of CPython's <c>getopt</c>.</summary>
internal static class OptionErrors
{
    public static GetOptException LetterNotRecognized(ReadOnlySpan<char> letter) =>
        new($"option -{letter} not recognized", letter.ToString(), GetOptErrorKind.NotRecognized);

    public static GetOptException WordNotRecognized(ReadOnlySpan<char> typed) =>
        new($"option --{typed} not recognized", typed.ToString(), GetOptErrorKind.NotRecognized);

    public static GetOptException Ambiguous(ReadOnlySpan<char> typed) =>
        new($"option --{typed} not a unique prefix", typed.ToString(), GetOptErrorKind.Ambiguous);

    public static GetOptException LetterRequiresValue(ReadOnlySpan<char> letter) =>
        new($"option -{letter} requires argument", letter.ToString(), GetOptErrorKind.MissingValue);

    public static GetOptException WordRequiresValue(ReadOnlySpan<char> word) =>
        new($"option --{word} requires argument", word.ToString(), GetOptErrorKind.MissingValue);

    public static GetOptException UnexpectedValue(ReadOnlySpan<char> word) =>
        new($"option --{word} must not have an argument", word.ToString(), GetOptErrorKind.UnexpectedValue);
}
