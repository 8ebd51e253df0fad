using System.Globalization;

namespace Gannet.Tool.Prompt.Editing;

/// <summary>A text that is edited, and the place in it. It moves by what a reader takes for one letter.</summary>
internal sealed class EditBuffer
{
    private const int IndentWidth = 4;

    private static readonly string s_indent = new(' ', IndentWidth);

    // A paste may have tabs in it.
    private static readonly char[] s_blanks = [' ', '\t'];

    private string _killed = "";

    public string Text { get; private set; } = "";

    /// <summary>Where the next letter goes.</summary>
    public int Caret { get; private set; }

    /// <summary>Whether the caret is in the first line.</summary>
    public bool IsInFirstLine => LineStart == 0;

    /// <summary>Whether the caret is in the last line.</summary>
    public bool IsInLastLine => LineEnd == Text.Length;

    /// <summary>Whether nothing but blanks stands before the caret in its line.</summary>
    public bool IsBehindIndent => Text.AsSpan(LineStart, Caret - LineStart).Trim(s_blanks).IsEmpty;

    private int LineStart => Text.LastIndexOf('\n', Math.Max(Caret - 1, 0), Caret) + 1;

    private int LineEnd => Text.IndexOf('\n', Caret) is >= 0 and int end ? end : Text.Length;

    public void Set(string text)
    {
        Text = text;
        Caret = text.Length;
    }

    public void Insert(string text)
    {
        Text = Text.Insert(Caret, text);
        Caret += text.Length;
    }

    /// <summary>Inserts what was typed; a brace that ends a block goes one step to the left.</summary>
    public void Type(string text)
    {
        if (text == "}" && IsBehindIndent)
        {
            string indent = Text[LineStart..Caret];
            int step = indent.EndsWith('\t') ? 1 : indent.EndsWith(s_indent, StringComparison.Ordinal) ? IndentWidth : 0;
            Replace(Caret - step, Caret, "");
        }

        Insert(text);
    }

    /// <summary>Begins a new line, as far to the right as this one; behind an opening brace one step further.</summary>
    public void InsertLine()
    {
        string line = Text[LineStart..Caret];
        string indent = line[..^line.TrimStart(s_blanks).Length];
        Insert("\n" + indent + (line.TrimEnd().EndsWith('{') ? s_indent : ""));
    }

    /// <summary>Puts another text between two places; the caret goes behind it.</summary>
    public void Replace(int start, int end, string text)
    {
        Text = string.Concat(Text.AsSpan(0, start), text, Text.AsSpan(end));
        Caret = start + text.Length;
    }

    public void Left() => Caret = Before(Caret);

    public void Right() => Caret = After(Caret);

    public void ToLineStart() => Caret = LineStart;

    public void ToTextEnd() => Caret = Text.Length;

    public void To(int place) => Caret = place;

    public void Indent() => Insert(s_indent);

    public void ToLineEnd() => Caret = LineEnd;

    public void WordLeft() => Caret = WordBefore();

    public void WordRight() => Caret = WordAfter();

    public void Up()
    {
        int column = Caret - LineStart;
        Caret = LineStart - 1;
        Caret = Snap(LineStart + Math.Min(column, Caret - LineStart));
    }

    public void Down()
    {
        int column = Caret - LineStart;
        Caret = LineEnd + 1;
        Caret = Snap(Caret + Math.Min(column, LineEnd - Caret));
    }

    public void EraseLeft() => Replace(Before(Caret), Caret, "");

    public void EraseRight() => Replace(Caret, After(Caret), "");

    public void EraseWordLeft() => Kill(WordBefore(), Caret);

    public void EraseWordRight() => Kill(Caret, WordAfter());

    public void EraseToStart() => Kill(LineStart, Caret);

    /// <summary>Takes the rest of the line; at its end the newline.</summary>
    public void EraseToEnd() => Kill(Caret, Caret == LineEnd ? After(Caret) : LineEnd);

    public void Yank() => Insert(_killed);

    /// <summary>Changes the two letters before the caret about; within a line those around it.</summary>
    public void Transpose()
    {
        int end = Caret == LineEnd ? Caret : After(Caret);
        int middle = Before(end);
        int start = Before(middle);
        if (middle > LineStart)
        {
            Replace(start, end, Text[middle..end] + Text[start..middle]);
        }
    }

    private void Kill(int start, int end)
    {
        if (end > start)
        {
            _killed = Text[start..end];
            Replace(start, end, "");
        }
    }

    private int After(int place) => place == Text.Length ? place : place + StringInfo.GetNextTextElementLength(Text, place);

    private int Before(int place)
    {
        int before = 0;
        for (int next = 0; next < place; next = After(next))
        {
            before = next;
        }

        return before;
    }

    // The beginning of the letter that a place is in.
    private int Snap(int place) => place == Text.Length ? place : Before(place + 1);

    private int WordBefore()
    {
        int place = Caret;
        while (place > 0 && !IsWord(Text[place - 1]))
        {
            place--;
        }

        while (place > 0 && IsWord(Text[place - 1]))
        {
            place--;
        }

        return place;
    }

    private int WordAfter()
    {
        int place = Caret;
        while (place < Text.Length && !IsWord(Text[place]))
        {
            place++;
        }

        while (place < Text.Length && IsWord(Text[place]))
        {
            place++;
        }

        return place;
    }

    private static bool IsWord(char letter) => char.IsLetterOrDigit(letter) || letter == '_' || char.IsSurrogate(letter);
}
