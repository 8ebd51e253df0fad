using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>
/// <c>file class X</c>, a type that only its own file sees. In C#'s scripting dialect all types are nested ones, which can't be such; here the word
/// is left out, since a type of the same name in another file is another one in any case, and the later one counts.
/// </summary>
internal static class FileTypes
{
    private const string Word = "file";

    /// <summary>Makes such types ordinary ones: every letter stays in its place.</summary>
    public static string Rewrite(string text)
    {
        if (!text.Contains(Word, StringComparison.Ordinal))
        {
            return text;
        }

        List<TextChange> changes =
        [
            .. InputText.Parse(text).GetCompilationUnitRoot().Members
                .OfType<MemberDeclarationSyntax>()
                .SelectMany(member => member.Modifiers)
                .Where(word => word.IsKind(SyntaxKind.FileKeyword))
                .Select(word => new TextChange(word.Span, new string(' ', word.Span.Length))),
        ];
        return changes.Count == 0 ? text : SourceText.From(text).WithChanges(changes).ToString();
    }
}
