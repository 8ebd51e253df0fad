using System.Globalization;
using Gannet.Tests.Processes;

namespace Gannet.Tests.Prompt;

/// <summary>The terminal is put right whenever the prompt leaves it. A shell that has started the prompt looks at it.</summary>
[Collection(Spawned.Collection)]
public class TerminalStateTests
{
    private const string CtrlC = "\x03";
    private const string CtrlD = "\x04";
    private const string CtrlZ = "\x1A";

    // With control of jobs, as a shell has it that somebody types at.
    private const string Shell = "set -m; show() { stty -a | tr ' ;' '\\n\\n' | grep -E '^-?(echo|icanon|isig)$' | sort | paste -sd, -; }; ";
    private const string Right = "echo,icanon,isig";

    [Theory]
    [InlineData("SIGTERM", 143)]
    [InlineData("SIGHUP", 129)]
    [InlineData("SIGQUIT", 131)]
    public void After_a_deadly_signal(string signal, int status)
    {
        using PromptDriver prompt = new(shell: Shell + "ulimit -c 0; \"$0\"; echo \"over $?\"; show");
        int pid = int.Parse(prompt.Answer("Os.GetPid()"), CultureInfo.InvariantCulture);
        prompt.Type("half", screen => screen.Text.EndsWith("\n>>> half"));
        Assert.False(prompt.Terminal.Echo);
        Os.Kill(pid, Enum.Parse<Signal>(signal));
        prompt.AwaitEnd();
        // A shell may say of its own what has ended its job.
        Assert.Matches($"\n>>> half\n(.*\n)*over {status}\n{Right}$", prompt.Screen.Text);
    }

    [Fact]
    public void A_signal_that_the_user_handles_leaves_the_line_as_it_is()
    {
        using PromptDriver prompt = new();
        prompt.Enter("Signals.Set(Signal.SIGTERM, (_, _) => Console.WriteLine(\"not yet\"));");
        int pid = int.Parse(prompt.Answer("Os.GetPid()"), CultureInfo.InvariantCulture);
        prompt.Type("1 +", screen => screen.Text.EndsWith("\n>>> 1 +"));
        Os.Kill(pid, Signal.SIGTERM);
        prompt.Await(screen => screen.IsDrawn && screen.Text.EndsWith("\nnot yet\n>>> 1 +"), "the handler");
        Assert.False(prompt.Terminal.Echo);
        prompt.Enter(" 1");
        Assert.EndsWith("\n>>> 1 + 1\n2\n>>>", prompt.Screen.Text);
        Assert.Equal(0, prompt.End(CtrlD));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("SIGTSTP")]
    public void While_the_prompt_is_stopped_and_when_it_goes_on(string? signal)
    {
        using PromptDriver prompt = new(shell: Shell + "\"$0\"; show; echo; fg > /dev/null; echo \"over $?\"; show");
        int pid = int.Parse(prompt.Answer("Os.GetPid()"), CultureInfo.InvariantCulture);
        prompt.Type("\"ha", screen => screen.Text.EndsWith("\n>>> \"ha"));
        if (signal is null)
        {
            prompt.TypeNow(CtrlZ);
        }
        else
        {
            Os.Kill(pid, Enum.Parse<Signal>(signal));
        }

        // The line is there again, and goes on. How often it is drawn meanwhile, nobody knows.
        Await("\n>>> \"ha");
        Assert.False(prompt.Terminal.Echo);
        prompt.TypeNow("lf\"\r");
        Await("\n>>> \"half\"\n\"half\"\n>>>");
        prompt.TypeNow("x");
        Await("\n>>> x");
        prompt.TypeNow(CtrlC);
        Await("\n>>> x^C\n>>>");
        prompt.TypeNow("exit(3)\r");
        prompt.AwaitEnd();
        Assert.EndsWith($"\nover 3\n{Right}", prompt.Screen.Text);

        void Await(string end) => prompt.Await(
            screen => screen.IsDrawn && screen.Text.EndsWith(end) && screen.Text.Contains($"\n{Right}\n", StringComparison.Ordinal), end);
    }
}
