using System.Text;
using FsCheck.Xunit;
using Gannet.Interop;

namespace Gannet.Tests.Interop;

public class OsTextTests
{
    [Property(MaxTest = 2000)]
    public bool Any_bytes_come_back_as_they_went_in(byte[] bytes)
    {
        byte[] withoutNul = [.. bytes.Where(b => b != 0)];
        return OsText.Encode(OsText.Decode(withoutNul)).AsSpan().SequenceEqual(withoutNul);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("café € 𝄞")]
    [InlineData("")]
    public void Valid_UTF8_is_decoded_as_UTF8(string text) =>
        Assert.Equal(text, OsText.Decode(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_byte_that_is_no_UTF8_becomes_a_lone_surrogate_as_in_PEP_383() =>
        Assert.Equal("caf\udce9", OsText.Decode([(byte)'c', (byte)'a', (byte)'f', 0xE9]));

    [Fact]
    public void An_encoded_surrogate_is_no_UTF8_and_escapes_byte_by_byte() =>
        Assert.Equal("\udced\udcb2\udc80", OsText.Decode([0xED, 0xB2, 0x80]));

    [Fact]
    public void A_NUL_is_refused() =>
        Assert.Throws<ArgumentException>("name", () => OsText.Encode("a\0b", "name"));

    [Theory]
    [InlineData(0xD800)]
    [InlineData(0xDC41)]
    public void Half_a_surrogate_pair_that_stands_for_no_byte_is_refused(int unit) =>
        Assert.Throws<ArgumentException>(() => OsText.Encode("a" + (char)unit));

    [Fact]
    public void Null_is_refused_and_not_taken_for_an_empty_text()
    {
        Assert.Throws<ArgumentNullException>("name", () => OsText.Encode(null!, "name"));
        Assert.Throws<ArgumentNullException>("name", () => OsText.EncodeTerminated(null!, "name"));
    }

    [Fact]
    public void A_terminated_string_ends_in_one_NUL() =>
        Assert.Equal("ab\0"u8.ToArray(), OsText.EncodeTerminated("ab"));
}
