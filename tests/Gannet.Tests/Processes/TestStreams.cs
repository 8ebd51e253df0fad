namespace Gannet.Tests.Processes;

/// <summary>A stream of which a test needs little.</summary>
internal abstract class TestStream : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>Fails at every read and every write.</summary>
internal sealed class BrokenStream : TestStream
{
    public override int Read(byte[] buffer, int offset, int count) => throw new InvalidDataException("broken");

    public override void Write(byte[] buffer, int offset, int count) => throw new InvalidDataException("broken");
}

/// <summary>Gives the same byte for ever.</summary>
internal sealed class EndlessStream : TestStream
{
    public override int Read(byte[] buffer, int offset, int count)
    {
        buffer.AsSpan(offset, count).Fill((byte)'x');
        return count;
    }
}

/// <summary>Gives and takes nothing until it is disposed, and hears of no cancellation.</summary>
internal sealed class BlockedStream : TestStream
{
    private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override int Read(byte[] buffer, int offset, int count) => _end.Task.GetAwaiter().GetResult();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(_end.Task);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(_end.Task);

    protected override void Dispose(bool disposing)
    {
        _end.TrySetResult(0);
        base.Dispose(disposing);
    }
}

/// <summary>Keeps the thread that reads or writes, also when it is not to wait, until it is disposed.</summary>
internal sealed class KeepingStream : TestStream
{
    private readonly ManualResetEventSlim _end = new();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _end.Wait(CancellationToken.None);
        return new(0);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _end.Wait(CancellationToken.None);
        return default;
    }

    protected override void Dispose(bool disposing)
    {
        _end.Set();
        base.Dispose(disposing);
    }
}

/// <summary>Tells that something is written to it, and keeps nothing.</summary>
internal sealed class HeedfulStream(Action onWrite) : TestStream
{
    public override void Write(byte[] buffer, int offset, int count) => onWrite();
}
