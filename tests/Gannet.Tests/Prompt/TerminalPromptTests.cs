using Gannet.Tests.Processes;

namespace Gannet.Tests.Prompt;

/// <summary><c>gannet</c> on a terminal: editing, history, completion, Ctrl-C. A session serves many questions, since each costs a start.</summary>
[Collection(Spawned.Collection)]
public class TerminalPromptTests
{
    private const string Up = "\e[A";
    private const string Left = "\e[D";
    private const string CtrlA = "\x01";
    private const string CtrlC = "\x03";
    private const string CtrlD = "\x04";
    private const string CtrlK = "\x0B";
    private const string CtrlR = "\x12";
    private const string CtrlU = "\x15";
    private const string CtrlW = "\x17";
    private const string CtrlY = "\x19";

    [Fact]
    public void A_line_is_edited_completed_recalled_and_searched()
    {
        using PromptDriver prompt = new();
        prompt.AwaitPrompt();
        Assert.StartsWith("Gannet 0.", prompt.Screen.Rows[0]);

        // Editing.
        Assert.Equal("7", prompt.Answer($"1 + 5{Left}{Left}{Left}{Left}{Left}2*{CtrlA}0+{CtrlA}"));
        Assert.Equal("3", prompt.Answer($"nonsense words{CtrlW}{CtrlU}1 + 2 + 3{Left}{Left}{Left}{Left}{CtrlK}"));
        Assert.Equal("22", prompt.Answer($"2{CtrlU}{CtrlY}{CtrlY}"));

        // Several lines are one text.
        prompt.Type("int F()\r{\rreturn 4;\r", screen => screen.Text.EndsWith("\n...     return 4;\n...") && screen.Column == 8);
        prompt.Enter("}");
        Assert.Equal("4", prompt.Answer("F()"));
        prompt.Type(Up + Up, screen => screen.Text.EndsWith("\n>>> int F()\n... {\n...     return 4;\n... }"));
        prompt.TypeForPrompt(CtrlC);

        // Completion.
        prompt.Type("Os.GetPg\t\t", screen => screen.Text.Contains("\nGetPgrp", StringComparison.Ordinal) && screen.Rows[screen.Row] == ">>> Os.GetPg");
        Assert.Contains("GetPgid  os.getpgid: ", prompt.Screen.Text);
        prompt.Enter("rp\t() >= 0");
        Assert.EndsWith("\n>>> Os.GetPgrp() >= 0\ntrue\n>>>", prompt.Screen.Text);

        // Search.
        prompt.Type(CtrlR + "nt F", screen => screen.Text.Contains("(search 'nt F'): int F()", StringComparison.Ordinal));
        prompt.TypeForPrompt("\r");

        // A paste is taken as it is, also its line ends.
        prompt.Type("\e[200~int H()\n{\n    return 8;\n}\e[201~", screen => screen.Text.EndsWith("\n...     return 8;\n... }"));
        prompt.Enter("");
        Assert.Equal("8", prompt.Answer("H()"));

        // Tabs and Unicode's own line ends in it too.
        prompt.Type("\e[200~\"a\tb\f\" +\r\t@\"\u0085\u2028\"\e[201~", screen => screen.Text.EndsWith("\n>>> \"a  b␌\" +\n...     @\"␤␤\"") && screen.Column == 13);
        prompt.Type(Left + Left + "x", screen => screen.Text.EndsWith("@\"␤x␤\"") && screen.Column == 12);
        prompt.Enter("");
        Assert.EndsWith("\n\"a\\tb\\f\\u0085x\\u2028\"\n>>>", prompt.Screen.Text);

        // The last value has a type here too.
        prompt.Type("_.ToLowerI\t().Leng\t", screen => screen.Text.EndsWith("\n>>> _.ToLowerInvariant().Length"));
        prompt.Enter("");
        Assert.EndsWith("\n7\n>>>", prompt.Screen.Text);
        prompt.Type("(_, _.CompareT\t", screen => screen.Text.EndsWith("\n>>> (_, _.CompareTo"));
        prompt.TypeForPrompt(CtrlC);
        Assert.Equal(0, prompt.End(CtrlD));
    }

    [Fact]
    public void An_interrupt_drops_a_line_and_ends_an_evaluation_wherever_it_waits()
    {
        using PromptDriver prompt = new();
        prompt.Type("half", screen => screen.Rows[screen.Row] == ">>> half");
        prompt.TypeForPrompt(CtrlC);
        Assert.Contains("\n>>> half^C\n>>>", prompt.Screen.Text);
        foreach (string wait in (string[])
        [
            "while (true);", "Thread.Sleep(-1);", "await Task.Delay(-1);", "new BlockingQueue<int>().Get();", "new CountingSemaphore(0).Acquire();",
        ])
        {
            prompt.AwaitPrompt();
            prompt.Terminal.Type($"Console.WriteLine(\"wa\" + \"its\"); {wait}\r");
            prompt.Await(screen => screen.Rows[screen.Row] == "" && screen.Rows[Math.Max(screen.Row - 1, 0)] == "waits", wait);
            prompt.TypeForPrompt(CtrlC);
            Assert.EndsWith("Interrupted\n>>>", prompt.Screen.Text);
        }

        Assert.Equal("2", prompt.Answer("1 + 1"));
        Assert.Equal(7, prompt.End("exit(7)\r"));
    }

