using Gannet.Tool.Compiling;
using Microsoft.CodeAnalysis;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>
/// The assemblies that inputs are compiled against. Reading all of the framework's takes long, and looking through them at each input too, so there are
/// two parts: those that suffice for what is in scope by itself, and the rest.
/// </summary>
internal sealed class FrameworkReferences
{
    private static readonly string[] s_own = [typeof(Sys).Assembly.Location, typeof(PromptGlobals).Assembly.Location];

    private readonly string _folder = ScriptCompiler.FrameworkFolder;

    // One object for each, so that the compiler reads it once.
    private readonly Dictionary<string, PortableExecutableReference> _read = new(StringComparer.OrdinalIgnoreCase);
    private List<PortableExecutableReference>? _rest;

    public FrameworkReferences() => First =
    [
        .. ImpliedNames.Assemblies.Select(name => Path.Combine(_folder, name + ".dll")).Where(File.Exists).Concat(s_own).Select(Read),
    ];

    /// <summary>What nearly every input is content with.</summary>
    public IReadOnlyList<PortableExecutableReference> First { get; }

    /// <summary>Every other assembly of the framework.</summary>
    public IReadOnlyList<PortableExecutableReference> Rest => _rest ??= [.. Files.Select(Read).Except(First)];

    private IEnumerable<string> Files => Directory.EnumerateFiles(_folder, "*.dll");

    /// <summary>An assembly by its name, in letters of either case; null when there is none.</summary>
    public PortableExecutableReference? Find(string name) =>
        Files.Concat(s_own).FirstOrDefault(path => NameOf(path).Equals(name, StringComparison.OrdinalIgnoreCase)) is { } path ? Read(path) : null;

    /// <summary>Whether a reference is one of these.</summary>
    public bool Has(PortableExecutableReference reference) => _read.ContainsValue(reference);

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    private PortableExecutableReference Read(string path)
    {
        if (!_read.TryGetValue(NameOf(path), out PortableExecutableReference? reference))
        {
            _read.Add(NameOf(path), reference = MetadataReference.CreateFromFile(path));
        }

        return reference;
    }
}
