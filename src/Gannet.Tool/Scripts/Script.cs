using System.Text;

namespace Gannet.Tool.Scripts;

/// <summary>A script's text, with what it asks for.</summary>
internal sealed class Script
{
    private Script(ScriptSource source, byte[] bytes)
    {
        Source = source;
        Bytes = bytes;
        Directives = Directive.FindAll(Encoding.UTF8.GetString(bytes));
    }

    public ScriptSource Source { get; }

    /// <summary>The text as it was read; the compiler decides its encoding.</summary>
    public byte[] Bytes { get; }

    public IReadOnlyList<Directive> Directives { get; }

    /// <summary>The directory from which relative paths in directives count.</summary>
    public string BaseDirectory =>
        Source.FullPath is { } path ? Path.GetDirectoryName(path)! : Directory.GetCurrentDirectory();

    /// <summary>The name of the program that it becomes, without an extension.</summary>
    public string ProgramName =>
        Source.FullPath is { } path && Path.GetFileNameWithoutExtension(path) is { Length: > 0 } name ? name : "script";

    /// <summary>The full paths of the single files that it includes; patterns are left out.</summary>
    public IEnumerable<string> IncludedPaths => Directives
        .Where(directive => directive.Kind == "include" && Directive.IsPlainPath(directive.Value))
        .Select(directive => Path.GetFullPath(directive.Value, BaseDirectory));

    /// <summary>
    /// Whether all that it is made of can be seen without MSBuild. Another project's sources can't, nor what a pattern matches or
    /// a build file imports.
    /// </summary>
    public bool IsSelfContained =>
        Directives.All(directive => directive.Kind is "package" or "property" or "sdk" || (directive.Kind == "include" && IsSelfContainedFile(directive.Value)))
        && BuildFiles.Above(this).All(path => !File.ReadAllText(path).Contains("<Import", StringComparison.OrdinalIgnoreCase));

    private bool IsSelfContainedFile(string path) =>
        Directive.IsPlainPath(path)
        && Path.GetFullPath(path, BaseDirectory) is var fullPath
        && File.Exists(fullPath)
        && Directive.FindAll(File.ReadAllText(fullPath)).Count == 0;

    /// <exception cref="ToolException">The script can't be read.</exception>
    public static Script Read(ScriptSource source) => new(source, source.Read());
}
