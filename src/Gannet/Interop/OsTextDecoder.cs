using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Gannet.Interop;

/// <summary>Bytes of the system as text, piece by piece; see <see cref="OsTextEncoding"/>.</summary>
internal sealed class OsTextDecoder : Decoder
{
    /// <summary>The beginning of a character, of up to four bytes, at the end of a piece.</summary>
    public const int MostHeldBack = 3;

    private const char EscapeBase = '\uDC00';

    private readonly byte[] _heldBack = new byte[MostHeldBack];
    private int _heldCount;

    /// <inheritdoc/>
    public override void Reset() => _heldCount = 0;

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) => GetCharCount(bytes, index, count, flush: false);

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count, bool flush)
    {
        OsTextDecoder copy = new() { _heldCount = _heldCount };
        _heldBack.CopyTo(copy._heldBack, 0);
        return copy.GetChars(bytes.AsSpan(index, count), new char[count + MostHeldBack], flush);
    }

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes, byteIndex, byteCount, chars, charIndex, flush: false);

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex, bool flush) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex), flush);

    /// <inheritdoc/>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars, bool flush)
    {
        int written = FinishHeldBack(ref bytes, chars, flush);
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Utf8.ToUtf16(bytes, chars[written..], out int read, out int count, replaceInvalidSequences: false, flush);
            bytes = bytes[read..];
            written += count;
            switch (status)
            {
                case OperationStatus.Done:
                    break;
                case OperationStatus.NeedMoreData:
                    bytes.CopyTo(_heldBack);
                    _heldCount = bytes.Length;
                    return written;
                case OperationStatus.InvalidData:
                    _ = Rune.DecodeFromUtf8(bytes, out _, out int bad);
                    written += Escape(bytes[..bad], chars[written..]);
                    bytes = bytes[bad..];
                    break;
                default:
                    throw new ArgumentException("There is no room for the text.", nameof(chars));
            }
        }

        return written;
    }

    // Byte by byte, until what was held back is a character, or can't become one.
    private int FinishHeldBack(ref ReadOnlySpan<byte> bytes, Span<char> chars, bool flush)
    {
        Span<byte> room = stackalloc byte[MostHeldBack + 1];
        int written = 0;
        while (_heldCount > 0)
        {
            Span<byte> piece = room;
            int added = Math.Min(bytes.Length, piece.Length - _heldCount);
            _heldBack.AsSpan(0, _heldCount).CopyTo(piece);
            bytes[..added].CopyTo(piece[_heldCount..]);
            piece = piece[..(_heldCount + added)];
            OperationStatus status = Rune.DecodeFromUtf8(piece, out Rune rune, out int used);
            if (status is OperationStatus.NeedMoreData && !flush)
            {
                piece.CopyTo(_heldBack);
                _heldCount = piece.Length;
                bytes = bytes[added..];
                return written;
            }

            written += status is OperationStatus.Done ? rune.EncodeToUtf16(chars[written..]) : Escape(piece[..used], chars[written..]);
            int usedOfHeld = Math.Min(used, _heldCount);
            _heldBack.AsSpan(usedOfHeld, _heldCount - usedOfHeld).CopyTo(_heldBack);
            _heldCount -= usedOfHeld;
            bytes = bytes[(used - usedOfHeld)..];
        }

        return written;
    }

    private static int Escape(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            chars[i] = (char)(EscapeBase + bytes[i]);
        }

        return bytes.Length;
    }
}
