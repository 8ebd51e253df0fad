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

    /// <exception cref="ToolException">The script can't be read.</exception>
    public static Script Read(ScriptSource source) => new(source, source.Read());
}
