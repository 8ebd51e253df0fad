using System.Runtime.Loader;

namespace Gannet.Tool.Compiling;

/// <summary>
/// Makes the SDK's own C# compiler available: it is compiled ReadyToRun, where the one of the NuGet package would be compiled as
/// it goes, at each cold start anew.
/// </summary>
internal static class Roslyn
{
    /// <summary>Makes it findable, and loads it. To be called before the first method that names a type of the compiler is entered.</summary>
    public static void Load()
    {
        MakeFindable();
        CompilerCode.Load();
    }

    /// <summary>Makes it findable, to be loaded when it is needed.</summary>
    public static void MakeFindable() => AssemblyLoadContext.Default.Resolving += (context, name) =>
    {
        string path = Path.Combine(DotnetInstallation.Roslyn, name.Name + ".dll");
        return name.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) && File.Exists(path)
            ? context.LoadFromAssemblyPath(path)
            : null;
    };
}
