namespace Gannet;

/// <summary>
/// The lines that commands write, as bytes, without a string for each: <c>foreach (ReadOnlySpan&lt;byte&gt; line in command.Utf8Lines())</c>.
/// The commands are run when that begins, anew each time.
/// </summary>
public sealed class Utf8Lines
{
    private readonly PipelineSettings _line;
    private readonly TimeSpan? _timeout;
    private readonly CancellationToken _cancellationToken;

    internal Utf8Lines(PipelineSettings line, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        LineReader.Check(line, timeout);
        (_line, _timeout, _cancellationToken) = (line, timeout, cancellationToken);
    }

    /// <summary>Starts the commands.</summary>
    /// <returns>What reads their lines. Dispose it, as <c>foreach</c> does: commands that still run are ended by that.</returns>
    /// <exception cref="OsException">As <see cref="Command.Start"/>.</exception>
    /// <exception cref="InvalidOperationException">A standard stream is a pipe that nobody would use.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before.</exception>
    public Utf8LineEnumerator GetEnumerator() => new(LineReader.Start(_line, isAsync: false, _timeout, _cancellationToken));
}
