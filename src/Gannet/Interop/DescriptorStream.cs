namespace Gannet.Interop;

/// <summary>
/// A descriptor by its number, unbuffered: whatever stands behind the number at the moment is read or written, at the position that
/// it shares with every other holder. <see cref="FileStream"/> keeps a position of its own, which a child would not see.
/// The number stays its owner's to close.
/// </summary>
internal sealed class DescriptorStream(int descriptor, FileAccess access) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => access is FileAccess.Read;

    /// <inheritdoc/>
    public override bool CanWrite => access is FileAccess.Write;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => CanRead ? Libc.Read(descriptor, buffer) : throw new NotSupportedException();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!CanWrite)
        {
            throw new NotSupportedException();
        }

        Libc.WriteAll(descriptor, buffer);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is held back.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
