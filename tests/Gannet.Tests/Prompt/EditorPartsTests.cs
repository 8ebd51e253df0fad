using Gannet.Tool.Prompt.Editing;

namespace Gannet.Tests.Prompt;

/// <summary>The parts of the editor that need no terminal.</summary>
public class EditorPartsTests
{
    [Theory]
    [InlineData("abc", 3)]
    [InlineData("日本", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("\U0001F600", 2)]
    [InlineData("\e[31mred\e[0m", 3)]
    public void A_text_has_the_width_that_terminals_give_it(string text, int width) => Assert.Equal(width, LetterWidth.OfText(text));

    [Theory]
    [InlineData("日本語", 5, "日本")]
    [InlineData("abc", 9, "abc")]
    public void A_text_is_cut_between_letters(string text, int columns, string expected) => Assert.Equal(expected, LetterWidth.Cut(text, columns));

    [Fact]
    public void Rows_break_where_the_terminal_ends_and_the_caret_has_room()
    {
        Layout layout = Layout.Of("abcdef", 6, "> ", [". "], 5, colours: null);
        Assert.Equal(["> abc", "def"], layout.Rows);
        Assert.Equal((1, 3), (layout.CaretRow, layout.CaretColumn));
        layout = Layout.Of("abc", 3, "> ", [". "], 5, colours: null);
        Assert.Equal(["> abc", ""], layout.Rows);
        Assert.Equal((1, 0), (layout.CaretRow, layout.CaretColumn));
        layout = Layout.Of("ab\ncd", 1, "> ", [". "], 5, colours: null);
        Assert.Equal(["> ab", ". cd"], layout.Rows);
        Assert.Equal((0, 3), (layout.CaretRow, layout.CaretColumn));
        Assert.Equal(["> a", "日b"], Layout.Of("a日b", 0, "> ", [". "], 4, colours: null).Rows);
    }

    [Fact]
    public void A_tab_reaches_to_the_next_stop_of_its_line_and_goes_with_its_whole_width_to_the_next_row()
    {
        Layout layout = Layout.Of("\ta\tb", 2, "> ", [". "], 20, colours: null);
        Assert.Equal([">     a   b"], layout.Rows);
        Assert.Equal((0, 7), (layout.CaretRow, layout.CaretColumn));
        layout = Layout.Of("a\n\tb", 2, "> ", [". "], 20, colours: null);
        Assert.Equal(["> a", ".     b"], layout.Rows);
        Assert.Equal((1, 2), (layout.CaretRow, layout.CaretColumn));
        layout = Layout.Of("abcd\te", 4, "> ", [". "], 8, colours: null);
        Assert.Equal(["> abcd", "    e"], layout.Rows);
        Assert.Equal((1, 0), (layout.CaretRow, layout.CaretColumn));
    }

    [Fact]
    public void What_a_terminal_would_obey_is_shown_as_a_picture_of_one_column()
    {
        Layout layout = Layout.Of("a\f\e\0\u007F\u0085\u009B\u2028\u2029b", 10, "> ", [". "], 20, colours: null);
        Assert.Equal(["> a␌␛␀␡␤�␤␤b"], layout.Rows);
        Assert.Equal((0, 12), (layout.CaretRow, layout.CaretColumn));
    }

    [Fact]
    public void A_prompt_that_is_wider_than_the_terminal_is_left_out() =>
        Assert.Equal(["abc"], Layout.Of("abc", 0, ">>> ", ["... "], 4, colours: null).Rows);

    [Fact]
    public void Letters_are_erased_whole_and_words_too()
    {
        EditBuffer buffer = new();
        buffer.Insert("one e\u0301");
        buffer.EraseLeft();
        Assert.Equal("one ", buffer.Text);
        buffer.Insert("two.three");
        buffer.EraseWordLeft();
        Assert.Equal("one two.", buffer.Text);
        buffer.WordLeft();
        buffer.EraseToEnd();
        buffer.ToLineStart();
        buffer.Yank();
        Assert.Equal(("two.one ", 4), (buffer.Text, buffer.Caret));
        buffer.Set("ab");
        buffer.Transpose();
        Assert.Equal("ba", buffer.Text);
    }

    [Fact]
    public void Lines_keep_their_indent_and_a_brace_ends_it()
    {
        EditBuffer buffer = new();
        buffer.Insert("if (x) {");
        buffer.InsertLine();
        buffer.Type("y();");
        buffer.InsertLine();
        buffer.Type("}");
        Assert.Equal("if (x) {\n    y();\n}", buffer.Text);
        buffer.Up();
        buffer.Up();
        Assert.True(buffer.IsInFirstLine);
        buffer.Down();
        buffer.Down();
        Assert.True(buffer.IsInLastLine);
        buffer.Set("");
        buffer.EraseLeft();
        buffer.EraseRight();
        buffer.Left();
        buffer.Right();
        buffer.EraseToEnd();
        buffer.EraseToStart();
        buffer.Transpose();
        Assert.Equal("", buffer.Text);
    }

    [Fact]
    public void An_indent_of_tabs_is_kept_and_a_brace_takes_one_of_them()
    {
        EditBuffer buffer = new();
        buffer.Insert("\t\tif (x)");
        buffer.InsertLine();
        Assert.True(buffer.IsBehindIndent);
        buffer.Type("}");
        Assert.Equal("\t\tif (x)\n\t}", buffer.Text);
        buffer.Set("x");
        buffer.Type("}");
        Assert.Equal("x}", buffer.Text);
    }

    [Fact]
    public void The_caret_stays_between_letters_in_another_line()
    {
        EditBuffer buffer = new();
        buffer.Set("\U0001F600\na");
        buffer.Up();
        Assert.Equal(0, buffer.Caret);
    }

    [Theory]
    [InlineData(" 1 + 1", true)]
    [InlineData("var password = \"sesame\";", true)]
    [InlineData("client.Headers[\"x-api-key\"] = \"abc\"", true)]
    [InlineData("Login(pass: \"sesame\")", true)]
    [InlineData("client.Auth(\"Bearer abc\")", true)]
    [InlineData("var pin = \"1234\";", true)]
    [InlineData("var my_key = \"abc\";", true)]
    [InlineData("Connect(\"db://me:sesame@host/\")", true)]
    [InlineData("map.ContainsKey(\"a\")", false)]
    [InlineData("Open(\"http://host:80/a\")", false)]
    [InlineData("GetPass.Prompt()", false)]
    [InlineData("var name = \"sesame\";", false)]
    public void What_looks_like_a_secret_is_kept_out_of_the_history(string text, bool isSecret) => Assert.Equal(isSecret, Secrecy.IsSecret(text));

    [Fact]
    public void A_history_goes_back_and_forth_and_keeps_what_was_unfinished()
    {
        History history = new(path: null);
        history.Add("one");
        history.Add("two");
        history.Add("two");
        Assert.Equal(2, history.Count);
        Assert.Equal("two", history.Previous("unfinished"));
        Assert.Equal("one", history.Previous("two"));
        Assert.Null(history.Previous("one"));
        Assert.Equal("two", history.Next());
        Assert.Equal("unfinished", history.Next());
        Assert.Null(history.Next());
        Assert.Equal("two", history.Previous("dropped"));
        Assert.Equal("one", history.Previous("two"));
        history.Restart();
        Assert.Null(history.Next());
        Assert.Equal("two", history.Previous(""));
        Assert.Equal((1, 0, -1), (history.Find("o", 2), history.Find("o", 1), history.Find("x", 2)));
    }

    [Fact]
    public void Completions_are_listed_with_what_is_known_of_them_or_beside_each_other()
    {
        Completion few = new(0, [new("Get", () => "gets"), new("GetAll", () => null)]);
        Assert.Equal("Get", few.CommonStart);
        Assert.Equal(["Get     gets", "GetAll"], few.List(40, 24));
        Assert.Equal(["Get     GetAll"], few.List(40, 2));
        Assert.Equal(["Get", "GetAll"], few.List(10, 2));
        Assert.Equal(("", 0), (new Completion(0, []).CommonStart, new Completion(0, []).Items.Count));
    }
}
