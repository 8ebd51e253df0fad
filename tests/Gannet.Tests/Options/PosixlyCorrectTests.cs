namespace Gannet.Tests.Options;

/// <summary>The environment belongs to the whole process, so nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(PosixlyCorrectTests), DisableParallelization = true)]
[Collection(nameof(PosixlyCorrectTests))]
public sealed class PosixlyCorrectTests : IDisposable
{
    private const string Variable = "POSIXLY_CORRECT";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public void Dispose() => Environment.SetEnvironmentVariable(Variable, _before);

    [Theory, Trait("S", "S049")]
    [InlineData("1", new[] { "x", "-a", "y" })]
    [InlineData("", new[] { "x", "y" })]
    [InlineData(null, new[] { "x", "y" })]
    public void POSIXLY_CORRECT_makes_the_GNU_form_stop_at_the_first_operand_unless_it_is_empty(string? value, string[] rest)
    {
        Environment.SetEnvironmentVariable(Variable, value);
        Assert.Equal(rest, GetOpt.ParseGnu(["-a", "x", "-a", "y"], "a").Arguments);
    }

    [Fact]
    public void POSIXLY_CORRECT_keeps_two_hyphens_behind_an_operand()
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        Assert.Equal(["x", "--", "y"], GetOpt.ParseGnu(["x", "--", "y"], "a").Arguments);
    }

    [Fact]
    public void A_minus_in_front_wins_over_POSIXLY_CORRECT()
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        Assert.Equal([new("", "x"), new("-a", "")], GetOpt.ParseGnu(["x", "-a"], "-a").Options);
    }
}
