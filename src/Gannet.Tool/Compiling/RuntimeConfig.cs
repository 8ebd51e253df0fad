using System.Text.Json;

namespace Gannet.Tool.Compiling;

/// <summary>What the SDK has written into a script's runtimeconfig.json, as far as it matters to how the script is started.</summary>
internal sealed class RuntimeConfig
{
    private const string OrdinaryFramework = "Microsoft.NETCore.App";
    private const string FollowsNativeAotRulesName = "Gannet.Script.FollowsNativeAotRules";

    // What the command sets itself when it runs a script, or has in its own file too.
    private static readonly string[] s_alwaysSet =
    [
        "EntryPointFilePath",
        "EntryPointFileDirectoryPath",
        FollowsNativeAotRulesName,
        "System.Reflection.Metadata.MetadataUpdater.IsSupported",
        "System.Runtime.Serialization.EnableUnsafeBinaryFormatterSerialization",
    ];

    private RuntimeConfig(IReadOnlyList<string> extraFrameworks, IReadOnlyList<(string, string)> settings, bool followsNativeAotRules)
    {
        ExtraFrameworks = extraFrameworks;
        Settings = settings;
        FollowsNativeAotRules = followsNativeAotRules;
    }

    /// <summary>The frameworks beside the ordinary one, for instance ASP.NET's.</summary>
    public IReadOnlyList<string> ExtraFrameworks { get; }

    /// <summary>The settings that the command's own process does not have.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; }

    /// <summary>Set by Sdk/Script.targets.</summary>
    public bool FollowsNativeAotRules { get; }

    /// <summary>Whether it asks for nothing that the command's own process does not have.</summary>
    public bool IsPlain => ExtraFrameworks.Count == 0 && Settings.Count == 0;

    public static RuntimeConfig Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement options = document.RootElement.GetProperty("runtimeOptions");
        List<JsonProperty> settings = options.TryGetProperty("configProperties", out JsonElement properties) ? [.. properties.EnumerateObject()] : [];
        return new RuntimeConfig(
            [.. Frameworks(options).Where(name => name != OrdinaryFramework)],
            [.. settings.Where(setting => !s_alwaysSet.Contains(setting.Name)).Select(setting => (setting.Name, setting.Value.ToString()))],
            settings.Any(setting => setting.Name == FollowsNativeAotRulesName && setting.Value.GetBoolean()));
    }

    private static IEnumerable<string> Frameworks(JsonElement options)
    {
        if (options.TryGetProperty("framework", out JsonElement only))
        {
            return [only.GetProperty("name").GetString()!];
        }

        return options.TryGetProperty("frameworks", out JsonElement several)
            ? [.. several.EnumerateArray().Select(framework => framework.GetProperty("name").GetString()!)]
            : [];
    }
}
