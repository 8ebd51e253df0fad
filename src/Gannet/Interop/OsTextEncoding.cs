using System.Text;

namespace Gannet.Interop;

/// <summary>
/// <see cref="OsText"/> for readers and writers: UTF-8 in which a byte that is part of no character is a lone surrogate, U+DC80 to
/// U+DCFF, and returns as that byte. A character may lie across two pieces. There is no byte order mark.
/// </summary>
internal sealed class OsTextEncoding : Encoding
{
    /// <summary>The one there is.</summary>
    public static OsTextEncoding Instance { get; } = new();

    /// <inheritdoc/>
    public override string EncodingName => "UTF-8 with surrogate escapes";

    /// <inheritdoc/>
    public override string WebName => "utf-8";

    /// <inheritdoc/>
    public override int GetMaxByteCount(int charCount) => UTF8.GetMaxByteCount(charCount);

    /// <inheritdoc/>
    /// <remarks>No byte is more than one unit of UTF-16, and those that an earlier piece has left come with it.</remarks>
    public override int GetMaxCharCount(int byteCount) => byteCount + OsTextDecoder.MostHeldBack;

    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count) => new OsTextEncoder().GetByteCount(chars, index, count, flush: true);

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        new OsTextEncoder().GetBytes(chars, charIndex, charCount, bytes, byteIndex, flush: true);

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) => new OsTextDecoder().GetCharCount(bytes, index, count, flush: true);

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        new OsTextDecoder().GetChars(bytes, byteIndex, byteCount, chars, charIndex, flush: true);

    /// <inheritdoc/>
    public override Decoder GetDecoder() => new OsTextDecoder();

    /// <inheritdoc/>
    public override Encoder GetEncoder() => new OsTextEncoder();
}
