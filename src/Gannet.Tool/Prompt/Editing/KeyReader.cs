using System.Text;

namespace Gannet.Tool.Prompt.Editing;

/// <summary>Makes keys of the bytes that a terminal sends: letters in UTF-8, control characters, and the escape sequences of xterm and its kin.</summary>
internal sealed class KeyReader(RawTerminal terminal)
{
    private const byte Escape = 0x1B;
    private const byte Delete = 0x7F;
    private const byte CtrlC = 3;
    private const string PasteStart = "200~";
    private const string PasteEnd = "\e[201~";
    private const int LongestSequence = 16;

    // How long the rest of a sequence may take; what comes later is the escape key and something else.
    private const int SequenceTime = 50;

    /// <summary>Waits for the next key.</summary>
    public EditorKey Read()
    {
        return terminal.ReadByte(Timeout.Infinite) switch
        {
            RawTerminal.Woken => new(EditorCommand.Redraw),
            RawTerminal.Continued => new(EditorCommand.Resume),
            RawTerminal.Interrupted => new(EditorCommand.Interrupt),
            RawTerminal.Ended => new(EditorCommand.HangUp),
            Escape => ReadSequence(),
            var key => key is < ' ' or Delete ? new(OfControl((byte)key)) : ReadLetter((byte)key),
        };
    }

    private static EditorCommand OfControl(byte control) => control switch
    {
        1 => EditorCommand.LineStart,
        2 => EditorCommand.Left,
        3 => EditorCommand.Interrupt,
        4 => EditorCommand.EndOfInput,
        5 => EditorCommand.LineEnd,
        6 => EditorCommand.Right,
        7 => EditorCommand.GiveUp,
        8 or Delete => EditorCommand.EraseLeft,
        9 => EditorCommand.Complete,
        10 or 13 => EditorCommand.Submit,
        11 => EditorCommand.EraseToEnd,
        12 => EditorCommand.ClearScreen,
        14 => EditorCommand.NextEntry,
        16 => EditorCommand.PreviousEntry,
        18 => EditorCommand.Search,
        20 => EditorCommand.Transpose,
        21 => EditorCommand.EraseToStart,
        23 => EditorCommand.EraseWordLeft,
        25 => EditorCommand.Yank,
        26 => EditorCommand.Suspend,
        _ => EditorCommand.None,
    };

    private EditorKey ReadLetter(byte first)
    {
        int length = first switch { < 0x80 => 1, < 0xC0 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 };
        Span<byte> bytes = stackalloc byte[length];
        bytes[0] = first;
        for (int i = 1; i < length; i++)
        {
            int next = terminal.ReadByte(SequenceTime);
            if (next < 0)
            {
                bytes = bytes[..i];
                break;
            }

            bytes[i] = (byte)next;
        }

        return new(EditorCommand.Insert, Encoding.UTF8.GetString(bytes));
    }

    private EditorKey ReadSequence()
    {
        int next = terminal.ReadByte(SequenceTime);
        return next switch
        {
            '[' => OfSequence(ReadParameters()),
            'O' => OfSequence(((char)terminal.ReadByte(SequenceTime)).ToString()),
            '\r' or '\n' => new(EditorCommand.NewLine),
            'b' or 'B' => new(EditorCommand.WordLeft),
            'f' or 'F' => new(EditorCommand.WordRight),
            'd' or 'D' => new(EditorCommand.EraseWordRight),
            8 or Delete => new(EditorCommand.EraseWordLeft),
            _ => default,
        };
    }

    // Up to the letter or tilde that ends it.
    private string ReadParameters()
    {
        StringBuilder sequence = new();
        while (sequence.Length < LongestSequence && terminal.ReadByte(SequenceTime) is >= 0 and int next)
        {
            sequence.Append((char)next);
            if (next is >= '@' and <= '~')
            {
                break;
            }
        }

        return sequence.ToString();
    }

    private EditorKey OfSequence(string sequence) => sequence switch
    {
        "A" => new(EditorCommand.Up),
        "B" => new(EditorCommand.Down),
        "C" => new(EditorCommand.Right),
        "D" => new(EditorCommand.Left),
        "H" or "1~" or "7~" => new(EditorCommand.LineStart),
        "F" or "4~" or "8~" => new(EditorCommand.LineEnd),
        "3~" => new(EditorCommand.EraseRight),
        "1;5C" or "1;3C" => new(EditorCommand.WordRight),
        "1;5D" or "1;3D" => new(EditorCommand.WordLeft),
        "3;5~" => new(EditorCommand.EraseWordRight),
        PasteStart => ReadPaste(),
        _ => default,
    };

    private EditorKey ReadPaste()
    {
        List<byte> bytes = [];
        byte[] end = Encoding.ASCII.GetBytes(PasteEnd);
        int wait = Timeout.Infinite;
        while (terminal.ReadByte(wait) is var next && next != RawTerminal.Ended)
        {
            if (next is RawTerminal.Late)
            {
                // It was typed, and the mark at the end has got lost.
                return new(EditorCommand.Interrupt);
            }

            wait = next == CtrlC ? SequenceTime : Timeout.Infinite;
            if (next is RawTerminal.Woken or RawTerminal.Interrupted or RawTerminal.Continued)
            {
                continue;
            }

            bytes.Add((byte)next);
            if (bytes.Count >= end.Length && bytes.TakeLast(end.Length).SequenceEqual(end))
            {
                bytes.RemoveRange(bytes.Count - end.Length, end.Length);
                break;
            }
        }

        return new(EditorCommand.Paste, Clean(Encoding.UTF8.GetString([.. bytes])));
    }

    // Terminals send the end of a line as the return key. All else is of the text: control characters in it are no keys.
    private static string Clean(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}
