using System.Globalization;
using System.Text;

namespace Gannet.Tool.Prompt.Editing;

/// <summary>The rows of the terminal that the editor has drawn, and how they become others.</summary>
internal sealed class EditorScreen(RawTerminal terminal, SharedTerminal shared)
{
    private const string ClearRow = "\e[K";
    private const string ClearBelow = "\e[J";
    private const string ClearAll = "\e[H\e[2J";
    private const string CursorOff = "\e[?25l";
    private const string CursorOn = "\e[?25h";
    private const int TabWidth = 8;

    // What was drawn last, null for nothing; how wide its rows are, on a terminal of how many columns, and where the caret is among them.
    private Layout? _drawn;
    private int[] _widths = [];
    private int _columns;
    private int _caretRow;
    private int _caretColumn;

    // The line above that the program has written a part of, and may go on with.
    private string _unfinished = "";

    /// <summary>Goes to the beginning of a row of its own: a program may have left the cursor in the middle of one. So many
    /// blanks as the terminal is wide end in the next row exactly then.</summary>
    public void Begin() => shared.Draw(() =>
    {
        Forget();
        RawTerminal.Write(new string(' ', terminal.Size.Columns) + "\r" + ClearRow);
        shared.GiveTo(this);
    });

    /// <summary>Forgets what was drawn: the next drawing is at the cursor.</summary>
    public void Clear() => shared.Draw(() =>
    {
        Forget();
        RawTerminal.Write(ClearAll);
    });

    /// <summary>Draws these rows in the place of the former ones; those around the caret when the terminal has too few.</summary>
    public void Draw(Layout layout) => shared.Draw(() => DrawRows(layout));

    /// <summary>Leaves what is drawn, shows these lines below it, and draws no more in its place.</summary>
    public void ShowBelow(Layout layout, IEnumerable<string> lines) => shared.Draw(() =>
    {
        DrawRows(layout);
        GoBelow();
        RawTerminal.Write(string.Concat(lines.Select(line => line + "\r\n")));
    });

    /// <summary>Draws these rows a last time, and leaves them.</summary>
    public void End(Layout layout) => shared.Draw(() =>
    {
        DrawRows(layout);
        End();
    });

    /// <summary>Leaves what is drawn, and goes to the row below it. Called, as <see cref="InsertAbove"/> is, by who draws.</summary>
    public void End()
    {
        GoBelow();
        shared.GiveTo(null);
    }

    /// <summary>Shows a text above what is drawn, as if it had been written before. Its last line goes on with the next text if it has no
    /// end.</summary>
    public void InsertAbove(string text)
    {
        (int columns, int height) = terminal.Size;
        Reflow(columns);
        StringBuilder drawing = new(CursorOff);
        Move(drawing, 'A', Math.Min(_caretRow, height - 1) + RowsOf(_unfinished, columns));
        drawing.Append('\r').Append(ClearBelow).Append(_unfinished).Append(text);
        _unfinished = LastLine(_unfinished + text);
        drawing.Append(_unfinished.Length > 0 ? "\r\n" : "");
        if (RowsOf(_unfinished, columns) > height / 2)
        {
            // It could not be gone back to when it has left the terminal.
            _unfinished = "";
        }

        RawTerminal.Write(drawing.ToString());
        _caretRow = 0;
        if (_drawn is not null)
        {
            DrawRows(_drawn);
        }
    }

    private void DrawRows(Layout layout)
    {
        (int columns, int height) = terminal.Size;
        Reflow(columns);
        int top = layout.Rows.Count <= height ? 0 : Math.Clamp(layout.CaretRow - height + 1, 0, layout.Rows.Count - height);
        int count = Math.Min(layout.Rows.Count, height);
        StringBuilder drawing = new(CursorOff);
        Move(drawing, 'A', Math.Min(_caretRow, height - 1));
        for (int i = 0; i < count; i++)
        {
            drawing.Append('\r').Append(layout.Rows[top + i]);
            // Behind a full row the cursor still stands on its last letter.
            drawing.Append(i + 1 < count ? ClearIfOpen(layout, top + i) + "\r\n" : "");
        }

        drawing.Append(ClearIfOpen(layout, top + count - 1) is "" ? "" : ClearBelow);
        _drawn = layout;
        _caretRow = layout.CaretRow - top;
        _caretColumn = layout.CaretColumn;
        _columns = columns;
        _widths = [.. layout.Rows.Skip(top).Take(count).Select(row => LetterWidth.OfText(row))];
        Move(drawing, 'A', count - 1 - _caretRow);
        drawing.Append('\r');
        Move(drawing, 'C', layout.CaretColumn);
        RawTerminal.Write(drawing.Append(CursorOn).ToString());
    }

    private void GoBelow()
    {
        StringBuilder drawing = new();
        Move(drawing, 'B', Math.Max(_widths.Length - 1 - _caretRow, 0));
        RawTerminal.Write(drawing.Append("\r\n").ToString());
        Forget();
    }

    private void Forget() => (_drawn, _widths, _caretRow, _caretColumn, _unfinished) = (null, [], 0, 0, "");

    // If the terminal has another width, it has broken those rows anew that are too long for it. It joins none, since each has an end of its own.
    private void Reflow(int columns)
    {
        if (columns != _columns)
        {
            int above = _widths.Take(_caretRow).Sum(width => RowsOf(width, columns));
            _caretRow = above + _caretColumn / columns;
            _columns = columns;
        }
    }

    private static int RowsOf(string text, int columns) => text.Length == 0 ? 0 : RowsOf(LetterWidth.OfText(text), columns);

    private static int RowsOf(int width, int columns) => Math.Max(1, (width + columns - 1) / columns);

    // What has no end, from the last return to the beginning of the line on; with blanks instead of tabs, since their width is known.
    private static string LastLine(string written)
    {
        string text = written[(written.TrimEnd('\r').LastIndexOfAny(['\n', '\r']) + 1)..];
        for (int place; (place = text.IndexOf('\t', StringComparison.Ordinal)) >= 0;)
        {
            int width = LetterWidth.OfText(text.AsSpan(0, place));
            text = text[..place] + new string(' ', TabWidth - width % TabWidth) + text[(place + 1)..];
        }

        return text;
    }

    private string ClearIfOpen(Layout layout, int row) => LetterWidth.OfText(layout.Rows[row]) < terminal.Size.Columns ? ClearRow : "";

    private static void Move(StringBuilder drawing, char direction, int count)
    {
        if (count > 0)
        {
            drawing.Append(CultureInfo.InvariantCulture, $"\e[{count}{direction}");
        }
    }
}
