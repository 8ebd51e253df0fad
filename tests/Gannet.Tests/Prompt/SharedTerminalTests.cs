using Gannet.Tests.Processes;

namespace Gannet.Tests.Prompt;

/// <summary>A terminal at which somebody types while others write, and before it is his turn.</summary>
[Collection(Spawned.Collection)]
public class SharedTerminalTests
{
    private const string Up = "\e[A";
    private const string Left = "\e[D";
    private const string AltEnter = "\e\r";
    private const string CtrlC = "\x03";
    private const string CtrlD = "\x04";

    [Fact]
    public void What_other_threads_write_goes_above_the_line_that_is_typed()
    {
        using PromptDriver prompt = new(columns: 30, rows: 12);
        prompt.Enter("void Later(string sign, Action action) => new Thread(() => { while (!File.Exists(sign)) Thread.Sleep(5); action(); }).Start();");
        prompt.Enter("Later(\"line\", () => Console.WriteLine(\"from afar\"));");
        prompt.Enter("Later(\"error\", () => throw new Exception(\"lost\"));");
        prompt.Enter("Later(\"part\", () => Console.Write(\"12345\\t9\"));");
        prompt.Enter("Later(\"rest\", () => Console.Write(\" and on, and on, and on\"));");
        prompt.Enter("Later(\"end\", () => Console.Error.Write(\".\\nlast\\n\"));");
        prompt.Enter("Later(\"above\", () => Console.WriteLine(\"above\"));");

        prompt.Type("half" + Left, screen => screen.Text.EndsWith("\n>>> half") && screen.Column == 7);
        Await(prompt, "line", "\nfrom afar\n>>> half");
        Assert.Equal(7, prompt.Screen.Column);
        Await(prompt, "error", "\nfrom afar\nException on another thread. S\nystem.Exception: lost\n   at lambda in <input 3>:line\n 1\n   at lambda in <input 1>:line\n 1\n>>> half");
        prompt.Type("x", screen => screen.Text.EndsWith("\n>>> halxf"));
        Assert.Equal(1, prompt.Screen.Rows.Count(row => row == ">>> halxf"));

        // A line that has no end yet goes on where it was, also in further rows.
        Await(prompt, "part", "\n12345   9\n>>> halxf");
        Await(prompt, "rest", "\n12345   9 and on, and on, and\non\n>>> halxf");
        Await(prompt, "end", "\n12345   9 and on, and on, and\non.\nlast\n>>> halxf");
        prompt.TypeForPrompt(CtrlC);

        // Above all lines of an input.
        prompt.Type($"one{AltEnter}two{Up}", screen => screen.Text.EndsWith("\n>>> one\n... two") && screen.Rows[screen.Row] == ">>> one");
        Await(prompt, "above", "\nabove\n>>> one\n... two");
        Assert.Equal(">>> one", prompt.Screen.Rows[prompt.Screen.Row]);
        prompt.TypeForPrompt(CtrlC);
        Assert.Equal("3", prompt.Answer("1 + 2"));
        Assert.Equal(0, prompt.End(CtrlD));
    }

    [Fact]
    [Trait("S", "S112")]
    public void The_text_of_every_further_prompt_is_asked_for_when_its_line_begins_and_may_be_interrupted()
    {
        using PromptDriver prompt = new();
        prompt.Enter("class Counter { int n; public override string ToString() => $\"[{++n}] \"; }");
        prompt.Enter("Sys.Ps2 = new Counter();");
        prompt.Type("int F()\r{\rreturn 1;\r", screen => screen.Text.EndsWith("\n>>> int F()\n[1] {\n[2]     return 1;\n[3]") && screen.Column == 8);
        prompt.Enter("}");
        Assert.EndsWith("\n[2]     return 1;\n[3] }\n>>>", prompt.Screen.Text);
        prompt.Type(Up, screen => screen.Text.EndsWith("\n>>> int F()\n[4] {\n[5]     return 1;\n[6] }"));
        prompt.TypeForPrompt(CtrlC);

        prompt.Enter("class Slow { public override string ToString() { Console.WriteLine(\"sl\" + \"ow\"); while (true); } }");
        prompt.Enter("Sys.Ps2 = new Slow();");
        prompt.Type("int G()\r", screen => screen.Text.EndsWith("\nslow\n>>> int G()"));
        prompt.TypeNow(CtrlC);
        prompt.Await(screen => screen.Rows[screen.Row] == "" && screen.Rows[screen.Row - 1] == ">>> int G()", "the second line");
        prompt.Enter("=> 5;");
        Assert.Equal("5", prompt.Answer("G()"));
        Assert.Equal(0, prompt.End(CtrlD));
    }

