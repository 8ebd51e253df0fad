using System.Text;
using Gannet.Interop;

namespace Gannet.Tests.Interop;

public class AsciiTextTests
{
    private const int LongestText = 100;

    [Fact]
    public void Ascii_of_any_length_is_decoded()
    {
        byte[] letters = [.. Enumerable.Range(0, LongestText).Select(i => (byte)(i * 7 % 128))];
        for (int length = 0; length <= LongestText; length++)
        {
            Assert.True(AsciiText.TryDecode(letters.AsSpan(0, length), out string? text));
            Assert.Equal(Encoding.ASCII.GetString(letters, 0, length), text);
        }
    }

    [Fact]
    public void One_byte_beyond_ascii_is_found_wherever_it_stands()
    {
        for (int length = 1; length <= LongestText; length++)
        {
            for (int index = 0; index < length; index++)
            {
                byte[] letters = new byte[length];
                letters[index] = 128;
                Assert.False(AsciiText.TryDecode(letters, out _), $"byte {index} of {length}");
            }
        }
    }
}
