using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Gannet;

/// <summary>The assemblies that are loaded, by name; every question looks anew.</summary>
internal sealed class LoadedModules : IReadOnlyDictionary<string, LoadedModule>
{
    public static readonly LoadedModules Instance = new();

    private const string Main = "__main__";

    // One object per assembly, so that two keys lead to the same one; gone with an assembly that is unloaded.
    private readonly ConditionalWeakTable<Assembly, LoadedModule> _modules = [];

    private LoadedModules()
    {
    }

    public LoadedModule this[string key] =>
        TryGetValue(key, out LoadedModule? module) ? module : throw new KeyNotFoundException($"No module '{key}' is loaded.");

    public IEnumerable<string> Keys => Snapshot().Keys;

    public IEnumerable<LoadedModule> Values => Snapshot().Values;

    public int Count => Snapshot().Count;

    public bool ContainsKey(string key) => Snapshot().ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out LoadedModule value) => Snapshot().TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, LoadedModule>> GetEnumerator() => Snapshot().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Dictionary<string, LoadedModule> Snapshot()
    {
        Dictionary<string, LoadedModule> modules = new(StringComparer.Ordinal);
        if (Assembly.GetEntryAssembly() is { } main)
        {
            modules.Add(Main, Wrap(main));
        }

        // Two load contexts may hold assemblies of one name; the one loaded first keeps it.
        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            LoadedModule module = Wrap(assembly);
            modules.TryAdd(module.Name, module);
        }

        return modules;
    }

    private LoadedModule Wrap(Assembly assembly) => _modules.GetValue(assembly, static loaded => new LoadedModule(loaded));
}
