using Gannet.Tool;
using Gannet.Tool.Scripts;

namespace Gannet.Tests.Prompt;

/// <summary>The words that ask for the prompt.</summary>
public class PromptCommandLineTests
{
    [Fact]
    public void The_option_alone_asks_for_the_prompt() => Assert.Equal(new CommandLine.Prompt(null, 0), CommandLine.Parse(["-i"]));

    [Fact]
    public void A_script_may_follow_with_words_of_its_own() =>
        Assert.Equal(new CommandLine.Prompt(new ScriptSource.File("a.cs"), 2), CommandLine.Parse(["-i", "a.cs", "-i", "b"]));

    [Fact]
    public void So_may_code() => Assert.Equal(new CommandLine.Prompt(new ScriptSource.Code("x"), 1), CommandLine.Parse(["-i", "-c", "x", "a"]));

    [Fact]
    public void Another_command_may_not() => Assert.Equal(ExitStatus.Usage, Assert.Throws<ToolException>(() => CommandLine.Parse(["-i", "--help"])).Status);

    [Fact]
    public void A_display_hook_is_always_there() => Assert.Throws<ArgumentNullException>(() => Sys.DisplayHook = null!);
}
