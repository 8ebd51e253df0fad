using System.Buffers;

namespace Gannet;

/// <summary>Where the output of a child goes that is read here.</summary>
internal abstract class OutputSink
{
    /// <summary>Room for the next read.</summary>
    public abstract Memory<byte> GetRoom();

    /// <summary>Takes what has been read into that room.</summary>
    /// <param name="room">The room.</param>
    /// <param name="count">How many bytes of it.</param>
    /// <param name="isAsync">Whether to wait without a thread.</param>
    public abstract ValueTask TakeAsync(Memory<byte> room, int count, bool isAsync);
}

/// <summary>Keeps the output in memory.</summary>
internal sealed class BufferSink : OutputSink
{
    // The pages of a pipe; small outputs, most of all, fit.
    private const int FirstSize = 4096;
    private const int LeastRoom = 512;

    private readonly ArrayBufferWriter<byte> _buffer = new(FirstSize);

    /// <summary>What has come.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <inheritdoc/>
    public override Memory<byte> GetRoom() => _buffer.GetMemory(LeastRoom);

    /// <inheritdoc/>
    public override ValueTask TakeAsync(Memory<byte> room, int count, bool isAsync)
    {
        _buffer.Advance(count);
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
    public override ValueTask TakeAsync(Memory<byte> room, int count, bool isAsync)
    {
        if (isAsync)
        {
            return stream.WriteAsync(room[..count]);
        }

        stream.Write(room.Span[..count]);
        return ValueTask.CompletedTask;
    }
}
