using System.Reflection;
using System.Runtime.Loader;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>The assemblies that a session has made and those that it has referred to, by their names.</summary>
internal sealed class LoadedInputs
{
    private readonly Dictionary<string, Assembly> _declaring = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _references = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly InputContext _lasting;

    public LoadedInputs() => _lasting = InputContext.Lasting(this);

    /// <summary>Loads an input, for as long as something refers to it, or for good.</summary>
    /// <param name="assembly">The compiled input.</param>
    /// <param name="symbols">Where its lines stand.</param>
    /// <param name="declares">Whether later inputs may refer to it.</param>
    public Assembly Load(Stream assembly, Stream symbols, bool declares)
    {
        if (!declares)
        {
            return InputContext.Passing(this).LoadFromStream(assembly, symbols);
        }

        Assembly loaded = _lasting.LoadFromStream(assembly, symbols);
        _declaring[loaded.GetName().Name!] = loaded;
        return loaded;
    }

    /// <summary>Notes a file that <c>#r</c> has named; what it needs itself may lie beside it.</summary>
    public void Refer(string path)
    {
        _references.TryAdd(AssemblyName.GetAssemblyName(path).Name!, path);
        _folders.Add(Path.GetDirectoryName(path)!);
    }

    /// <summary>An assembly of this session; null when it is for others to find.</summary>
    public Assembly? Find(string name)
    {
        if (_declaring.TryGetValue(name, out Assembly? input))
        {
            return input;
        }

        if (_references.TryGetValue(name, out string? path))
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        }

        return null;
    }

    /// <summary>Lets the dependencies of referred files be found beside them, after every other place.</summary>
    public void ResolveBesideReferences() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        _folders.Select(folder => Path.Combine(folder, name.Name + ".dll")).FirstOrDefault(File.Exists) is { } path
            ? context.LoadFromAssemblyPath(path)
            : null;
}
