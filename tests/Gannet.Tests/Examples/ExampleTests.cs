using Gannet.Testing;
using Gannet.Tests.Tool;

namespace Gannet.Tests.Examples;

/// <summary>
/// Every example, as a reader would run it from the checkout: by <c>./gannet</c> and by <c>dotnet run</c>, with the same
/// output and status. What it prints is what the book's listing prints, where that does not depend on the machine.
/// </summary>
public class ExampleTests
{
    private static readonly string s_version = typeof(Sys).Assembly.GetName().Version!.ToString(3);

    /// <summary>The example, its arguments, its status, and a pattern for its whole output; standard error stands after "2>".</summary>
    public static TheoryData<string, string[], int, string> Examples => new()
    {
        { "argv.cs", ["hello", "this", "is", "a", "test"], 0, "Argument 0 is examples/argv.cs\nArgument 1 is hello\nArgument 2 is this\nArgument 3 is is\nArgument 4 is a\nArgument 5 is test\n2>" },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_prints_the_same_under_gannet_and_under_dotnet_run(string example, string[] arguments, int status, string pattern)
    {
        string path = "examples/" + example;
        using TestProcess gannet = TestProcess.Run(ScriptFolder.Command, [path, .. arguments], workingDirectory: Repository.Root);
        Assert.Matches($"^{pattern}$", $"{gannet.Stdout}2>{gannet.Stderr}");
        Assert.Equal(status, gannet.ExitCode);

        using TestProcess dotnet = TestProcess.Run(
            Dotnet, ["run", path, "--", .. arguments], workingDirectory: Repository.Root, timeout: TimeSpan.FromMinutes(3));
        Assert.Equal((gannet.ExitCode, gannet.Stdout, gannet.Stderr), (dotnet.ExitCode, dotnet.Stdout, dotnet.Stderr));
    }

    [Fact]
    public void Every_example_is_tested() =>
        Assert.Equal(
            Directory.EnumerateFiles(Repository.Examples, "*.cs").Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Examples.Select(row => (string)row[0]!).Distinct().Order(StringComparer.Ordinal));

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "/usr/bin/dotnet";
}
