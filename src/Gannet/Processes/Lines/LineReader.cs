using Gannet.Interop;

namespace Gannet;

/// <summary>
/// Runs commands, and divides what the last of them writes into lines. A line ends with LF, of which a CR before it is part; the last one
/// may end without. Nothing is read ahead of the reader but what is in the pipe and in one buffer, so the commands wait for a slow reader.
/// </summary>
internal sealed class LineReader : IDisposable
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';
    private const int FirstSize = Libc.PipeSize;

    private readonly CommandRun _run;
    private readonly long _limit;
    private readonly CancellationToken _cancellationToken;

    // From _start on are bytes that no line has taken, up to _end; those before _scanned hold no line end.
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(FirstSize);
    private int _start;
    private int _scanned;
    private int _end;
    private int _lineStart;
    private int _lineLength;
    private bool _wasFilled;
    private bool _isAtEnd;
    private bool _isOver;

    private LineReader(PipelineSettings line, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        _limit = line.Last.OutputLimit;
        _cancellationToken = cancellationToken;
        _run = new(line, PulledSink.Instance, errors: null, timeout, cancellationToken);
    }

    /// <summary>The line, until the next is read.</summary>
    public ReadOnlyMemory<byte> Line => _buffer.AsMemory(_lineStart, _lineLength);

    /// <summary>The line, until the next is read.</summary>
    public ReadOnlySpan<byte> Span => _buffer.AsSpan(_lineStart, _lineLength);

    /// <summary>How it ended; null before.</summary>
    public CommandResult? Result { get; private set; }

    /// <summary>Refuses what can't be read, before anything is started.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="InvalidOperationException">Standard output goes elsewhere.</exception>
    public static void Check(PipelineSettings line, TimeSpan? timeout)
    {
        _ = Deadline.After(timeout);
        CommandRunner.RequireFreeOutput(line);
    }

    /// <summary>Starts the commands.</summary>
    public static LineReader Start(PipelineSettings line, bool isAsync, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        LineReader reader = new(line, timeout, cancellationToken);
        try
        {
            reader._run.Start(isAsync);
            return reader;
        }
        catch
        {
            reader._run.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next line on the calling thread.</summary>
    /// <returns>Whether there is one; if not, all commands have ended, and <see cref="Result"/> is known.</returns>
    public bool Read() => TryTake() || SyncCall.Result(ReadOnAsync(isAsync: false));

    /// <summary>Reads the next line without a thread that waits.</summary>
    /// <returns>As <see cref="Read"/>.</returns>
    public ValueTask<bool> ReadAsync() => TryTake() ? new(true) : ReadOnAsync(isAsync: true);

    /// <summary>Ends commands whose reader does not want any more, if they have not ended.</summary>
    public async ValueTask CloseAsync(bool isAsync)
    {
        if (!_isOver)
        {
            Drop();
            _run.StopPulling();
            await FinishAsync(isAsync).ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="CloseAsync"/>, on the calling thread.</summary>
    public void Dispose()
    {
        ValueTask close = CloseAsync(isAsync: false);
        if (!close.IsCompletedSuccessfully)
        {
            close.AsTask().GetAwaiter().GetResult();
        }
    }

    // Looks at the token, whatever is there already: who cancels wants no more of it.
    private bool TryTake()
    {
        if (_cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        int length = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf(LineFeed);
        if (length < 0)
        {
            _scanned = _end;
            return _isAtEnd && _start < _end && Take(_end, _end);
        }

        int end = _scanned + length;
        return Take(end > _start && _buffer[end - 1] == CarriageReturn ? end - 1 : end, end + 1);
    }

    private bool Take(int end, int next)
    {
        _lineStart = _start;
        _lineLength = end - _start;
        _start = _scanned = next;
        if (_lineLength <= _limit)
        {
            return true;
        }

        StopAtLimit();
        return false;
    }

    private async ValueTask<bool> ReadOnAsync(bool isAsync)
    {
        DropIfCancelled();
        while (!_isAtEnd)
        {
            MakeRoom();
            if (_end - _start > _limit)
            {
                StopAtLimit();
                break;
            }

            int count = await _run.PullAsync(_buffer.AsMemory(_end), isAsync).ConfigureAwait(false);
            _end += count;
            _wasFilled = _end == _buffer.Length;
            _isAtEnd = count == 0;
            if (TryTake())
            {
                return true;
            }

            DropIfCancelled();
        }

        if (!_isOver)
        {
            await FinishAsync(isAsync).ConfigureAwait(false);
        }

        return false;
    }

    private void StopAtLimit()
    {
        _run.StopAtLimit();
        Drop();
    }

    private void DropIfCancelled()
    {
        if (!_isOver && _cancellationToken.IsCancellationRequested)
        {
            _run.CutOff();
            Drop();
        }
    }

    // There is no line any more, though some may have been read.
    private void Drop()
    {
        _start = _scanned = _end = _lineStart = _lineLength = 0;
        _isAtEnd = true;
    }

    // A buffer that one read has filled is too small for the pipe, and one that a part of a line fills for the line.
    private void MakeRoom()
    {
        int kept = _end - _start;
        bool isSmall = kept == _buffer.Length || (_wasFilled && _buffer.Length < Libc.WidePipeSize);
        byte[] target = isSmall ? GC.AllocateUninitializedArray<byte>((int)Math.Min(_buffer.Length * 2L, Array.MaxLength)) : _buffer;
        _buffer.AsSpan(_start, kept).CopyTo(target);
        (_buffer, _scanned, _start, _end) = (target, _scanned - _start, 0, kept);
    }

    private async ValueTask FinishAsync(bool isAsync)
    {
        _isOver = true;
        try
        {
            Result = await _run.FinishAsync(isAsync, result => result).ConfigureAwait(false);
        }
        finally
        {
            _run.Dispose();
        }
    }
}
