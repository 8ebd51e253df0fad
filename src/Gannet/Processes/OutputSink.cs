using System.Buffers;
using Gannet.Interop;

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

/// <summary>Stands for an output that is read piece by piece, by <see cref="Conversation.PullAsync"/>.</summary>
internal sealed class PulledSink : OutputSink
{
    /// <summary>There is nothing to tell one from another by.</summary>
    public static PulledSink Instance { get; } = new();

    /// <inheritdoc/>
    public override Memory<byte> GetRoom() => throw new NotSupportedException("Whoever pulls has room of his own.");

    /// <inheritdoc/>
    public override ValueTask TakeAsync(Memory<byte> room, int count, bool isAsync, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Whoever pulls has room of his own.");
}

/// <summary>Drops the output.</summary>
internal sealed class DiscardSink : OutputSink
{
    private static readonly byte[] s_room = new byte[Libc.PipeSize];

    /// <summary>All may share it.</summary>
    public static DiscardSink Instance { get; } = new();

    /// <inheritdoc/>
    public override Memory<byte> GetRoom() => s_room;

    /// <inheritdoc/>
    public override ValueTask TakeAsync(Memory<byte> room, int count, bool isAsync, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;
}

/// <summary>Keeps the output in memory: what fits into a pipe in a lent piece of it, so that little outputs cost no more than they are.</summary>
/// <param name="limit">How many bytes may be kept at most; there is room for one more, which tells that there are more.</param>
internal sealed class BufferSink(long limit) : OutputSink, IDisposable
{
    private byte[] _buffer = [];
    private int _count;
    private bool _isLent;

    /// <summary>What has come, until this is disposed.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _count);

    /// <summary>What has come, for good.</summary>
    public ReadOnlyMemory<byte> Kept => _isLent ? Written.ToArray() : _buffer.AsMemory(0, _count);

    /// <inheritdoc/>
    public override Memory<byte> GetRoom()
    {
        if (_buffer.Length == 0)
        {
            (_buffer, _isLent) = (ArrayPool<byte>.Shared.Rent(Libc.PipeSize), true);
        }
        else if (_count == _buffer.Length)
        {
            byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(_buffer.Length * 2L, Array.MaxLength));
            Written.CopyTo(larger);
            GiveBack();
            _buffer = larger;
        }

        return _buffer.AsMemory(_count, (int)Math.Min(_buffer.Length - _count, limit + 1 - _count));
    }

    /// <inheritdoc/>
    public override ValueTask TakeAsync(Memory<byte> room, int count, bool isAsync, CancellationToken cancellationToken)
    {
        _count += count;
        return ValueTask.CompletedTask;
    }

    /// <summary>Gives back what was lent.</summary>
    public void Dispose()
    {
        GiveBack();
        (_buffer, _count) = ([], 0);
    }

    private void GiveBack()
    {
        if (_isLent)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _isLent = false;
        }
    }
}

/// <summary>Writes the output to a stream of the caller's.</summary>
internal sealed class StreamSink(Stream stream) : OutputSink
{
    private const int ChunkSize = Libc.PipeSize;

    private readonly byte[] _chunk = new byte[ChunkSize];

    /// <summary>One for an output that is a stream; null for any other.</summary>
    public static StreamSink? TryCreate(Stdio? output) => output?.Source is Stream stream ? new(stream) : null;

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
