namespace Gannet.Tool.Scripts;

/// <summary>The files above a script that MSBuild and NuGet read without being told to.</summary>
internal static class BuildFiles
{
    public const string Properties = "Directory.Build.props";
    public const string Targets = "Directory.Build.targets";
    public const string Responses = "Directory.Build.rsp";

    private static readonly string[] s_names =
        [Properties, Targets, Responses, "Directory.Packages.props", "nuget.config", "NuGet.config", "NuGet.Config", "global.json"];

    /// <summary>All of them, in the script's directory and in those above it; none for a script that is in no file.</summary>
    public static IEnumerable<string> Above(Script script) =>
        script.Source.FullPath is null
            ? []
            : DirectoriesFrom(script.BaseDirectory).SelectMany(directory => s_names.Select(name => Path.Combine(directory, name))).Where(File.Exists);

    /// <summary>The nearest file of this name above a script, which is the one that counts; null when there is none.</summary>
    public static string? Nearest(Script script, string name) =>
        script.Source.FullPath is null
            ? null
            : DirectoriesFrom(script.BaseDirectory).Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> DirectoriesFrom(string directory)
    {
        for (string? current = directory; current is not null; current = Path.GetDirectoryName(current))
        {
            yield return current;
        }
    }
}
