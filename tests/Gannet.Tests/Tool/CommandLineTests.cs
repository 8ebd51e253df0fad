using Gannet.Tool;
using Gannet.Tool.Scripts;

namespace Gannet.Tests.Tool;

public class CommandLineTests
{
    [Fact]
    public void What_follows_the_script_is_left_to_it() =>
        Assert.Equal(new CommandLine.Run(new ScriptSource.File("a.cs"), 4), CommandLine.Parse(["a.cs", "-h", "--", "--version", ""]));

    [Fact]
    public void What_follows_the_code_is_left_to_it() =>
        Assert.Equal(new CommandLine.Run(new ScriptSource.Code("code"), 2), CommandLine.Parse(["-c", "code", "-c", "--help"]));

    [Fact]
    public void A_single_hyphen_is_standard_input() =>
        Assert.Equal(new CommandLine.Run(new ScriptSource.StandardInput("-"), 1), CommandLine.Parse(["-", "a"]));

    [Fact]
    public void After_two_hyphens_a_script_may_have_any_name() =>
        Assert.Equal(new CommandLine.Run(new ScriptSource.File("-c"), 1), CommandLine.Parse(["--", "-c", "x"]));

    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    public void Help_is_asked_for_by_either_name(string word) => Assert.IsType<CommandLine.Help>(CommandLine.Parse([word]));

    [Theory]
    [InlineData("-V")]
    [InlineData("--version")]
    public void The_version_is_asked_for_by_either_name(string word) => Assert.IsType<CommandLine.Version>(CommandLine.Parse([word]));

    [Theory]
    [InlineData("gannet: option --bogus not recognized", "--bogus", "a.cs")]
    [InlineData("gannet: option -c requires argument", "-c")]
    public void A_bad_option_is_a_usage_error(string message, params string[] words)
    {
        ToolException error = Assert.Throws<ToolException>(() => CommandLine.Parse(words));
        Assert.Equal(ExitStatus.Usage, error.Status);
        Assert.StartsWith(message, error.Message);
    }
}
