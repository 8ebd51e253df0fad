namespace Gannet.Tool.Scripts;

/// <summary>A script's text, with what it asks for.</summary>
internal sealed class Script
{
    private static readonly string s_currentDirectory = CurrentDirectory();

    private readonly string _text;

    private Script(ScriptSource source, byte[] bytes)
    {
        Source = source;
        Bytes = bytes;
        _text = ScriptText.Decode(bytes);
        Directives = Directive.FindAll(_text);
    }

    public ScriptSource Source { get; }

    /// <summary>The text as it was read; the compiler decides its encoding.</summary>
    public byte[] Bytes { get; }

    public IReadOnlyList<Directive> Directives { get; }

    /// <summary>The directory from which relative paths in directives count.</summary>
    public string BaseDirectory => Source.FullPath is { } path ? Path.GetDirectoryName(path)! : s_currentDirectory;

    /// <summary>The name of the program that it becomes, without an extension.</summary>
    public string ProgramName =>
        Source.FullPath is { } path && Path.GetFileNameWithoutExtension(path) is { Length: > 0 } name ? name : "script";

    /// <summary>The full paths of the single files that it includes; patterns are left out.</summary>
    public List<string> IncludedPaths
    {
        get
        {
            List<string> paths = [];
            foreach (Directive directive in Directives)
            {
                if (directive.Kind == "include" && Directive.IsPlainPath(directive.Value))
                {
                    paths.Add(Path.GetFullPath(directive.Value, BaseDirectory));
                }
            }

            return paths;
        }
    }

    /// <summary>
    /// Whether all that it is made of can be seen without MSBuild. Another project's sources can't, nor what a pattern matches or
    /// a build file imports.
    /// </summary>
    public bool IsSelfContained =>
        Directives.All(directive => directive.Kind is "package" or "property" or "sdk" || (directive.Kind == "include" && IsSelfContainedFile(directive.Value)))
        && BuildFiles.Above(this).All(BuildFiles.IsSelfContained);

    private bool IsSelfContainedFile(string path) =>
        Directive.IsPlainPath(path)
        && Path.GetFullPath(path, BaseDirectory) is var fullPath
        && File.Exists(fullPath)
        && Directive.FindAll(ScriptText.Decode(File.ReadAllBytes(fullPath))).Count == 0;

    /// <summary>
    /// Whether it may use event sources, which this process does not have: that setting is read before the first managed line, and
    /// a file-based app has them off. Only a script that leaves the rules of NativeAOT has them on.
    /// </summary>
    public bool MayUseEventSources =>
        _text.Contains("EventSource", StringComparison.Ordinal) || _text.Contains("EventListener", StringComparison.Ordinal);

    /// <summary>The root, when the current directory has been removed.</summary>
    private static string CurrentDirectory()
    {
        try
        {
            return Directory.GetCurrentDirectory();
        }
        catch (FileNotFoundException)
        {
            return "/";
        }
    }

    /// <exception cref="ToolException">The script can't be read.</exception>
    public static Script Read(ScriptSource source) => new(source, source.Read());
}
