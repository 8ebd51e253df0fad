using Gannet.Testing;
using Gannet.Tests.Processes;
using Gannet.Tests.Tool;

namespace Gannet.Tests.Examples;

[Collection(Spawned.Collection)]
public class ParallelExampleTests
{
    [Fact]
    public void On_a_terminal_a_bar_shows_how_far_it_is_and_the_output_keeps_its_order()
    {
        CapturedText run = Command.Of(ScriptFolder.Command, "examples/parallel.cs", "-j", "2", "sleep 0.3; echo one", "echo two; exit 3")
            .In(Repository.Root).WithVariable("TERM", "xterm").WithTerminal().Capture(TimeSpan.FromMinutes(3));
        Assert.Equal(3, run.Status.ExitStatus);
        Assert.Matches(@"^[\s\S]*one\r\n[\s\S]*two\r\n[\s\S]*$", run.Output);
        Assert.Matches(@"commands\W[\s\S]*100%", run.Output);
    }
}
