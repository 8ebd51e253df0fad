using System.Diagnostics.CodeAnalysis;
using System.Xml;
using System.Xml.Linq;

namespace Gannet.Tool.Scripts;

/// <summary>
/// What a script's directives and the build files above it ask for, as far as <c>gannet</c> can do it without MSBuild. A
/// script that asks for anything else is built by the SDK, so that it means the same here as under <c>dotnet run</c>.
/// </summary>
internal sealed class ScriptSettings
{
    private static readonly string[] s_understood =
    [
        "PublishAot", "Nullable", "ImplicitUsings", "AllowUnsafeBlocks", "TreatWarningsAsErrors", "DefineConstants", "NoWarn", "TargetFramework",
    ];

    private ScriptSettings()
    {
    }

    /// <summary>
    /// Whether the script follows the rules of NativeAOT, among them JSON without reflection: a file-based app does, unless it
    /// says <c>PublishAot=false</c>.
    /// </summary>
    public bool FollowsNativeAotRules { get; private set; } = true;

    public bool Nullable { get; private set; } = true;

    public bool ImplicitUsings { get; private set; } = true;

    public bool AllowUnsafeBlocks { get; private set; }

    /// <summary>Constants that the preprocessor knows beside the SDK's own.</summary>
    public List<string> DefineConstants { get; } = [];

    /// <summary>Diagnostics that are not reported.</summary>
    public List<string> NoWarn { get; } = [];

    /// <summary>The full paths of the files that are compiled with the script.</summary>
    public List<string> IncludedFiles { get; } = [];

    /// <summary>Whether the script has no directive, and so has Gannet's namespaces in scope.</summary>
    public bool HasGannetInScope { get; private set; }

    /// <summary>Reads the settings; false when the script needs the SDK.</summary>
    public static bool TryRead(Script script, [NotNullWhen(true)] out ScriptSettings? settings)
    {
        ScriptSettings candidate = new() { HasGannetInScope = script.Directives.Count == 0 };
        bool understood = candidate.TryApplyBuildFiles(script) && script.Directives.All(directive => candidate.TryApply(directive, script))
            && (candidate.FollowsNativeAotRules || !script.MayUseEventSources);
        settings = understood ? candidate : null;
        return understood;
    }

    private bool TryApply(Directive directive, Script script) => directive.Kind switch
    {
        "project" => IsGannetProject(Path.Combine(script.BaseDirectory, directive.Value)),
        "package" => IsGannetPackage(directive.Value),
        "property" => TryApplyProperty(directive.Value),
        "include" => TryInclude(directive.Value, script),
        _ => false,
    };

    private static bool IsGannetProject(string path) =>
        Path.GetFileName(path) == "Gannet.csproj" ? File.Exists(path) : File.Exists(Path.Combine(path, "Gannet.csproj"));

    private static bool IsGannetPackage(string package)
    {
        (string name, string version) = Split(package, '@');
        return name == "Gannet" && version is "" or "*" || package == $"Gannet@{GannetVersion}";
    }

    private static string GannetVersion => typeof(Sys).Assembly.GetName().Version!.ToString(3);

    private bool TryApplyProperty(string property)
    {
        (string name, string value) = Split(property, '=');
        return TryApplyProperty(name, value);
    }

    private bool TryApplyProperty(string name, string value)
    {
        // MSBuild does not tell capitals from small letters.
        switch (Array.Find(s_understood, understood => understood.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            case "PublishAot":
                return TryParse(value, "true", "false", on => FollowsNativeAotRules = on);
            case "Nullable":
                return TryParse(value, "enable", "disable", on => Nullable = on);
            case "ImplicitUsings":
                return TryParse(value, "enable", "disable", on => ImplicitUsings = on);
            case "AllowUnsafeBlocks":
                return TryParse(value, "true", "false", on => AllowUnsafeBlocks = on);
            case "TreatWarningsAsErrors":
                // Which warnings there are, the SDK's analyzers know.
                return string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);
            case "DefineConstants":
                return TryAddConstants(value);
            case "NoWarn":
                return TryAddWords(value, "$(NoWarn)", NoWarn);
            case "TargetFramework":
                return value == "net10.0";
            default:
                return false;
        }
    }

    private static bool TryParse(string value, string yes, string no, Action<bool> set)
    {
        bool isYes = string.Equals(value, yes, StringComparison.OrdinalIgnoreCase);
        if (isYes || string.Equals(value, no, StringComparison.OrdinalIgnoreCase))
        {
            set(isYes);
            return true;
        }

        return false;
    }

    /// <summary>A value without the property's former one would take DEBUG and TRACE away: that is left to the SDK.</summary>
    private bool TryAddConstants(string value) =>
        value.Contains("$(DefineConstants)", StringComparison.OrdinalIgnoreCase)
        && TryAddWords(value, "$(DefineConstants)", DefineConstants)
        && DefineConstants.TrueForAll(constant => constant.All(c => char.IsLetterOrDigit(c) || c == '_') && !char.IsDigit(constant[0]));

    /// <param name="value">Words between semicolons, commas or blanks.</param>
    /// <param name="former">A reference to the property's own former value, to which the words are added anyway.</param>
    /// <param name="words">What they are added to.</param>
    private static bool TryAddWords(string value, string former, List<string> words)
    {
        words.AddRange(value
            .Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(word => !word.Equals(former, StringComparison.OrdinalIgnoreCase)));
        return words.TrueForAll(word => !word.Contains('$', StringComparison.Ordinal));
    }

    private bool TryInclude(string pattern, Script script)
    {
        string path = Path.GetFullPath(pattern, script.BaseDirectory);
        if (!Directive.IsPlainPath(pattern) || !path.EndsWith(".cs", StringComparison.Ordinal) || !File.Exists(path))
        {
            return false;
        }

        // An included file that asks for something itself is the SDK's business.
        if (Directive.FindAll(ScriptText.Decode(File.ReadAllBytes(path))).Count > 0)
        {
            return false;
        }

        IncludedFiles.Add(path);
        return true;
    }

    /// <summary>
    /// MSBuild takes the nearest of each of these files above the script. Plain properties are understood here; targets,
    /// response files, items, imports and conditions are not. Directory.Packages.props matters to packages alone.
    /// </summary>
    private bool TryApplyBuildFiles(Script script) =>
        BuildFiles.Nearest(script, BuildFiles.Targets) is null
        && BuildFiles.Nearest(script, BuildFiles.Responses) is null
        && !BuildFiles.Above(script).Exists(BuildFiles.RaisesErrors)
        && (BuildFiles.Nearest(script, BuildFiles.Properties) is not { } properties || TryApplyPropertyFile(properties));

    private bool TryApplyPropertyFile(string path)
    {
        XElement? project;
        try
        {
            project = XDocument.Load(path).Root;
        }
        catch (XmlException)
        {
            // The SDK says what is wrong with it.
            return false;
        }

        return project is not null
            && !project.HasAttributes
            && project.Elements().All(group => group.Name.LocalName == "PropertyGroup" && !group.HasAttributes)
            && project.Elements().Elements().All(property => !property.HasAttributes && TryApplyProperty(property.Name.LocalName, property.Value.Trim()));
    }

    private static (string Before, string After) Split(string text, char separator)
    {
        int at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text.Trim(), "") : (text[..at].Trim(), text[(at + 1)..].Trim());
    }
}
