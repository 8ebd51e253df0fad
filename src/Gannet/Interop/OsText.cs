using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Gannet.Interop;

/// <summary>
/// The operating system's bytes as strings and back: UTF-8, where a byte that is not part of valid UTF-8 becomes the lone
/// surrogate U+DC80 to U+DCFF and returns as that byte. This is CPython's <c>os.fsdecode</c>/<c>os.fsencode</c> (PEP 383,
/// "surrogateescape"), so a name that another program wrote in Latin-1 survives the trip through a C# string.
/// </summary>
internal static class OsText
{
    private const char FirstEscape = '\uDC80';
    private const char LastEscape = '\uDCFF';
    private const char EscapeBase = '\uDC00';

    /// <summary>Decodes bytes of the system; never fails and loses nothing.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        // Nearly every text of the system is ASCII.
        return AsciiText.TryDecode(bytes, out string? text) ? text : DecodeBeyondAscii(bytes);
    }

    /// <summary>Decodes a NUL-terminated string of the system.</summary>
    public static unsafe string Decode(byte* text) =>
        Decode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    /// <summary>The bytes of <paramref name="text"/>, without a terminating NUL.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null; an empty text is something else.</exception>
    /// <exception cref="ArgumentException">The text holds a NUL, which the system would take for its end, or half a
    /// surrogate pair that stands for no byte.</exception>
    public static byte[] Encode(string text, string? parameterName = null)
    {
        ArgumentNullException.ThrowIfNull(text, parameterName);
        byte[] bytes = new byte[GetByteCount(text, parameterName)];
        Encode(text, bytes);
        return bytes;
    }

    /// <summary>The bytes of <paramref name="text"/> and a terminating NUL, as the C library wants a string.</summary>
    /// <exception cref="ArgumentNullException">As <see cref="Encode(string, string?)"/>.</exception>
    /// <exception cref="ArgumentException">As <see cref="Encode(string, string?)"/>.</exception>
    public static byte[] EncodeTerminated(string text, string? parameterName = null)
    {
        ArgumentNullException.ThrowIfNull(text, parameterName);
        byte[] bytes = new byte[GetByteCount(text, parameterName) + 1];
        Encode(text, bytes);
        return bytes;
    }

    /// <summary>How many bytes <see cref="Encode(ReadOnlySpan{char}, Span{byte})"/> writes; refuses what it can't write.</summary>
    /// <exception cref="ArgumentException">As <see cref="Encode(string, string?)"/>.</exception>
    public static int GetByteCount(ReadOnlySpan<char> text, string? parameterName = null)
    {
        if (text.Contains('\0'))
        {
            throw new ArgumentException("The text holds a NUL character, at which the operating system would cut it off.", parameterName);
        }

        return CountBytes(text, parameterName);
    }

    /// <summary>The bytes of a text that is the content of a file or pipe, where a NUL is a character like any other.</summary>
    /// <exception cref="ArgumentException">Half a surrogate pair that stands for no byte.</exception>
    public static byte[] EncodeContent(string text, string? parameterName = null)
    {
        byte[] bytes = new byte[CountBytes(text, parameterName)];
        Encode(text, bytes);
        return bytes;
    }

    /// <summary>Whether every letter of a text stands for bytes.</summary>
    public static bool IsEncodable(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            return true;
        }

        while (!text.IsEmpty)
        {
            bool isWhole = Rune.DecodeFromUtf16(text, out _, out int consumed) == OperationStatus.Done;
            if (!isWhole && text[0] is not (>= FirstEscape and <= LastEscape))
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }

    private static int CountBytes(ReadOnlySpan<char> text, string? parameterName)
    {
        if (Ascii.IsValid(text))
        {
            return text.Length;
        }

        int count = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int consumed) == OperationStatus.Done)
            {
                count += rune.Utf8SequenceLength;
            }
            else if (text[0] is >= FirstEscape and <= LastEscape)
            {
                count++;
            }
            else
            {
                throw new ArgumentException($"The text holds half a surrogate pair (U+{(int)text[0]:X4}), which stands for no byte.", parameterName);
            }

            text = text[consumed..];
        }

        return count;
    }

    /// <summary>Writes the bytes of a text that <see cref="GetByteCount"/> has accepted; returns their number.</summary>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        // Stops at the first letter beyond ASCII.
        Ascii.FromUtf16(text, destination, out int written);
        text = text[written..];
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int consumed) == OperationStatus.Done)
            {
                written += rune.EncodeToUtf8(destination[written..]);
            }
            else
            {
                destination[written++] = (byte)(text[0] - EscapeBase);
            }

            text = text[consumed..];
        }

        return written;
    }

    private static string DecodeBeyondAscii(ReadOnlySpan<byte> bytes)
    {
        // UTF-16 never needs more units than UTF-8 has bytes.
        char[] rented = ArrayPool<char>.Shared.Rent(bytes.Length);
        try
        {
            return new string(rented, 0, Decode(bytes, rented));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static int Decode(ReadOnlySpan<byte> bytes, Span<char> destination)
    {
        int written = 0;
        while (!bytes.IsEmpty)
        {
            // All that is good, many bytes at a time.
            Utf8.ToUtf16(bytes, destination[written..], out int read, out int count, replaceInvalidSequences: false);
            written += count;
            bytes = bytes[read..];
            if (bytes.IsEmpty)
            {
                break;
            }

            // One escape per byte, so that the way back needs no knowledge of why the sequence was bad.
            Rune.DecodeFromUtf8(bytes, out _, out int bad);
            for (int i = 0; i < bad; i++)
            {
                destination[written++] = (char)(EscapeBase + bytes[i]);
            }

            bytes = bytes[bad..];
        }

        return written;
    }
}
