using Gannet.Testing;

namespace Gannet.Stress;

/// <summary>Many forks, each series in a process of its own.</summary>
[Collection("Children of this process")]
public class ForkStress
{
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(2);

    // The tests of the library have all of them in their short form.
    private static readonly string[] s_fewKinds = ["1", "collects", "forks"];

    private static bool IsLong => Environment.GetEnvironmentVariable("GANNET_STRESS") is "long";

    [ForkTheory]
    [InlineData("", "")]
    [InlineData("DOTNET_gcServer", "1")]
    [InlineData("DOTNET_gcConcurrent", "0")]
    [InlineData("DOTNET_TieredCompilation", "0")]
    [InlineData("DOTNET_TieredPGO", "0")]
    public void Children_of_every_kind_do_what_they_should(string setting, string value)
    {
        Dictionary<string, string?> environment = setting is "" ? [] : new() { [setting] = value };
        Assert.Equal("parent well\n", Output("ForkMatrix.Run", IsLong ? ["200"] : s_fewKinds, environment));
    }

    [ForkFact]
    public void Ten_thousand_children_in_a_row_leave_nothing() => Assert.Equal("0 [] True\n", Output("Forks.Many", [IsLong ? "10000" : "20"]));

    [ForkFact]
    public void During_collections_each_fork_comes_about_or_is_refused() =>
        Assert.Equal("each right or refused\n", Output("Forks.WhileCollecting", [IsLong ? "2000" : "10"]));

    private static string Output(string scenario, string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using TestProcess child = TestProcess.Run(
            ChildProgram.Executable, [scenario, .. arguments], environment: environment, timeout: s_patience);
        Assert.Equal((0, ""), (child.ShellStatus, child.Stderr));
        return child.Stdout;
    }
}
