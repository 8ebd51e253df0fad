namespace Gannet.Tool.Compiling;

/// <summary>The SDK's command line.</summary>
internal static class DotnetCommand
{
    /// <summary>Options that leave nothing but errors in the output.</summary>
    public static readonly string[] Quiet = ["-nologo", "-v:quiet", "-tl:off", "-clp:ErrorsOnly;NoSummary"];

    /// <summary>Runs <c>dotnet</c> with these arguments to its end; its output and its errors are taken together. It ends with this process,
    /// lest it goes on to write where the next run builds.</summary>
    public static CapturedText Run(IEnumerable<string> arguments) =>
        // Standard input is the script's: the SDK must not read from it.
        Command.Of(DotnetInstallation.Host, [.. arguments])
            .WithStdin(Stdio.Null).WithMergedOutput().WithParentDeathSignal(Signal.SIGKILL).Capture();

    /// <summary>The lines of the output, once each, without the project that MSBuild names behind an error.</summary>
    public static IEnumerable<string> ErrorLines(string output) => output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(WithoutProject)
        .Distinct(StringComparer.Ordinal);

    private static string WithoutProject(string line)
    {
        int start = line.LastIndexOf(" [", StringComparison.Ordinal);
        return start > 0 && line.EndsWith("proj]", StringComparison.Ordinal) ? line[..start] : line;
    }
}
