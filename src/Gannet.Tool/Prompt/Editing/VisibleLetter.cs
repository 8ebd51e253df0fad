namespace Gannet.Tool.Prompt.Editing;

/// <summary>
/// What stands on the terminal for a letter of the text: itself, but for those that a terminal would obey. A paste may have them in it, most of all
/// in what it has in quotes.
/// </summary>
internal static class VisibleLetter
{
    private const int TabWidth = 4;
    private const char FirstPicture = '\u2400';
    private const char PictureOfDelete = '\u2421';
    private const char PictureOfNewline = '\u2424';
    private const char Unknown = '\uFFFD';

    private static readonly string s_blanks = new(' ', TabWidth);

    /// <summary>What is shown: for a tab the blanks to the next stop, for a control character Unicode's picture of it.</summary>
    /// <param name="element">The letter.</param>
    /// <param name="column">How many columns there are before it in its line.</param>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> element, int column) => element[0] switch
    {
        '\t' => s_blanks.AsSpan(column % TabWidth),
        < ' ' and var control => Picture((char)(FirstPicture + control)),
        '\u007F' => Picture(PictureOfDelete),
        '\u0085' or '\u2028' or '\u2029' => Picture(PictureOfNewline),
        >= '\u0080' and < '\u00A0' => Picture(Unknown),
        _ => element,
    };

    private static ReadOnlySpan<char> Picture(char picture) => new string(picture, 1);
}
