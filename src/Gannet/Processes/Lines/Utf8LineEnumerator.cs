namespace Gannet;

/// <summary>Commands that run, and the line of theirs at which their reader is; for one thread at a time.</summary>
public sealed class Utf8LineEnumerator : IDisposable
{
    private readonly LineReader _reader;
    private bool _hasLeft;

    internal Utf8LineEnumerator(LineReader reader) => _reader = reader;

    /// <summary>The line without its end; the bytes are good until the next <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Current => _reader.Span;

    /// <summary>How the commands ended; null before. Of a reader that left before, what that has brought about.</summary>
    public CommandResult? Result => _reader.Result;

    /// <summary>Reads the next line, and waits for it.</summary>
    /// <returns>Whether there is one; if not, the commands have ended. False after <see cref="Dispose"/>.</returns>
    /// <exception cref="CommandFailedException">They have ended, and were no success.</exception>
    /// <exception cref="CommandTimeoutException">The time was over; they have been ended.</exception>
    /// <exception cref="CommandCanceledException">The token was cancelled; they have been ended.</exception>
    /// <exception cref="OutputLimitException">A line is longer than <see cref="Command.WithOutputLimit"/> allows; they have been ended.</exception>
    public bool MoveNext()
    {
        if (_reader.Read())
        {
            return true;
        }

        if (!_hasLeft)
        {
            _reader.Result?.EnsureSuccess();
        }

        return false;
    }

    /// <summary>Ends commands that still run: closes the pipe, so that who writes gets SIGPIPE, and does what <see cref="Command.WithTermination"/>
    /// says; waits for their end.</summary>
    public void Dispose()
    {
        _hasLeft = true;
        _reader.Dispose();
    }
}
