using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>
/// <c>using var x = …;</c> at the top of an input. C#'s scripting dialect takes the word for the beginning of a directive; here it declares an
/// ordinary variable of the session, which is handed over to be disposed at the end.
/// </summary>
internal static class UsingDeclarations
{
    private const string Word = "using";

    // Programs have such declarations at their top, scripts don't.
    private static readonly CSharpParseOptions s_options = InputText.ParseOptions.WithKind(SourceCodeKind.Regular);

    /// <summary>Makes such declarations ordinary ones, and hands their variables over.</summary>
    public static string Rewrite(string text) => Change(text, declaration => Blank(declaration).Append(HandOver(declaration)));

    /// <summary>Makes such declarations ordinary ones alone: every letter stays in its place.</summary>
    public static string MakeOrdinary(string text) => Change(text, Blank);

    private static string Change(string text, Func<LocalDeclarationStatementSyntax, IEnumerable<TextChange>> changes)
    {
        if (!text.Contains(Word, StringComparison.Ordinal))
        {
            return text;
        }

        List<LocalDeclarationStatementSyntax> declarations =
        [
            .. CSharpSyntaxTree.ParseText(text, s_options).GetCompilationUnitRoot().Members
                .OfType<GlobalStatementSyntax>()
                .Select(member => member.Statement)
                .OfType<LocalDeclarationStatementSyntax>()
                .Where(statement => statement.UsingKeyword.IsKind(SyntaxKind.UsingKeyword)),
        ];
        return declarations.Count == 0 ? text : SourceText.From(text).WithChanges(declarations.SelectMany(changes)).ToString();
    }

    private static IEnumerable<TextChange> Blank(LocalDeclarationStatementSyntax declaration) =>
        new[] { declaration.AwaitKeyword, declaration.UsingKeyword }
            .Where(word => word.Span.Length > 0)
            .Select(word => new TextChange(word.Span, new string(' ', word.Span.Length)));

    private static TextChange HandOver(LocalDeclarationStatementSyntax declaration)
    {
        string method = declaration.AwaitKeyword.Span.Length > 0 ? nameof(PromptGlobals.__awaitUsing) : nameof(PromptGlobals.__using);
        IEnumerable<string> calls = declaration.Declaration.Variables.Select(variable => $"{method}({variable.Identifier.Text});");
        string end = declaration.SemicolonToken.IsMissing ? ";" : "";
        return new TextChange(new TextSpan(declaration.Span.End, 0), end + string.Concat(calls));
    }
}
