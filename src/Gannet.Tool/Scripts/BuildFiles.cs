using System.Xml;
using System.Xml.Linq;

namespace Gannet.Tool.Scripts;

/// <summary>The files above a script that MSBuild and NuGet read without being told to.</summary>
internal static class BuildFiles
{
    public const string Properties = "Directory.Build.props";
    public const string Targets = "Directory.Build.targets";
    public const string Responses = "Directory.Build.rsp";

    private static readonly string[] s_names =
    [
        Properties, Targets, Responses, "Directory.Packages.props", "nuget.config", "NuGet.config", "NuGet.Config", "global.json",
        ".editorconfig", ".globalconfig",
    ];

    /// <summary>All of them, in the script's directory and in those above it; none for a script that is in no file.</summary>
    public static List<string> Above(Script script)
    {
        List<string> found = [];
        for (string? directory = FirstDirectory(script); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            foreach (string name in s_names)
            {
                string path = Path.Combine(directory, name);
                if (File.Exists(path))
                {
                    found.Add(path);
                }
            }
        }

        return found;
    }

    /// <summary>The nearest file of this name above a script, which is the one that counts; null when there is none.</summary>
    public static string? Nearest(Script script, string name)
    {
        for (string? directory = FirstDirectory(script); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            string path = Path.Combine(directory, name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>
    /// Whether a file tells all there is to it: MSBuild's files do when they hold nothing but properties and versions of packages,
    /// with no expression that could read anything else.
    /// </summary>
    public static bool IsSelfContained(string path)
    {
        if (Path.GetExtension(path) is not (".props" or ".targets"))
        {
            return Path.GetFileName(path) != Responses;
        }

        try
        {
            XElement? project = XDocument.Load(path).Root;
            return project is not null
                && project.Elements().All(group => group.Name.LocalName == "PropertyGroup" || IsPackageVersions(group))
                && !File.ReadAllText(path).AsSpan().ContainsAny('$', '@', '[');
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static bool IsPackageVersions(XElement group) =>
        group.Name.LocalName == "ItemGroup" && group.Elements().All(item => item.Name.LocalName == "PackageVersion");

    /// <summary>Whether a settings file for analyzers makes errors of what the compiler by itself does not.</summary>
    public static bool RaisesErrors(string path) =>
        Path.GetFileName(path) is ".editorconfig" or ".globalconfig"
        && File.ReadLines(path).Any(line => line.Contains("severity", StringComparison.OrdinalIgnoreCase) && line.Contains("error", StringComparison.OrdinalIgnoreCase));

    private static string? FirstDirectory(Script script) => script.Source.FullPath is null ? null : script.BaseDirectory;
}
