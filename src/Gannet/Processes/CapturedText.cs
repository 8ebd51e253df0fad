namespace Gannet;

/// <summary>A command that has been run to its end, and what it wrote, as text.</summary>
public sealed class CapturedText : CommandResult
{
    internal CapturedText(CommandResult result, string output, string error)
        : base(result)
    {
        Output = output;
        Error = error;
    }

    /// <summary>What it wrote to standard output, and to standard error when that was merged: UTF-8, in which a byte that is part of no
    /// character is a lone surrogate U+DC80 to U+DCFF, as everywhere in Gannet. Line ends are as they came.</summary>
    public string Output { get; }

    /// <summary>What it wrote to standard error; empty when that was merged or went elsewhere.</summary>
    public string Error { get; }

    /// <inheritdoc/>
    public override CapturedText EnsureSuccess()
    {
        base.EnsureSuccess();
        return this;
    }

    /// <inheritdoc/>
    internal override string? LastWords => LastLine(Error) ?? LastLine(Output);

    private static string? LastLine(string text)
    {
        string line = text.TrimEnd();
        line = line[(line.LastIndexOf('\n') + 1)..];
        return line is "" ? null : line;
    }
}
