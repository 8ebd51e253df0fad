using System.Globalization;
using System.Text;

namespace Gannet.Tool.Prompt.Editing;

/// <summary>A prompt and a text as the rows of a terminal, and the place of the caret among them.</summary>
/// <param name="Rows">What stands in each row, colours included.</param>
/// <param name="CaretRow">The row of the caret.</param>
/// <param name="CaretColumn">Its column, from 0.</param>
internal sealed record Layout(IReadOnlyList<string> Rows, int CaretRow, int CaretColumn)
{
    /// <summary>Breaks a text into rows. Nothing relies on the terminal to do it, since terminals differ in how they do.</summary>
    /// <param name="text">The text.</param>
    /// <param name="caret">The place of the caret in it.</param>
    /// <param name="first">The prompt of its first line.</param>
    /// <param name="further">The prompts of its other lines, at least as many as there are.</param>
    /// <param name="columns">The width of the terminal.</param>
    /// <param name="colours">The colour of each letter, a number for "ESC [ … m"; null for none.</param>
    public static Layout Of(string text, int caret, string first, IReadOnlyList<string> further, int columns, byte[]? colours) =>
        new Builder(text, caret, columns, colours).Build(first, further);

    private ref struct Builder(string text, int caret, int columns, byte[]? colours)
    {
        private readonly List<string> _rows = [];
        private readonly StringBuilder _row = new();
        private int _width;

        // How much of it the line has taken so far, in this row and those before it.
        private int _lineWidth;
        private int _lines;
        private byte _colour;
        private (int Row, int Column) _caret;

        public Layout Build(string first, IReadOnlyList<string> further)
        {
            AddPrompt(first);
            for (int place = 0; place < text.Length;)
            {
                int length = StringInfo.GetNextTextElementLength(text, place);
                if (text[place] == '\n')
                {
                    MarkCaret(place, length, width: 1);
                    EndRow();
                    _lineWidth = 0;
                    AddPrompt(further[_lines++]);
                }
                else
                {
                    ReadOnlySpan<char> shown = VisibleLetter.Of(text.AsSpan(place, length), _lineWidth);
                    int width = LetterWidth.OfText(shown);
                    MarkCaret(place, length, width);
                    Add(shown, width, colours?[place] ?? 0);
                }

                place += length;
            }

            if (_width == columns)
            {
                EndRow();
            }

            MarkCaret(text.Length, length: 1, width: 1);
            EndRow();
            return new Layout(_rows, _caret.Row, _caret.Column);
        }

        // A letter that has no room begins another row; behind a full one the caret needs a column of its own.
        private void MarkCaret(int place, int length, int width)
        {
            if (caret >= place && caret < place + length)
            {
                if (_width + width > columns)
                {
                    EndRow();
                }

                _caret = (_rows.Count, _width);
            }
        }

        private void AddPrompt(string prompt)
        {
            // One that is wider than the terminal would leave no room.
            if (LetterWidth.OfText(prompt) is int width && width < columns)
            {
                _row.Append(prompt);
                _width += width;
            }
        }

        private void Add(ReadOnlySpan<char> element, int width, byte colour)
        {
            if (_width + width > columns)
            {
                EndRow();
            }

            if (colour != _colour)
            {
                _row.Append(CultureInfo.InvariantCulture, $"\e[{colour}m");
                _colour = colour;
            }

            _row.Append(element);
            _width += width;
            _lineWidth += width;
        }

        private void EndRow()
        {
            if (_colour != 0)
            {
                _row.Append("\e[0m");
                _colour = 0;
            }

            _rows.Add(_row.ToString());
            _row.Clear();
            _width = 0;
        }
    }
}
