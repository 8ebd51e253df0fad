using Gannet.Tool.Prompt.Editing;
using Gannet.Tool.Prompt.Evaluating;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gannet.Tool.Prompt.Helping;

/// <summary>Finds what could be meant by a name that is half typed, by asking the compiler what is in scope there.</summary>
internal sealed class Completer(InputCompiler compiler)
{
    /// <summary>What could be meant by the letters before a place of a text.</summary>
    public Completion Complete(string text, int caret)
    {
        int start = caret;
        while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] == '_'))
        {
            start--;
        }

        string typed = text[start..caret];
        // A name in the place of the one that is not there yet makes the rest a whole expression.
        (SemanticModel model, SyntaxTree tree, int place) = compiler.Understand(text[..start] + (typed.Length == 0 ? "x" : typed), start);
        SyntaxToken token = tree.GetRoot().FindToken(place);
        if (token.SpanStart != place || !token.IsKind(SyntaxKind.IdentifierToken) && !token.IsKeyword())
        {
            return new Completion(start, []);
        }

        bool isMember = IsBehindDot(text, start);
        IEnumerable<ISymbol> symbols = isMember ? Members(model, token) : model.LookupSymbols(place);
        IEnumerable<CompletionItem> items = symbols
            .Where(symbol => symbol.CanBeReferencedByName && symbol.Name.StartsWith(typed, StringComparison.Ordinal) && !(symbol.ContainingType?.Name == nameof(PromptGlobals) && symbol.Name.StartsWith("__", StringComparison.Ordinal)))
            .GroupBy(symbol => symbol.Name, StringComparer.Ordinal)
            .Select(group => new CompletionItem(group.Key, () => Documentation.SummaryLine(group.First(), model.Compilation)));
        if (!isMember)
        {
            items = items.Concat(Keywords(typed));
        }

        return new Completion(start, [.. items.DistinctBy(item => item.Name, StringComparer.Ordinal).OrderBy(item => item.Name, StringComparer.Ordinal)]);
    }

    private static bool IsBehindDot(string text, int start) => start > 0 && text[start - 1] == '.' && text.AsSpan(0, start) is not [.., '.', '.'];

    private static IEnumerable<ISymbol> Members(SemanticModel model, SyntaxToken name)
    {
        ExpressionSyntax? owner = name.Parent?.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            QualifiedNameSyntax qualified => qualified.Left,
            MemberBindingExpressionSyntax { Parent: { } parent } => parent.AncestorsAndSelf().OfType<ConditionalAccessExpressionSyntax>().FirstOrDefault()?.Expression,
            _ => null,
        };
        if (owner is null)
        {
            return [];
        }

        ISymbol? symbol = model.GetSymbolInfo(owner).Symbol;
        if (symbol is INamespaceOrTypeSymbol container)
        {
            return model.LookupSymbols(name.SpanStart, container).Where(member => member.IsStatic || member is INamespaceOrTypeSymbol);
        }

        return model.GetTypeInfo(owner).Type is { TypeKind: not TypeKind.Error } type
            ? model.LookupSymbols(name.SpanStart, type, includeReducedExtensionMethods: true).Where(member => !member.IsStatic && member is not ITypeSymbol)
            : [];
    }

    private static IEnumerable<CompletionItem> Keywords(string typed) => typed.Length == 0
        ? []
        : SyntaxFacts.GetKeywordKinds().Select(SyntaxFacts.GetText)
            .Where(word => word.StartsWith(typed, StringComparison.Ordinal) && word.All(char.IsAsciiLetterLower))
            .Select(word => new CompletionItem(word, () => null));
}
