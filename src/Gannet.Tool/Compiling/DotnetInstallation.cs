using System.Runtime.InteropServices;

namespace Gannet.Tool.Compiling;

/// <summary>The .NET installation that this process runs on: the SDK's compiler and reference assemblies are taken from there.</summary>
internal static class DotnetInstallation
{
    private static string? s_sdk;
    private static string? s_targetingPack;

    /// <summary>The directory that holds <c>dotnet</c>, <c>sdk/</c> and <c>shared/</c>; the runtime lies in shared/NAME/VERSION/.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>The <c>dotnet</c> command.</summary>
    public static string Host => Path.Combine(Root, "dotnet");

    /// <summary>The folder of all SDKs.</summary>
    public static string SdkFolder => Path.Combine(Root, "sdk");

    /// <summary>The folder of all targeting packs for the ordinary framework.</summary>
    public static string TargetingPackFolder => Path.Combine(Root, "packs", "Microsoft.NETCore.App.Ref");

    /// <summary>The folder of the newest SDK for this runtime.</summary>
    /// <exception cref="ToolException">There is none.</exception>
    public static string Sdk => s_sdk ??= Newest(SdkFolder, "the .NET SDK");

    /// <summary>The folder of the SDK's C# compiler, compiled ReadyToRun.</summary>
    public static string Roslyn => Path.Combine(Sdk, "Roslyn", "bincore");

    /// <summary>The folder of the targeting pack: reference assemblies, and the source generators that belong to them.</summary>
    /// <exception cref="ToolException">There is none.</exception>
    public static string TargetingPack => s_targetingPack ??= Newest(TargetingPackFolder, "the .NET targeting pack, which comes with the SDK,");

    private static string Newest(string parent, string what)
    {
        string? newest = null;
        Version newestVersion = new();
        if (Directory.Exists(parent))
        {
            foreach (string directory in Directory.EnumerateDirectories(parent))
            {
                if (TryParse(Path.GetFileName(directory), out Version? version) && version >= newestVersion)
                {
                    (newest, newestVersion) = (directory, version);
                }
            }
        }

        return newest ?? throw new ToolException(
            $"gannet: {what} for .NET {Environment.Version.Major} is missing in {Root}; scripts can't be compiled without it.", ExitStatus.Failure);
    }

    /// <summary>Releases of the running runtime's major version count; previews (<c>10.0.100-rc.1</c>) do not.</summary>
    private static bool TryParse(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Version? version) =>
        Version.TryParse(name, out version) && version.Major == Environment.Version.Major;
}
