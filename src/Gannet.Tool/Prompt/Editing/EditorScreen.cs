using System.Globalization;
using System.Text;

namespace Gannet.Tool.Prompt.Editing;

/// <summary>The rows of the terminal that the editor has drawn, and how they become others.</summary>
internal sealed class EditorScreen(RawTerminal terminal)
{
    private const string ClearRow = "\e[K";
    private const string ClearBelow = "\e[J";
    private const string ClearAll = "\e[H\e[2J";
    private const string CursorOff = "\e[?25l";
    private const string CursorOn = "\e[?25h";

    // How wide the rows are that were drawn last, on a terminal of how many columns, and where the caret is among them.
    private int[] _widths = [];
    private int _columns;
    private int _caretRow;
    private int _caretColumn;

    /// <summary>Goes to the beginning of a row of its own: a program may have left the cursor in the middle of one. So many
    /// blanks as the terminal is wide end in the next row exactly then.</summary>
    public void Begin()
    {
        Forget();
        RawTerminal.Write(new string(' ', terminal.Size.Columns) + "\r" + ClearRow);
    }

    /// <summary>Forgets what was drawn: the next drawing is at the cursor.</summary>
    public void Clear()
    {
        Forget();
        RawTerminal.Write(ClearAll);
    }

    /// <summary>Draws these rows in the place of the former ones; those around the caret when the terminal has too few.</summary>
    public void Draw(Layout layout)
    {
        (int columns, int height) = terminal.Size;
        if (columns != _columns)
        {
            Reflow(columns);
        }

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
        _caretRow = layout.CaretRow - top;
        _caretColumn = layout.CaretColumn;
        _columns = columns;
        _widths = [.. layout.Rows.Skip(top).Take(count).Select(LetterWidth.OfText)];
        Move(drawing, 'A', count - 1 - _caretRow);
        drawing.Append('\r');
        Move(drawing, 'C', layout.CaretColumn);
        RawTerminal.Write(drawing.Append(CursorOn).ToString());
    }

    /// <summary>Leaves what is drawn, and goes to the row below it.</summary>
    public void End(Layout layout)
    {
        Draw(layout);
        StringBuilder drawing = new();
        Move(drawing, 'B', Math.Min(layout.Rows.Count, terminal.Size.Rows) - 1 - _caretRow);
        RawTerminal.Write(drawing.Append("\r\n").ToString());
        Forget();
    }

    private void Forget() => (_widths, _caretRow, _caretColumn) = ([], 0, 0);

    // The terminal has another width, and has broken those rows anew that are too long for it. It joins none, since each has an end of its own.
    private void Reflow(int columns)
    {
        int above = _widths.Take(_caretRow).Sum(width => Math.Max(1, (width + columns - 1) / columns));
        _caretRow = above + _caretColumn / columns;
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
