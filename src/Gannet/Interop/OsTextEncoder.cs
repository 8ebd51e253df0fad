using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Gannet.Interop;

/// <summary>Text as bytes of the system, piece by piece; see <see cref="OsTextEncoding"/>.</summary>
internal sealed class OsTextEncoder : Encoder
{
    private const char FirstEscape = '\uDC80';
    private const char LastEscape = '\uDCFF';
    private const char EscapeBase = '\uDC00';

    // The first half of a surrogate pair, whose second one is in the next piece.
    private char? _half;

    /// <inheritdoc/>
    public override void Reset() => _half = null;

    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count, bool flush) =>
        new OsTextEncoder { _half = _half }.GetBytes(chars.AsSpan(index, count), new byte[Encoding.UTF8.GetMaxByteCount(count)], flush);

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex, bool flush) =>
        GetBytes(chars.AsSpan(charIndex, charCount), bytes.AsSpan(byteIndex), flush);

    /// <inheritdoc/>
    /// <exception cref="EncoderFallbackException">Half a surrogate pair that stands for no byte.</exception>
    public override int GetBytes(ReadOnlySpan<char> chars, Span<byte> bytes, bool flush)
    {
        int written = JoinHalves(ref chars, bytes, flush);
        while (!chars.IsEmpty)
        {
            OperationStatus status = Utf8.FromUtf16(chars, bytes[written..], out int read, out int count, replaceInvalidSequences: false, flush);
            chars = chars[read..];
            written += count;
            switch (status)
            {
                case OperationStatus.Done:
                    break;
                case OperationStatus.NeedMoreData:
                    _half = chars[0];
                    return written;
                case OperationStatus.InvalidData:
                    bytes[written++] = ByteOf(chars[0]);
                    chars = chars[1..];
                    break;
                default:
                    throw new ArgumentException("There is no room for the bytes.", nameof(bytes));
            }
        }

        return written;
    }

    private int JoinHalves(ref ReadOnlySpan<char> chars, Span<byte> bytes, bool flush)
    {
        if (_half is not { } first || (chars.IsEmpty && !flush))
        {
            return 0;
        }

        _half = null;
        if (chars.IsEmpty || !Rune.TryCreate(first, chars[0], out Rune rune))
        {
            throw HalfAPair(first);
        }

        chars = chars[1..];
        return rune.EncodeToUtf8(bytes);
    }

    private static byte ByteOf(char escape) => escape is >= FirstEscape and <= LastEscape
        ? (byte)(escape - EscapeBase)
        : throw HalfAPair(escape);

    private static EncoderFallbackException HalfAPair(char half) =>
        new($"The text holds half a surrogate pair (U+{(int)half:X4}), which stands for no byte.");
}