    [Fact]
    public void What_is_typed_while_an_input_runs_comes_when_it_is_its_turn_and_so_does_the_end()
    {
        using PromptDriver prompt = new();
        prompt.AwaitPrompt();
        prompt.Terminal.Type("Console.WriteLine(\"run\" + \"ning\"); while (!File.Exists(\"go\")) Thread.Sleep(5);\r");
        prompt.Await(screen => screen.Text.EndsWith("\nrunning"), "the input");
        prompt.Terminal.Type("40 + 2\r\"un\" +\r\"finished\"\r5 *");
        prompt.Await(screen => screen.Text.EndsWith("\n5 *"), "the echo");
        prompt.Signal("go");
        prompt.Await(screen => screen.IsDrawn && screen.Text.EndsWith("\n>>> 40 + 2\n42\n>>> \"un\" +\n... \"finished\"\n\"unfinished\"\n>>> 5 *"), "the prompt");
        prompt.Terminal.Type(" 5\r");
        prompt.Await(screen => screen.IsDrawn && screen.Text.EndsWith("\n>>> 5 * 5\n25\n>>>"), "the prompt");

        prompt.Terminal.Type("Console.WriteLine(\"again\"); while (!File.Exists(\"end\")) Thread.Sleep(5);\r");
        prompt.Await(screen => screen.Text.EndsWith("\nagain"), "the input");
        prompt.Terminal.Type("3 + 3\r" + CtrlD + "4 + 4\r");
        prompt.Await(screen => screen.Text.EndsWith("\n4 + 4"), "the echo");
        prompt.Signal("end");
        Assert.Equal(0, prompt.AwaitEnd());
        Assert.EndsWith("\n>>> 3 + 3\n6\n>>>", prompt.Screen.Text);
    }

    [Fact]
    public void Completion_uses_a_reference_that_is_typed_without_taking_it()
    {
        const string IsThere = "Type.GetType(\"Xunit.Assert, xunit.assert\") is not null";
        string library = typeof(Assert).Assembly.Location;
        // Not where Sys.Path looks.
        using PromptDriver prompt = new(prepare: folder => File.Copy(library, Path.Combine(Directory.CreateDirectory(folder.Path + "/sub").FullName, Path.GetFileName(library))));
        prompt.Type($"#r \"sub/xunit.assert.dll\"{AltEnter}Xunit.Ass\t", screen => screen.Text.EndsWith("\n... Xunit.Assert"));
        prompt.TypeForPrompt(CtrlC);
        Assert.Equal("false", prompt.Answer(IsThere));
        prompt.Enter("#r \"sub/xunit.assert.dll\"");
        Assert.Equal("true", prompt.Answer(IsThere));
        prompt.Enter("using var reader = new StringReader(\"text\");");
        prompt.Type("using var other = reader; other.ReadToE\t", screen => screen.Text.EndsWith("other.ReadToEnd"));
        prompt.TypeForPrompt(CtrlC);
        Assert.Equal(0, prompt.End(CtrlD));
    }

    private static void Await(PromptDriver prompt, string sign, string end)
    {
        prompt.Signal(sign);
        prompt.Await(screen => screen.IsDrawn && screen.Text.EndsWith(end, StringComparison.Ordinal), sign);
    }
}
