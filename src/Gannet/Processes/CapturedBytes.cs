using Gannet.Interop;

namespace Gannet;

/// <summary>A command that has been run to its end, and what it wrote, as bytes.</summary>
public sealed class CapturedBytes : CommandResult
{
    internal CapturedBytes(CommandResult result, ReadOnlyMemory<byte> output, ReadOnlyMemory<byte> error)
        : base(result)
    {
        Output = output;
        Error = error;
    }

    /// <summary>What it wrote to standard output, and to standard error when that was merged.</summary>
    public ReadOnlyMemory<byte> Output { get; }

    /// <summary>What it wrote to standard error; empty when that was merged or went elsewhere.</summary>
    public ReadOnlyMemory<byte> Error { get; }

    /// <inheritdoc/>
    public override CapturedBytes EnsureSuccess()
    {
        base.EnsureSuccess();
        return this;
    }

    /// <inheritdoc/>
    internal override string? LastWords => ToText().LastWords;

    /// <summary>The same as text.</summary>
    internal CapturedText ToText() => new(this, OsText.Decode(Output.Span), OsText.Decode(Error.Span));
}
