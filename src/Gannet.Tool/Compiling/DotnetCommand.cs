using System.Diagnostics;

namespace Gannet.Tool.Compiling;

/// <summary>The SDK's command line.</summary>
internal static class DotnetCommand
{
    /// <summary>Options that leave nothing but errors in the output.</summary>
    public static readonly string[] Quiet = ["-nologo", "-v:quiet", "-tl:off", "-clp:ErrorsOnly;NoSummary"];

    /// <summary>Runs <c>dotnet</c> with these arguments to its end; its output and its errors are taken together.</summary>
    public static (int Status, string Output) Run(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(DotnetInstallation.Host, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("Process.Start gave no process.");
        // Standard input is the script's: the SDK must not read from it.
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

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
