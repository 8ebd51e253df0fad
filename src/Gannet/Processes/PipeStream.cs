using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// This program's end of a pipe to or from a child. A synchronous call waits on its own thread, an asynchronous one on none.
/// Nothing is buffered: what is written is in the pipe. One read or write at a time. Disposed by another thread, a read or write that waits
/// fails.
/// </summary>
/// <remarks>The framework's own streams over a pipe park a thread of the pool per asynchronous read.</remarks>
internal sealed class PipeStream : Stream
{
    private readonly SafeFileHandle _end;
    private readonly FileAccess _access;
    private readonly EventWatch _watch;
    private readonly Lock _lock = new();

    // Readable once this is disposed, for a thread that waits; there is none before a thread does.
    private SafeFileHandle? _disposal;
    private bool _isWide;

    /// <summary>Takes over an end that does not block.</summary>
    public PipeStream(SafeFileHandle end, FileAccess access)
    {
        _end = end;
        _access = access;
        _watch = new(end);
    }

    /// <inheritdoc/>
    public override bool CanRead => _access is FileAccess.Read && !_end.IsClosed;

    /// <inheritdoc/>
    public override bool CanWrite => _access is FileAccess.Write && !_end.IsClosed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException("A pipe has no length.");

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException("A pipe has no position.");
        set => throw new NotSupportedException("A pipe has no position.");
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        Require(FileAccess.Read);
        int count;
        while ((count = Libc.TryReadAndWiden(_end, buffer, ref _isWide)) < 0)
        {
            Await(Libc.POLLIN, default);
        }

        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Require(FileAccess.Read);
        cancellationToken.ThrowIfCancellationRequested();
        int count;
        while ((count = Libc.TryReadAndWiden(_end, buffer.Span, ref _isWide)) < 0)
        {
            await _watch.WaitAsync(Libc.POLLIN, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer, CancellationToken.None);

    /// <summary>Writes on the calling thread, and gives up when the token is cancelled.</summary>
    public void Write(ReadOnlySpan<byte> buffer, CancellationToken cancellationToken)
    {
        Require(FileAccess.Write);
        using CancellationEvent cancellation = new(cancellationToken);
        while (!buffer.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Libc.TryWrite(_end, buffer);
            if (count < 0)
            {
                Await(Libc.POLLOUT, cancellation);
                continue;
            }

            buffer = buffer[count..];
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Require(FileAccess.Write);
        await _watch.WriteAllAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is held back.
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A pipe has no position.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("A pipe has no length.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _watch.Dispose();
            lock (_lock)
            {
                _end.Dispose();
                if (_disposal is not null)
                {
                    Libc.Raise(_disposal);
                    _disposal.Dispose();
                    _disposal = null;
                }
            }
        }

        base.Dispose(disposing);
    }

    private void Require(FileAccess access)
    {
        ObjectDisposedException.ThrowIf(_end.IsClosed, this);
        if (_access != access)
        {
            throw new NotSupportedException(access is FileAccess.Read ? "This is the end to write to." : "This is the end to read from.");
        }
    }

    private void Await(short events, in CancellationEvent cancellation)
    {
        using HeldDescriptor held = new(_end), disposal = ListenForDisposal();
        Span<PollEntry> entries = [held.Entry with { Events = events }, disposal.Entry, cancellation.Entry];
        if (held.IsHeld)
        {
            Libc.Poll(entries, milliseconds: -1);
        }
    }

    // Holds it before a dispose can close it: nothing would end the poll.
    private HeldDescriptor ListenForDisposal()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_end.IsClosed, this);
            try
            {
                return new(_disposal ??= Libc.EventFd());
            }
            catch (OsException)
            {
                // No descriptor is free (EMFILE): to wait is more than to hear of the end of waiting.
                return default;
            }
        }
    }
}
