using Gannet.Testing;

namespace Gannet.Stress;

/// <summary>Many forks, each series in a process of its own.</summary>
[Collection("Children of this process")]
public class ForkStress
{
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(2);

    private static bool IsLong => Environment.GetEnvironmentVariable("GANNET_STRESS") is "long";

    [ForkFact]
    public void Ten_thousand_children_in_a_row_leave_nothing() => Assert.Equal("0 [] True\n", Output("Forks.Many", [IsLong ? "10000" : "20"]));

    [ForkFact]
    public void During_collections_each_fork_comes_about_or_is_refused() =>
        Assert.Equal("each right or refused\n", Output("Forks.WhileCollecting", [IsLong ? "2000" : "10"]));

    private static string Output(string scenario, string[] arguments)
    {
        using TestProcess child = TestProcess.Run(ChildProgram.Executable, [scenario, .. arguments], timeout: s_patience);
        Assert.Equal((0, ""), (child.ShellStatus, child.Stderr));
        return child.Stdout;
    }
}
