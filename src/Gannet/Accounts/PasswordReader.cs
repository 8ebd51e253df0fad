using System.Runtime.Versioning;
using System.Text;
using Gannet.Interop;

namespace Gannet;

/// <summary>Reads one line from a terminal that does not echo.</summary>
/// <param name="terminal">The terminal.</param>
/// <param name="input">Where to read.</param>
/// <param name="output">Where to write.</param>
/// <param name="question">What to ask.</param>
/// <param name="echoCharacter">What to show for each letter; null when the terminal does the editing and nothing is shown.</param>
[SupportedOSPlatform("linux")]
internal sealed class PasswordReader(QuietTerminal terminal, int input, int output, byte[] question, char? echoCharacter)
{
    // The longest line that a terminal hands out.
    private const int ReadSize = 4096;
    private const byte Backspace = 8;
    private const byte Delete = 127;

    private readonly byte[] _echo = echoCharacter is { } character ? Encoding.UTF8.GetBytes([character]) : [];

    /// <summary>Asks, and reads to the end of the line.</summary>
    public Secret Read(CancellationToken cancellationToken)
    {
        Secret answer = new();
        try
        {
            Ask(answer);
            while (!ReadSome(answer, cancellationToken))
            {
            }

            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private void Ask(Secret answer)
    {
        Libc.WriteAll(output, question);
        if (_echo is not [])
        {
            Show(Letters(answer.AsSpan()));
        }
    }

    /// <summary>Reads what has been typed; true when the line has ended.</summary>
    private bool ReadSome(Secret answer, CancellationToken cancellationToken)
    {
        terminal.AwaitInput(() => Ask(answer), cancellationToken);
        int before = answer.Length;
        int count = Libc.Read(input, answer.Extend(_echo is [] ? ReadSize : 1));
        answer.Truncate(before + count);
        if (count is 0)
        {
            return End(answer);
        }

        return _echo is [] ? TakeLine(answer) : Edit(answer);
    }

    private static bool End(Secret answer) =>
        answer.Length > 0 ? true : throw new EndOfStreamException("The input ended where a password was expected.");

    private static bool TakeLine(Secret answer)
    {
        if (answer.AsSpan() is not [.., (byte)'\n'])
        {
            return false;
        }

        answer.Truncate(answer.Length - 1);
        return true;
    }

    /// <summary>Acts on the last byte typed, as the terminal would.</summary>
    private bool Edit(Secret answer)
    {
        byte typed = answer.AsSpan()[^1];
        ReadOnlySpan<byte> special = terminal.SpecialCharacters;
        if (typed is (byte)'\n' or (byte)'\r')
        {
            answer.Truncate(answer.Length - 1);
            return true;
        }

        if (Is(typed, special[Libc.VEOF]))
        {
            answer.Truncate(answer.Length - 1);
            return End(answer);
        }

        if (Is(typed, special[Libc.VERASE]) || typed is Backspace or Delete)
        {
            answer.Truncate(answer.Length - 1);
            Erase(answer, 1);
        }
        else if (Is(typed, special[Libc.VKILL]))
        {
            answer.Truncate(answer.Length - 1);
            Erase(answer, Letters(answer.AsSpan()));
        }
        else if (IsLetter(typed))
        {
            Show(1);
        }

        return false;
    }

    // A terminal that has no such key has a zero there.
    private static bool Is(byte typed, byte special) => typed != 0 && typed == special;

    private void Erase(Secret answer, int letters)
    {
        for (int i = 0; i < letters && answer.Length > 0; i++)
        {
            int length = answer.Length - 1;
            while (length > 0 && !IsLetter(answer.AsSpan()[length]))
            {
                length--;
            }

            answer.Truncate(length);
            Libc.WriteAll(output, "\b \b"u8);
        }
    }

    private void Show(int letters)
    {
        for (int i = 0; i < letters; i++)
        {
            Libc.WriteAll(output, _echo);
        }
    }

    private static int Letters(ReadOnlySpan<byte> text)
    {
        int letters = 0;
        foreach (byte unit in text)
        {
            letters += IsLetter(unit) ? 1 : 0;
        }

        return letters;
    }

    // The further bytes of a letter in UTF-8 are 10xxxxxx.
    private static bool IsLetter(byte unit) => (unit & 0xC0) != 0x80;
}
