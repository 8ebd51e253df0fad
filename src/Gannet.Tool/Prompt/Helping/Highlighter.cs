using Gannet.Tool.Prompt.Evaluating;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gannet.Tool.Prompt.Helping;

/// <summary>Colours of C#, by what each word is to the compiler's scanner.</summary>
internal static class Highlighter
{
    private const byte Keyword = 34;
    private const byte Text = 32;
    private const byte Number = 35;
    private const byte Comment = 90;

    /// <summary>The colour of each letter, a number for "ESC [ … m"; 0 for the usual one.</summary>
    public static byte[] Colour(string text)
    {
        byte[] colours = new byte[text.Length];
        foreach (SyntaxToken token in InputText.Parse(text).GetRoot().DescendantTokens(descendIntoTrivia: true))
        {
            Paint(colours, token.Span.Start, token.Span.End, ColourOf(token));
            foreach (SyntaxTrivia trivia in token.LeadingTrivia.Concat(token.TrailingTrivia))
            {
                Paint(colours, trivia.Span.Start, trivia.Span.End, ColourOf(trivia));
            }
        }

        return colours;
    }

    private static void Paint(byte[] colours, int start, int end, byte colour)
    {
        if (colour != 0)
        {
            colours.AsSpan(start, Math.Min(end, colours.Length) - start).Fill(colour);
        }
    }

    private static byte ColourOf(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.InterpolatedStringTextToken
            or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedStringEndToken or SyntaxKind.InterpolatedVerbatimStringStartToken
            or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
            or SyntaxKind.InterpolatedSingleLineRawStringStartToken or SyntaxKind.InterpolatedMultiLineRawStringStartToken
            or SyntaxKind.InterpolatedRawStringEndToken or SyntaxKind.Utf8StringLiteralToken => Text,
        SyntaxKind.NumericLiteralToken => Number,
        _ => token.IsKeyword() || token.IsContextualKeyword() ? Keyword : (byte)0,
    };

    private static byte ColourOf(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia) ? Comment : (byte)0;
}
