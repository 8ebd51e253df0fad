using Microsoft.CodeAnalysis;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>An input that does not compile.</summary>
internal sealed class InputException(IReadOnlyList<Diagnostic> errors) : Exception
{
    public override string Message { get; } = string.Join('\n', errors.Select(error => error.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));

    public IReadOnlyList<Diagnostic> Errors { get; } = errors;
}
