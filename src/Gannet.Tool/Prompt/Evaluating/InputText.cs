using Gannet.Tool.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>What can be said of an input before it is compiled.</summary>
internal static class InputText
{
    private const string SemicolonExpected = "CS1002";
    private const string NewlineInConstant = "CS1010";

    /// <summary>How inputs are read; also where a script of <c>-i</c> is one.</summary>
    public static CSharpParseOptions ParseOptions { get; } =
        new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.None, SourceCodeKind.Script)
            .WithPreprocessorSymbols(ScriptCompiler.SdkConstants())
            // Warnings are not told, so nothing need be known about null.
            .WithFeatures([new("FileBasedProgram", "true"), new("run-nullable-analysis", "never")]);

    /// <summary>An input as it is compiled, with what traces and errors call it.</summary>
    public static SyntaxTree Parse(string text, string path) =>
        CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), ParseOptions, path);

    public static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, ParseOptions);

    /// <summary>Whether nothing more has to be typed, by the compiler's own judgement. Two empty lines end an input that has
    /// no end, so that its error is told.</summary>
    public static bool IsComplete(string text) =>
        EndsWithEmptyLines(text) || IsComplete(Parse(text)) || LacksSemicolon(text) || HasBrokenLine(text);

    /// <summary>Adds the last semicolon of a declaration, which may be left out as that of an expression may.</summary>
    public static string Finish(string text) => !IsComplete(Parse(text)) && LacksSemicolon(text) ? AddSemicolon(text) : text;

    /// <summary>The expression whose value an input ends with; null when there is none.</summary>
    public static ExpressionSyntax? FindValue(SyntaxTree tree) =>
        tree.GetCompilationUnitRoot().Members.LastOrDefault() is GlobalStatementSyntax
        {
            Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true, Expression: not AssignmentExpressionSyntax } statement,
        }
            ? statement.Expression
            : null;

    /// <summary>Whether it declares something for all to see, by its form; variables within an expression are not seen here.</summary>
    public static bool HasDeclaration(SyntaxTree tree) =>
        BringsNamesIntoScope(tree) || tree.GetCompilationUnitRoot().Members.Any(member => member is not GlobalStatementSyntax);

    /// <summary>Whether it brings into scope what has been declared elsewhere.</summary>
    public static bool BringsNamesIntoScope(SyntaxTree tree)
    {
        CompilationUnitSyntax root = tree.GetCompilationUnitRoot();
        return root.Usings.Count > 0 || root.Externs.Count > 0 || root.GetReferenceDirectives().Count > 0 || root.GetLoadDirectives().Count > 0;
    }

    private static bool EndsWithEmptyLines(string text) =>
        text.Split('\n') is [_, .., var last, var end] && string.IsNullOrWhiteSpace(last) && string.IsNullOrWhiteSpace(end);

    private static bool IsComplete(SyntaxTree tree) => SyntaxFactory.IsCompleteSubmission(tree);

    // A string that its own line does not end can't be mended by any further one.
    private static bool HasBrokenLine(string text) =>
        Parse(text).GetDiagnostics().Any(error => error.Id == NewlineInConstant && text.AsSpan(error.Location.SourceSpan.Start).Contains('\n'));

    // An unfinished "if (x)" lacks more than its semicolon, and a string without an end more than that.
    private static bool LacksSemicolon(string text) =>
        Parse(text) is var tree
        && tree.GetDiagnostics().ToList() is [{ Id: SemicolonExpected }]
        && !tree.GetRoot().DescendantNodes().OfType<BaseMethodDeclarationSyntax>().Any(method => method is { Body: null, ExpressionBody: null })
        && tree.GetRoot().GetLastToken(includeZeroWidth: true).GetPreviousToken(includeZeroWidth: true) is { IsMissing: true, RawKind: (int)SyntaxKind.SemicolonToken }
        && !Parse(AddSemicolon(text)).GetDiagnostics().Any();

    // Ahead of a comment that ends the line.
    private static string AddSemicolon(string text) => text.Insert(Parse(text).GetRoot().GetLastToken().Span.End, ";");
}
