using Gannet.Tool.Prompt.Evaluating;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gannet.Tool.Prompt.Helping;

/// <summary>
/// An input that is nothing but <c>help(…)</c> or <c>dir(…)</c>. Types, namespaces and groups of methods can be asked about, which are no values
/// that a method could be given.
/// </summary>
/// <param name="Name">What is called.</param>
/// <param name="Argument">What is asked about; null for nothing.</param>
internal sealed record HelpCall(string Name, string? Argument)
{
    private static readonly string[] s_names = [nameof(PromptGlobals.help), nameof(PromptGlobals.dir)];

    /// <summary>Finds such a call; null when the input is something else.</summary>
    public static HelpCall? Find(string text)
    {
        if (Array.TrueForAll(s_names, name => !text.AsSpan().TrimStart().StartsWith(name)))
        {
            return null;
        }

        return InputText.Parse(text).GetCompilationUnitRoot().Members is
            [GlobalStatementSyntax { Statement: ExpressionStatementSyntax { Expression: InvocationExpressionSyntax { Expression: IdentifierNameSyntax name } call } }]
            && Array.IndexOf(s_names, name.Identifier.ValueText) >= 0
            && call.ArgumentList.Arguments.Count < 2
            ? new HelpCall(name.Identifier.ValueText, call.ArgumentList.Arguments.FirstOrDefault()?.Expression.ToString())
            : null;
    }
}
