using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>
/// The value of an input that can be no object, and thus neither be shown nor kept: a span, another <c>ref struct</c>, a pointer. Something that
/// stands for it takes its place.
/// </summary>
internal static class HeapValue
{
    /// <summary>Puts what stands for such a value into an input; false when it ends with none.</summary>
    public static bool TryRewrite(CSharpCompilation input, [NotNullWhen(true)] out CSharpCompilation? rewritten)
    {
        rewritten = null;
        SyntaxTree tree = input.SyntaxTrees[^1];
        if (InputText.FindValue(tree) is not { } value
            || input.GetSemanticModel(tree).GetTypeInfo(value).Type is not { } type
            || Represent(type, value.ToString()) is not { } text)
        {
            return false;
        }

        SourceText changed = tree.GetText().WithChanges(new TextChange(value.Span, text));
        rewritten = input.ReplaceSyntaxTree(tree, InputText.Parse(changed.ToString(), tree.FilePath));
        return true;
    }

    private static string? Represent(ITypeSymbol type, string value) => type switch
    {
        // A lambda, because an expression alone can't be unsafe code.
        IPointerTypeSymbol or IFunctionPointerTypeSymbol => $"((global::System.Func<nint>)(() => {{ unsafe {{ return (nint)({value}); }} }}))()",
        INamedTypeSymbol { Name: nameof(Span<>) or nameof(ReadOnlySpan<>), IsRefLikeType: true, ContainingNamespace.Name: nameof(System), TypeArguments: [var element] } =>
            $"({value})." + (element.SpecialType is SpecialType.System_Char ? nameof(ToString) : nameof(Span<>.ToArray)) + "()",
        { IsRefLikeType: true } when HasText(type) => $"({value}).{nameof(ToString)}()",
        _ => null,
    };

    // That of ValueType takes an object.
    private static bool HasText(ITypeSymbol type) =>
        type.GetMembers(nameof(ToString)).Any(member => member is IMethodSymbol { IsOverride: true, Parameters.IsEmpty: true });
}