    [Fact]
    public void What_is_typed_behind_a_line_is_for_the_program_that_the_line_runs()
    {
        using PromptDriver prompt = new();
        prompt.Enter("Console.ReadLine()\ranswer");
        Assert.EndsWith("\n\"answer\"\n>>>", prompt.Screen.Text);
        prompt.Type(Up, screen => screen.Rows[screen.Row] == ">>> Console.ReadLine()");
        prompt.TypeForPrompt(CtrlC);
        Assert.Equal(0, prompt.End(CtrlD));
    }

    [Fact]
    public void A_terminal_is_as_it_was_after_another_thread_has_ended_the_program()
    {
        using PromptDriver prompt = new();
        prompt.AwaitPrompt();
        Assert.False(prompt.Terminal.Echo);
        prompt.Terminal.Type("new Thread(() => { while (!File.Exists(\"end\")) Thread.Sleep(10); Environment.Exit(3); }).Start();\r");
        prompt.AwaitNextPrompt();
        File.WriteAllText(Path.Combine(prompt.Folder, "end"), "");
        Assert.Equal(3, prompt.AwaitEnd());
        Assert.True(prompt.Terminal.Echo);
    }

    [Fact]
    public void A_prompt_that_never_tells_its_text_is_interrupted()
    {
        using PromptDriver prompt = new();
        prompt.Enter("class Slow { bool isSlow = true; public override string ToString() { if (!isSlow) return \"> \"; isSlow = false; Console.WriteLine(\"sl\" + \"ow\"); while (true); } }");
        prompt.Terminal.Type("Sys.Ps1 = new Slow();\r");
        prompt.Await(screen => screen.Text.EndsWith("\nslow"), "the prompt's text");
        prompt.TypeNow(CtrlC);
        prompt.AwaitNextPrompt();
        Assert.Equal(4, prompt.End("exit(4)\r"));
    }

    [Fact]
    public void A_narrower_terminal_shows_a_line_once()
    {
        const string Line = "123456789_123456789_123456789_123456789_123456789_";
        using PromptDriver prompt = new(columns: 40);
        prompt.Type(Line, screen => screen.Text.EndsWith($"\n>>> {Line[..36]}\n{Line[36..]}"));
        prompt.Screen.Resize(20);
        prompt.Terminal.Resize(20, 24);
        string rows = $"\n>>> {Line[..16]}\n{Line[16..36]}\n{Line[36..]}";
        prompt.Type("x", screen => screen.Text.EndsWith(rows + "x"));
        Assert.Equal(1, prompt.Screen.Rows.Count(row => row.StartsWith(">>>", StringComparison.Ordinal)));
        prompt.TypeForPrompt(CtrlC);
        Assert.Equal(0, prompt.End(CtrlD));
    }

    [Fact]
    public void Narrow_terminals_and_wide_letters_keep_their_rows()
    {
        using PromptDriver prompt = new(columns: 20);
        prompt.Type("\"日本語日本語日本語", screen => screen.Text.EndsWith("\n>>> \"日本語日本語日\n本語"));
        Assert.Equal(4, prompt.Screen.Column);
        prompt.Type(Left + "x", screen => screen.Text.EndsWith("\n>>> \"日本語日本語日\n本x語"));
        prompt.Enter("\e[F\"");
        Assert.EndsWith("\n\"日本語日本語日本x語\n\"\n>>>", prompt.Screen.Text);
        prompt.Enter("1234567890 - 1234567870");
        Assert.EndsWith("\n>>> 1234567890 - 123\n4567870\n20\n>>>", prompt.Screen.Text);

        // What a program leaves without an end of its line stays.
        prompt.Enter("Console.Write(12)");
        Assert.EndsWith("\n12\n>>>", prompt.Screen.Text);
        prompt.Terminal.Resize(30, 24);
        Assert.Equal(0, prompt.End(CtrlD));
    }

    [Fact]
    public void A_history_is_the_owners_alone_has_no_passwords_and_serves_the_next_session()
    {
        string path;
        using (PromptDriver prompt = new(prepare: folder => folder.Write("state/gannet/history", "\"from before\"\\n.Length\n")))
        {
            path = Path.Combine(prompt.State, "gannet", "history");
            prompt.Type(Up, screen => screen.Text.EndsWith(">>> \"from before\"\n... .Length"));
            prompt.Enter("");
            Assert.EndsWith("\n11\n>>>", prompt.Screen.Text);
            prompt.Enter("var password = \"sesame\";");
            prompt.Enter(" 1 + 1");
            prompt.Enter("2 + 2");
            Assert.Equal(0, prompt.End("exit\r"));
            Assert.Equal("\"from before\"\\n.Length\n2 + 2\nexit\n", File.ReadAllText(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void A_terminal_that_can_do_nothing_gets_plain_lines()
    {
        using PromptDriver prompt = new(terminal: "dumb");
        prompt.Await(screen => screen.Text.EndsWith(">>>"), "the prompt");
        prompt.Terminal.Type("1 + 1\n");
        prompt.Await(screen => screen.Text.EndsWith(">>> 1 + 1\n2\n>>>"), "the answer");
        prompt.Terminal.Type("half" + CtrlC);
        prompt.Await(screen => screen.Text.EndsWith("^C\n>>>"), "the next prompt");
        prompt.Terminal.Type(CtrlD);
        Assert.Equal(0, prompt.AwaitEnd());
        Assert.Equal(0, prompt.Screen.Inputs);
    }
}
