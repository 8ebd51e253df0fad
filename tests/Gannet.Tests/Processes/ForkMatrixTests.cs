using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>Every kind of child under every setting of the runtime that changes what stands still at a fork, again and again.</summary>
public class ForkMatrixTests
{
    private const int ShortCount = 20;
    private const int LongCount = 200;

    [ForkTheory]
    [InlineData("", "")]
    [InlineData("DOTNET_gcServer", "1")]
    [InlineData("DOTNET_gcConcurrent", "0")]
    [InlineData("DOTNET_TieredCompilation", "0")]
    [InlineData("DOTNET_TieredPGO", "0")]
    [Trait("S", "S296")]
    public void Children_can_do_whatever_a_program_does(string setting, string value)
    {
        int count = Environment.GetEnvironmentVariable("GANNET_STRESS") is "long" ? LongCount : ShortCount;
        Dictionary<string, string?> environment = setting is "" ? [] : new() { [setting] = value };
        using TestProcess child = TestProcess.Run(
            ChildProgram.Executable, ["ForkMatrix.Run", $"{count}"], environment: environment, timeout: TimeSpan.FromMinutes(4 + count));
        Assert.Equal((0, "parent well\n", ""), (child.ShellStatus, child.Stdout, child.Stderr));
    }
}
