using System.Diagnostics.CodeAnalysis;
using Gannet.Tool.Compiling;
using Microsoft.CodeAnalysis;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>
/// The assemblies that inputs are compiled against. Reading all of the framework's takes long, and looking through them at each input too, so there are
/// two parts: those that suffice for what is in scope by itself, and the rest.
/// </summary>
internal sealed class FrameworkReferences
{
    private readonly string _folder = ScriptCompiler.FrameworkFolder;
    private readonly Dictionary<string, PortableExecutableReference> _read = new(StringComparer.OrdinalIgnoreCase);
    private List<PortableExecutableReference>? _rest;

    public FrameworkReferences() => First =
    [
        .. ImpliedNames.Assemblies.Select(name => TryFind(name, out PortableExecutableReference? reference) ? reference : null).OfType<PortableExecutableReference>(),
        MetadataReference.CreateFromFile(typeof(Sys).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(PromptGlobals).Assembly.Location),
    ];

    /// <summary>What nearly every input is content with.</summary>
    public IReadOnlyList<PortableExecutableReference> First { get; }

    /// <summary>Every other assembly of the framework.</summary>
    public IReadOnlyList<PortableExecutableReference> Rest => _rest ??=
    [
        .. Directory.EnumerateFiles(_folder, "*.dll")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => !ImpliedNames.Assemblies.Contains(name, StringComparer.Ordinal))
            .Select(name => TryFind(name, out PortableExecutableReference? reference) ? reference : null)
            .OfType<PortableExecutableReference>(),
    ];

    /// <summary>Finds an assembly of the framework by its name. There is one object for each, so that the compiler reads it once.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out PortableExecutableReference? reference)
    {
        if (_read.TryGetValue(name, out reference))
        {
            return true;
        }

        string path = Path.Combine(_folder, name + ".dll");
        if (!File.Exists(path))
        {
            return false;
        }

        _read.Add(name, reference = MetadataReference.CreateFromFile(path));
        return true;
    }
}
