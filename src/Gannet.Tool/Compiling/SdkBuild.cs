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
    // Properties can rename the assembly and move its folder, so the build itself tells where it is.
    private const string AssemblyPathFile = "assembly-path";
    private const string UnfinishedFile = "unfinished";

    /// <summary>Builds the script in <paramref name="workFolder"/>, where an earlier build is taken up.</summary>
    /// <returns>What to run, in the folder to which the SDK has written it.</returns>
    /// <exception cref="ToolException">It has errors, each a line of the message.</exception>
    public static CompiledScript Run(Script script, string workFolder)
    {
        string file = script.Source.FullPath ?? WriteCopy(script, workFolder);
        CapturedText build = Build(script, file, workFolder);
        if (!build.Succeeded)
        {
            string errors = Errors(build.Output, script, file);
            throw new ToolException(
                errors is "" ? $"{script.Source.DisplayName}: error: dotnet build: {build.Status}" : errors, ExitStatus.Failure);
        }

        string assembly = File.ReadAllText(Path.Combine(workFolder, AssemblyPathFile)).Trim();
        CompiledScript compiled = new(Path.GetDirectoryName(assembly)!, Path.GetFileName(assembly), CompiledBy.Sdk, false, false);
        if (!File.Exists(compiled.RuntimeConfigPath))
        {
            throw new ToolException($"{script.Source.DisplayName}: error: the SDK has made no program of it", ExitStatus.Failure);
        }

        RuntimeConfig config = RuntimeConfig.Read(compiled.RuntimeConfigPath);
        return compiled with
        {
            FollowsNativeAotRules = config.FollowsNativeAotRules,
            RunsInPlace = config.IsPlain && (config.FollowsNativeAotRules || !script.MayUseEventSources),
        };
    }

    /// <summary>Name, length and time of each file that the SDK has written: it leaves a file alone whose contents stay the same.</summary>
    public static byte[] Describe(CompiledScript built)
    {
        IEnumerable<string> files = new DirectoryInfo(built.Directory)
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .OrderBy(file => file.FullName, StringComparer.Ordinal)
            .Select(file => $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}");
        return Encoding.UTF8.GetBytes(string.Join('\n', files));
    }

    /// <summary>Copies what the SDK has written, so that its next build can't change it under a script that runs.</summary>
    public static CompiledScript Copy(CompiledScript built, string directory)
    {
        foreach (string path in Directory.EnumerateFiles(built.Directory, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(directory, Path.GetRelativePath(built.Directory, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }

        return built with { Directory = directory };
    }

    /// <summary>A build that was killed leaves half of a file behind, which the next one would take for done, by its time.</summary>
    private static CapturedText Build(Script script, string file, string workFolder)
    {
        string unfinished = Path.Combine(workFolder, UnfinishedFile);
        if (File.Exists(unfinished))
        {
            Array.ForEach(Directory.GetDirectories(workFolder), directory => Directory.Delete(directory, recursive: true));
        }

        File.WriteAllBytes(unfinished, []);
        CapturedText build = RunDotnet(script, file, workFolder);
        if (build.Status.Exited)
        {
            File.Delete(unfinished);
        }

        return build;
    }

    private static CapturedText RunDotnet(Script script, string file, string workFolder)
    {
        string sdkFiles = Path.Combine(AppContext.BaseDirectory, "Sdk");
        return DotnetCommand.Run(
        [
            "build", file,
            .. DotnetCommand.Quiet,
            $"-p:ArtifactsPath={workFolder}{Path.DirectorySeparatorChar}",
            $"-p:CustomBeforeMicrosoftCommonProps={Path.Combine(sdkFiles, "Script.props")}",
            $"-p:CustomAfterMicrosoftCommonTargets={Path.Combine(sdkFiles, "Script.targets")}",
            $"-p:GannetAssembly={typeof(Sys).Assembly.Location}",
            $"-p:GannetIsReferenced={HasGannet(script)}",
            $"-p:GannetIsInScope={script.Directives.Count == 0}",
            $"-p:GannetAssemblyPathFile={Path.Combine(workFolder, AssemblyPathFile)}",
        ]);
    }

    private static bool HasGannet(Script script) => script.Directives.Any(directive =>
        (directive.Kind == "package" && directive.Value.Split('@')[0].Trim() == "Gannet")
        || (directive.Kind == "project" && directive.Value.TrimEnd('/').Split('/')[^1] is "Gannet" or "Gannet.csproj"));

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

    /// <summary>The SDK's error lines, with the script's name as it was typed.</summary>
    private static string Errors(string output, Script script, string file) =>
        string.Join('\n', DotnetCommand.ErrorLines(output).Select(line => line.Replace(file, script.Source.DisplayName, StringComparison.Ordinal)));
}
