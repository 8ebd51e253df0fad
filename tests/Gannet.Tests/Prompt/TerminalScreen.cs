using System.Globalization;
using System.Text;

namespace Gannet.Tests.Prompt;

/// <summary>What a terminal shows after the bytes that it was sent: the letters, the cursor, and the control sequences that the prompt uses. Any
/// other sequence fails. Rows that have scrolled out at the top are kept.</summary>
internal sealed class TerminalScreen(int columns, int height)
{
    private int _columns = columns;
    private readonly List<string[]> _rows = [new string[columns]];
    private readonly StringBuilder _sequence = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private const int TabWidth = 8;

    private bool _isInSequence;
    private bool _isFull;

    public int Row { get; private set; }

    public int Column { get; private set; }

    /// <summary>How often the editor has begun to read an input, which it tells by asking for marks around pastes.</summary>
    public int Inputs { get; private set; }

    /// <summary>Whether it has drawn all that it began to draw.</summary>
    public bool IsDrawn { get; private set; }

    /// <summary>All rows, without the blanks at their ends.</summary>
    public IReadOnlyList<string> Rows => [.. _rows.Select(row => string.Concat(row.Select(cell => cell ?? " ")).TrimEnd())];

    public string Text => string.Join('\n', Rows).TrimEnd('\n');

    private int Top => Math.Max(_rows.Count - height, 0);

    /// <summary>Gets another width, and breaks the rows that are too long for it, as terminals that keep their text do. Only for letters of one
    /// column.</summary>
    public void Resize(int width)
    {
        List<string[]> broken = [];
        (int row, int column) = (0, Column);
        for (int i = 0; i < _rows.Count; i++)
        {
            row = i == Row ? broken.Count + Column / width : row;
            column = i == Row ? Column % width : column;
            int length = Math.Max(Array.FindLastIndex(_rows[i], cell => cell is not (null or " ")) + 1, 1);
            for (int start = 0; start < length; start += width)
            {
                string[] cells = new string[width];
                Array.Copy(_rows[i], start, cells, 0, Math.Min(width, _rows[i].Length - start));
                broken.Add(cells);
            }
        }

        _rows.Clear();
        _rows.AddRange(broken);
        (Row, Column, _columns, _isFull) = (row, column, width, false);
        while (_rows.Count <= Row)
        {
            _rows.Add(new string[width]);
        }
    }

    public void Show(ReadOnlySpan<byte> bytes)
    {
        char[] letters = new char[bytes.Length + 1];
        int count = _decoder.GetChars(bytes, letters, flush: false);
        for (int place = 0; place < count;)
        {
            int length = _isInSequence || letters[place] < ' ' ? 1 : StringInfo.GetNextTextElementLength(letters.AsSpan(place, count - place));
            Show(new string(letters, place, length));
            place += length;
        }
    }

    private void Show(string letter)
    {
        if (_isInSequence)
        {
            Continue(letter[0]);
            return;
        }

        switch (letter)
        {
            case "\e":
                _isInSequence = true;
                break;
            case "\r":
                (Column, _isFull) = (0, false);
                break;
            case "\n":
                NextRow();
                break;
            case "\t":
                Column = Math.Min((Column / TabWidth + 1) * TabWidth, _columns - 1);
                break;
            case "\a":
                break;
            default:
                Put(letter);
                break;
        }
    }

    private void Put(string letter)
    {
        int width = Width(letter);
        if (_isFull || Column + width > _columns)
        {
            Column = 0;
            NextRow();
        }

        _rows[Row][Column] = letter;
        if (width == 2)
        {
            _rows[Row][Column + 1] = "";
        }

        // Behind the last column the cursor waits for the next letter.
        _isFull = Column + width >= _columns;
        Column = Math.Min(Column + width, _columns - 1);
    }

    private static int Width(string letter) => letter[0] is >= '\u2E80' and < '\uA4CF' or >= '\uAC00' and < '\uD7A4' || char.IsHighSurrogate(letter[0]) ? 2 : 1;

    private void NextRow()
    {
        _isFull = false;
        if (++Row == _rows.Count)
        {
            _rows.Add(new string[_columns]);
        }
    }

    private void Continue(char letter)
    {
        _sequence.Append(letter);
        // ESC [ … letter; or ESC and one letter, the mode of the keypad.
        bool isShort = _sequence[0] != '[';
        if (isShort || (_sequence.Length > 1 && letter is >= '@' and <= '~'))
        {
            if (!isShort)
            {
                Obey(_sequence.ToString());
            }

            _sequence.Clear();
            _isInSequence = false;
        }
    }

    private void Obey(string sequence)
    {
        char command = sequence[^1];
        int count = int.TryParse(sequence[1..^1], CultureInfo.InvariantCulture, out int number) ? number : 1;
        switch (command)
        {
            case 'A':
                (Row, _isFull) = (Math.Max(Row - count, Top), false);
                break;
            case 'B':
                (Row, _isFull) = (Math.Min(Row + count, _rows.Count - 1), false);
                break;
            case 'C':
                (Column, _isFull) = (Math.Min(Column + count, _columns - 1), false);
                break;
            case 'H':
                (Row, Column, _isFull) = (Top, 0, false);
                break;
            case 'K':
                Array.Clear(_rows[Row], Column, _columns - Column);
                break;
            case 'J' when sequence == "[2J":
                _rows.Skip(Top).ToList().ForEach(Array.Clear);
                break;
            case 'J':
                Array.Clear(_rows[Row], Column, _columns - Column);
                _rows.Skip(Row + 1).ToList().ForEach(Array.Clear);
                break;
            case 'm':
                break;
            case 'h' or 'l':
                Switch(sequence);
                break;
            default:
                throw new InvalidOperationException($"A sequence that this terminal does not know: ESC {sequence}");
        }
    }

    private void Switch(string sequence)
    {
        switch (sequence)
        {
            case "[?2004h":
                Inputs++;
                IsDrawn = false;
                break;
            case "[?25h":
                IsDrawn = true;
                break;
            case "[?25l":
                IsDrawn = false;
                break;
        }
    }
}
