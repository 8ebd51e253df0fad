namespace Gannet;

/// <summary>Where the output of a child goes that is read here.</summary>
internal abstract class OutputSink
{
    /// <summary>Room for the next read.</summary>
    /// <exception cref="OutOfMemoryException">There is none.</exception>
    public abstract Memory<byte> GetRoom();

    /// <summary>Takes what has been read into that room.</summary>
    /// <param name="room">The room.</param>
    /// <param name="count">How many bytes of it.</param>
    /// <param name="isAsync">Whether to wait without a thread.</param>
    /// <param name="cancellationToken">Gives up waiting, if that is done without a thread.</param>
    public abstract ValueTask TakeAsync(Memory<byte> room, int count, bool isAsync, CancellationToken cancellationToken);
}

/// <summary>Keeps the output in memory.</summary>
/// <param name="limit">How many bytes may be kept at most; there is room for one more, which tells that there are more.</param>
internal sealed class BufferSink(long limit) : OutputSink
{
    private const int FirstSize = 4096;

    private byte[] _buffer = [];
    private int _count;

    /// <summary>What has come.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _count);

    /// <inheritdoc/>
    public override Memory<byte> GetRoom()
    {
        if (_count == _buffer.Length)
        {
            long wanted = Math.Max(FirstSize, _buffer.Length * 2L);
            Array.Resize(ref _buffer, (int)Math.Min(wanted, limit + 1));
        }

        return _buffer.AsMemory(_count);
    }

    /// <inheritdoc/>
    public override ValueTask TakeAsync(Memory<byte> room, int count, bool isAsync, CancellationToken cancellationToken)
    {
        _count += count;
        return ValueTask.CompletedTask;
    }
}

/// <summary>Writes the output to a stream of the caller's.</summary>
internal sealed class StreamSink(Stream stream) : OutputSink
{
    private const int ChunkSize = 65536;

    private readonly byte[] _chunk = new byte[ChunkSize];

    /// <inheritdoc/>
    public override Memory<byte> GetRoom() => _chunk;

    /// <inheritdoc/>
    public override ValueTask TakeAsync(Memory<byte> room, int count, bool isAsync, CancellationToken cancellationToken)
    {
        if (isAsync)
        {
            // A stream may take no notice of the token; it is then left alone with the chunk, which nobody uses again.
            return new(stream.WriteAsync(room[..count], cancellationToken).AsTask().WaitAsync(cancellationToken));
        }

        stream.Write(room.Span[..count]);
        return ValueTask.CompletedTask;
    }
}
