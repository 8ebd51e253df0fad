using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace Gannet.Tool.Compiling;

/// <summary>
/// The source generators that belong to the framework, such as the one behind [GeneratedRegex]. Loading them costs time, so
/// one is loaded only when the script names its attribute.
/// </summary>
internal static class SourceGenerators
{
    private static readonly (string Attribute, string Assembly)[] s_all =
    [
        ("GeneratedRegex", "System.Text.RegularExpressions.Generator"),
        ("JsonSerializable", "System.Text.Json.SourceGeneration"),
        ("LibraryImport", "Microsoft.Interop.LibraryImportGenerator"),
        ("GeneratedCom", "Microsoft.Interop.ComInterfaceGenerator"),
    ];

    /// <summary>The generators that code with these texts may need.</summary>
    public static List<ISourceGenerator> For(IReadOnlyCollection<string> texts)
    {
        string directory = Path.Combine(DotnetInstallation.TargetingPack, "analyzers", "dotnet", "cs");
        List<string> needed = [.. s_all
            .Where(generator => texts.Any(text => text.Contains(generator.Attribute, StringComparison.Ordinal)))
            .Select(generator => generator.Assembly)];
        if (needed.Count > 0)
        {
            ResolveFrom(directory);
        }

        return [.. needed.SelectMany(name => Load(Path.Combine(directory, name + ".dll")))];
    }

    private static IEnumerable<ISourceGenerator> Load(string path) =>
        TypesOf(AssemblyLoadContext.Default.LoadFromAssemblyPath(path))
            .Where(type => type.IsDefined(typeof(GeneratorAttribute), inherit: false))
            .Select(Activator.CreateInstance)
            .Select(generator => generator as ISourceGenerator ?? ((IIncrementalGenerator)generator!).AsSourceGenerator());

    /// <summary>The editor's code fixes, in the same assembly, need parts of Roslyn that no compiler has; they don't load.</summary>
    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>();
        }
    }

    /// <summary>The generators share an assembly of helpers, which lies beside them.</summary>
    private static void ResolveFrom(string directory) => AssemblyLoadContext.Default.Resolving += (context, name) =>
    {
        string path = Path.Combine(directory, name.Name + ".dll");
        return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    };
}
