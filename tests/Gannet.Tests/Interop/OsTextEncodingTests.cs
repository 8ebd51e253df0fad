using System.Text;
using FsCheck.Xunit;
using Gannet.Interop;

namespace Gannet.Tests.Interop;

public class OsTextEncodingTests
{
    private static readonly byte[] s_awkward = [0x41, 0xC3, 0xA4, 0xE2, 0x82, 0xAC, 0xF0, 0x9D, 0x84, 0x9E, 0xFF, 0xED, 0xB2, 0x80, 0xF4, 0x90, 0, 0xE2, 0x82];

    [Property(MaxTest = 1000)]
    public bool Any_bytes_in_any_pieces_are_the_text_that_they_are_in_one(byte[] pattern, byte[] sizes)
    {
        byte[] bytes = [.. pattern.SelectMany(number => s_awkward[(number % s_awkward.Length)..Math.Min(s_awkward.Length, (number % s_awkward.Length) + 1 + (number % 3))])];
        string whole = OsText.Decode(bytes);
        return Decode(bytes, sizes) == whole && Encode(whole, sizes).AsSpan().SequenceEqual(bytes);
    }

    [Fact]
    public void A_reader_and_a_writer_give_back_every_byte()
    {
        byte[] bytes = new byte[200_000];
        new Random(1).NextBytes(bytes);
        using StreamReader reader = new(new MemoryStream(bytes), OsTextEncoding.Instance, detectEncodingFromByteOrderMarks: false, bufferSize: 128);
        string text = reader.ReadToEnd();
        using MemoryStream written = new();
        using (StreamWriter writer = new(written, OsTextEncoding.Instance, bufferSize: 128, leaveOpen: true))
        {
            writer.Write(text);
        }

        Assert.Equal(OsText.Decode(bytes), text);
        Assert.Equal(bytes, written.ToArray());
    }

    [Fact]
    public void The_functions_for_a_whole_text_do_the_same()
    {
        string text = OsTextEncoding.Instance.GetString(s_awkward);
        Assert.Equal(OsText.Decode(s_awkward), text);
        Assert.Equal(text.Length, OsTextEncoding.Instance.GetCharCount(s_awkward));
        Assert.Equal(s_awkward, OsTextEncoding.Instance.GetBytes(text));
        Assert.Equal(s_awkward.Length, OsTextEncoding.Instance.GetByteCount(text));
        Assert.Empty(OsTextEncoding.Instance.GetPreamble());
    }

    [Theory]
    [InlineData(0xD800)]
    [InlineData(0xDC41)]
    public void Half_a_surrogate_pair_that_stands_for_no_byte_is_refused(int unit) =>
        Assert.ThrowsAny<ArgumentException>(() => OsTextEncoding.Instance.GetBytes("a" + (char)unit));

    private static string Decode(byte[] bytes, byte[] sizes)
    {
        Decoder decoder = OsTextEncoding.Instance.GetDecoder();
        StringBuilder text = new();
        for (int at = 0, i = 0; at < bytes.Length || i == 0; i++)
        {
            int size = Math.Min(bytes.Length - at, 1 + (sizes.Length == 0 ? 0 : sizes[i % sizes.Length] % 5));
            char[] piece = new char[OsTextEncoding.Instance.GetMaxCharCount(size)];
            bool isLast = at + size == bytes.Length;
            text.Append(piece, 0, decoder.GetChars(bytes, at, size, piece, 0, isLast));
            at += size;
        }

        return text.ToString();
    }

    private static byte[] Encode(string text, byte[] sizes)
    {
        Encoder encoder = OsTextEncoding.Instance.GetEncoder();
        List<byte> bytes = [];
        for (int at = 0, i = 0; at < text.Length || i == 0; i++)
        {
            int size = Math.Min(text.Length - at, 1 + (sizes.Length == 0 ? 0 : sizes[i % sizes.Length] % 5));
            byte[] piece = new byte[OsTextEncoding.Instance.GetMaxByteCount(size)];
            bool isLast = at + size == text.Length;
            bytes.AddRange(piece[..encoder.GetBytes(text.AsSpan(at, size), piece, isLast)]);
            at += size;
        }

        return [.. bytes];
    }
}
