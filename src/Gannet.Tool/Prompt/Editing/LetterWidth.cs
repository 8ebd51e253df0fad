using System.Globalization;
using System.Text;

namespace Gannet.Tool.Prompt.Editing;

/// <summary>
/// How many columns of a terminal a letter takes: two for what East Asian scripts and emoji are written with, none for marks that join the letter
/// before. From Unicode's EastAsianWidth, the ranges W and F, as wcwidth(3) and its kin have it.
/// </summary>
internal static class LetterWidth
{
    private const int EmojiMark = 0xFE0F;

    private static readonly (int First, int Last)[] s_wide =
    [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x2329, 0x232A), (0x23E9, 0x23EC), (0x23F0, 0x23F0), (0x23F3, 0x23F3), (0x25FD, 0x25FE),
        (0x2614, 0x2615), (0x2630, 0x2637), (0x2648, 0x2653), (0x267F, 0x267F), (0x268A, 0x268F), (0x2693, 0x2693), (0x26A1, 0x26A1),
        (0x26AA, 0x26AB), (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26CE, 0x26CE), (0x26D4, 0x26D4), (0x26EA, 0x26EA), (0x26F2, 0x26F3),
        (0x26F5, 0x26F5), (0x26FA, 0x26FA), (0x26FD, 0x26FD), (0x2705, 0x2705), (0x270A, 0x270B), (0x2728, 0x2728), (0x274C, 0x274C),
        (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757), (0x2795, 0x2797), (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2B1B, 0x2B1C),
        (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4DC0, 0x9FFF), (0xA000, 0xA4CF),
        (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE10, 0xFE19), (0xFE30, 0xFE6F), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6),
        (0x16FE0, 0x18D08), (0x1AFF0, 0x1B2FB), (0x1D300, 0x1D376), (0x1F004, 0x1F004), (0x1F0CF, 0x1F0CF), (0x1F18E, 0x1F18E),
        (0x1F191, 0x1F19A), (0x1F200, 0x1F320), (0x1F32D, 0x1F335), (0x1F337, 0x1F37C), (0x1F37E, 0x1F393), (0x1F3A0, 0x1F3CA),
        (0x1F3CF, 0x1F3D3), (0x1F3E0, 0x1F3F0), (0x1F3F4, 0x1F3F4), (0x1F3F8, 0x1F43E), (0x1F440, 0x1F440), (0x1F442, 0x1F4FC),
        (0x1F4FF, 0x1F53D), (0x1F54B, 0x1F54E), (0x1F550, 0x1F567), (0x1F57A, 0x1F57A), (0x1F595, 0x1F596), (0x1F5A4, 0x1F5A4),
        (0x1F5FB, 0x1F64F), (0x1F680, 0x1F6C5), (0x1F6CC, 0x1F6CC), (0x1F6D0, 0x1F6D2), (0x1F6D5, 0x1F6D7), (0x1F6DC, 0x1F6DF),
        (0x1F6EB, 0x1F6EC), (0x1F6F4, 0x1F6FC), (0x1F7E0, 0x1F7EB), (0x1F7F0, 0x1F7F0), (0x1F90C, 0x1F93A), (0x1F93C, 0x1F945),
        (0x1F947, 0x1F9FF), (0x1FA70, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>The width of one text element: of its first letter, two when a mark makes it an emoji.</summary>
    public static int Of(ReadOnlySpan<char> element)
    {
        Rune.DecodeFromUtf16(element, out Rune first, out _);
        return element.Length > 1 && element[1..].Contains((char)EmojiMark) ? 2 : Of(first);
    }

    /// <summary>The width of a whole text, in which the sequences that colour it take nothing.</summary>
    public static int OfText(ReadOnlySpan<char> text)
    {
        int width = 0;
        for (int place = 0; place < text.Length;)
        {
            int length = SequenceLength(text[place..]);
            if (length == 0)
            {
                length = StringInfo.GetNextTextElementLength(text[place..]);
                width += Of(text.Slice(place, length));
            }

            place += length;
        }

        return width;
    }

    /// <summary>The beginning of a text that fits into so many columns.</summary>
    public static string Cut(string text, int columns)
    {
        int width = 0, place = 0;
        while (place < text.Length)
        {
            int length = StringInfo.GetNextTextElementLength(text, place);
            width += Of(text.AsSpan(place, length));
            if (width > columns)
            {
                return text[..place];
            }

            place += length;
        }

        return text;
    }

    private static int Of(Rune letter)
    {
        if (letter.Value < 0x300)
        {
            return Rune.IsControl(letter) ? 0 : 1;
        }

        if (Rune.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
        {
            return 0;
        }

        int place = Array.BinarySearch(s_wide, (letter.Value, int.MaxValue));
        place = place < 0 ? ~place - 1 : place;
        return place >= 0 && letter.Value <= s_wide[place].Last ? 2 : 1;
    }

    // ESC [ … letter.
    private static int SequenceLength(ReadOnlySpan<char> text)
    {
        if (text is not ['\e', '[', ..])
        {
            return 0;
        }

        int end = text[2..].IndexOfAnyInRange('@', '~');
        return end < 0 ? text.Length : end + 3;
    }
}
