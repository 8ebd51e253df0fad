using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>One compiled input.</summary>
/// <param name="Run">Runs it; the task's result is its value.</param>
/// <param name="Declares">Whether it stays for later inputs to refer to.</param>
/// <param name="IsSingleVariable">Whether all that it declares is one variable, which does not come to be when it fails.</param>
/// <param name="Value">The expression that it ends with; null when it ends with none, or with an assignment.</param>
/// <param name="Compilation">What later inputs are compiled against if it declares.</param>
internal sealed record Input(
    Func<object?[], Task<object?>>? Run, bool Declares, bool IsSingleVariable, ExpressionSyntax? Value, CSharpCompilation Compilation);
