using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Gannet;

/// <summary>
/// A value of <see cref="Sys.Modules"/>: an assembly that is loaded, with its real name and where it came from. Python's
/// <c>module</c> object, of which the text form is the same.
/// </summary>
public sealed class LoadedModule
{
    internal LoadedModule(Assembly assembly)
    {
        Assembly = assembly;
        Name = assembly.GetName().Name ?? "";
        File = FindFile(assembly);
    }

    /// <summary><c>__name__</c>: the assembly's simple name, whatever key led here.</summary>
    public string Name { get; }

    /// <summary>The assembly itself.</summary>
    public Assembly Assembly { get; }

    /// <summary><c>__file__</c>: the full path of the file; null for what has none: built into the executable, or made or loaded
    /// in memory.</summary>
    public string? File { get; }

    /// <summary><c>&lt;module 'X' from '/path/X.dll'&gt;</c> or <c>&lt;module 'X' (built-in)&gt;</c>.</summary>
    public override string ToString() => File is null ? $"<module '{Name}' (built-in)>" : $"<module '{Name}' from '{File}'>";

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Empty in a single file, which is the answer: built in.")]
    private static string? FindFile(Assembly assembly) =>
        assembly is { IsDynamic: false, Location: { Length: > 0 } file } ? file : null;
}
