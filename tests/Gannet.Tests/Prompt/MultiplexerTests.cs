using Gannet.Testing;
using Gannet.Tests.Processes;

namespace Gannet.Tests.Prompt;

/// <summary>The prompt in tmux: a terminal that others have written.</summary>
[Collection(Spawned.Collection)]
public class MultiplexerTests
{
    [ProgramFact(MultiplexedTerminal.Program)]
    public void Answers_and_inputs_of_several_lines()
    {
        using MultiplexedTerminal terminal = new(80, 24);
        terminal.Await("\n>>>");
        terminal.Type("1 + 1", "Enter");
        terminal.Await("\n>>> 1 + 1\n2\n>>>");
        terminal.Type("int F()", "Enter", "{", "Enter", "return 4\\;", "Enter", "}", "Enter");
        terminal.Await("\n>>> int F()\n... {\n...     return 4;\n... }\n>>>");
        terminal.Type("F()", "Enter");
        terminal.Await("\n>>> F()\n4\n>>>");
        terminal.Type("Up", "Up");
        terminal.Await("\n4\n>>> int F()\n... {\n...     return 4;\n... }");
        terminal.Type("C-c", "C-d");
        terminal.AwaitEnd();
    }

    [ProgramFact(MultiplexedTerminal.Program)]
    public void Twenty_columns_and_wide_letters()
    {
        using MultiplexedTerminal terminal = new(20, 24);
        terminal.Await("\n>>>");
        terminal.Type("\"日本語日本語日本語\"");
        terminal.Await("\n>>> \"日本語日本語日\n本語\"");
        terminal.Type("Left", "Left", "x", "Enter");
        terminal.Await("\n>>> \"日本語日本語日\n本x語\"\n\"日本語日本語日本x語\n\"\n>>>");
        terminal.Type("1234567890 - 12345678", "BSpace", "Enter");
        terminal.Await("\n>>> 1234567890 - 123\n4567\n1233333323\n>>>");
        terminal.Type("exit()", "Enter");
        terminal.AwaitEnd();
    }
}
