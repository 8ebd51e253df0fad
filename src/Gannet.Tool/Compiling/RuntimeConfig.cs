using System.Text.Json;

namespace Gannet.Tool.Compiling;

/// <summary>What the SDK has written into a script's runtimeconfig.json, as far as it matters to how the script is started.</summary>
internal sealed class RuntimeConfig
{
    private static readonly string[] s_harmless =
    [
        // Set again by the command, or the command's own setting too.
        "EntryPointFilePath",
        "EntryPointFileDirectoryPath",
        FollowsNativeAotRulesName,
        "System.Reflection.Metadata.MetadataUpdater.IsSupported",
        "System.Runtime.Serialization.EnableUnsafeBinaryFormatterSerialization",
    ];

    private const string FollowsNativeAotRulesName = "Gannet.Script.FollowsNativeAotRules";

    private RuntimeConfig(bool isPlain, bool followsNativeAotRules)
    {
        IsPlain = isPlain;
        FollowsNativeAotRules = followsNativeAotRules;
    }

    /// <summary>Whether it asks for nothing that the command's own process does not have.</summary>
    public bool IsPlain { get; }

    /// <summary>Set by Sdk/Script.targets.</summary>
    public bool FollowsNativeAotRules { get; }

    public static RuntimeConfig Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement options = document.RootElement.GetProperty("runtimeOptions");
        bool hasProperties = options.TryGetProperty("configProperties", out JsonElement properties);
        bool onlyTheFramework = options.TryGetProperty("framework", out JsonElement framework)
            && framework.GetProperty("name").GetString() == "Microsoft.NETCore.App";
        return new RuntimeConfig(
            onlyTheFramework && (!hasProperties || properties.EnumerateObject().All(property => s_harmless.Contains(property.Name))),
            hasProperties && properties.TryGetProperty(FollowsNativeAotRulesName, out JsonElement follows) && follows.GetBoolean());
    }
}
