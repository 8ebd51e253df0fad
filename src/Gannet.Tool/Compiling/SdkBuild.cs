using System.Diagnostics;
using System.Text;
using Gannet.Tool.Running;
using Gannet.Tool.Scripts;

namespace Gannet.Tool.Compiling;

/// <summary>
/// Builds a script that asks for more than Gannet (packages, other projects, another SDK) through <c>dotnet build</c>, into a
/// directory of Gannet's own. The file Sdk/Script.targets adds the reference to Gannet and settles NativeAOT.
/// </summary>
internal static class SdkBuild
{
    /// <summary>Builds the script below <paramref name="directory"/>.</summary>
    /// <exception cref="ToolException">It has errors, each a line of the message.</exception>
    public static CompiledScript Run(Script script, string directory)
    {
        Directory.CreateDirectory(directory);
        string file = script.Source.FullPath ?? WriteCopy(script, directory);
        (int status, string output) = RunDotnet(script, file, directory);
        if (status != 0)
        {
            throw new ToolException(Errors(output, script, file), ExitStatus.Failure);
        }

        CompiledScript compiled = new(
            Path.Combine(directory, "bin", "debug"), Path.GetFileNameWithoutExtension(file) + ".dll", CompiledBy.Sdk, FollowsNativeAotRules: false);
        compiled.Save();
        return compiled;
    }

    private static (int Status, string Output) RunDotnet(Script script, string file, string directory)
    {
        string sdkFiles = Path.Combine(AppContext.BaseDirectory, "Sdk");
        ProcessStartInfo start = new(DotnetInstallation.Host)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "build", file, "-nologo", "-v:quiet", "-tl:off", "-clp:ErrorsOnly;NoSummary",
                $"-p:ArtifactsPath={directory}{Path.DirectorySeparatorChar}",
                $"-p:CustomBeforeMicrosoftCommonProps={Path.Combine(sdkFiles, "Script.props")}",
                $"-p:CustomAfterMicrosoftCommonTargets={Path.Combine(sdkFiles, "Script.targets")}",
                $"-p:GannetAssembly={typeof(Sys).Assembly.Location}",
                $"-p:GannetIsReferenced={HasGannet(script)}",
                $"-p:GannetScriptSetsPublishAot={SetsPublishAot(script)}",
            },
        };

        using Process build = Process.Start(start) ?? throw new InvalidOperationException("Process.Start gave no process.");
        Task<string> errors = build.StandardError.ReadToEndAsync();
        string output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return (build.ExitCode, output + errors.Result);
    }

    private static bool HasGannet(Script script) => script.Directives.Any(directive =>
        (directive.Kind == "package" && directive.Value.Split('@')[0].Trim() == "Gannet")
        || (directive.Kind == "project" && directive.Value.TrimEnd('/').Split('/')[^1] is "Gannet" or "Gannet.csproj"));

    private static bool SetsPublishAot(Script script) => script.Directives.Any(directive =>
        directive.Kind == "property" && directive.Value.Split('=')[0].Trim() == "PublishAot");

    /// <summary>Code that is in no file gets one; its relative paths count from the current directory, where it was typed.</summary>
    private static string WriteCopy(Script script, string directory)
    {
        string[] lines = Encoding.UTF8.GetString(script.Bytes).Split('\n');
        foreach (Directive directive in script.Directives.Where(directive => directive.Kind is "project" or "include"))
        {
            lines[directive.Line - 1] = $"#:{directive.Kind} {Path.GetFullPath(directive.Value, script.BaseDirectory)}";
        }

        string file = Path.Combine(directory, script.ProgramName + ".cs");
        File.WriteAllText(file, string.Join('\n', lines));
        return file;
    }

    /// <summary>The SDK's error lines, once each, without the project behind them and with the script's name as it was typed.</summary>
    private static string Errors(string output, Script script, string file)
    {
        IEnumerable<string> lines = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => WithoutProject(line).Replace(file, script.Source.DisplayName, StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    private static string WithoutProject(string line)
    {
        int start = line.LastIndexOf(" [", StringComparison.Ordinal);
        return start > 0 && line.EndsWith("proj]", StringComparison.Ordinal) ? line[..start] : line;
    }
}
