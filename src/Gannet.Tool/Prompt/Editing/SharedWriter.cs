using System.Text;

namespace Gannet.Tool.Prompt.Editing;

/// <summary>The program's way to a <see cref="SharedTerminal"/>.</summary>
/// <param name="terminal">The terminal.</param>
/// <param name="straight">The console's own writer.</param>
internal sealed class SharedWriter(SharedTerminal terminal, TextWriter straight) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => straight.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            terminal.Write(straight, value);
        }
    }

    // In one piece, or the line would be drawn anew twice.
    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + NewLine);

    /// <inheritdoc/>
    public override void Flush() => straight.Flush();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            straight.Dispose();
        }

        base.Dispose(disposing);
    }
}
