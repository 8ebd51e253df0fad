using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Gannet.Tool.Caching;

namespace Gannet.Tool.Running;

/// <summary>Runs a compiled script in this process, as if it had been started by itself.</summary>
internal static class ScriptHost
{
    /// <summary>The script's exit status.</summary>
    [StackTraceHidden]
    public static int Run(ProvidedScript provided, CommandLine.Run command)
    {
        CompiledScript compiled = provided.Script;
        Describe(compiled, command);
        if (compiled.FollowsNativeAotRules)
        {
            NativeAotRules.Apply();
        }

        if (compiled.By == CompiledBy.Sdk)
        {
            ResolveDependencies(compiled.AssemblyPath);
        }

        Assembly assembly = provided.IsTemporary ? LoadAndDelete(compiled) : AssemblyLoadContext.Default.LoadFromAssemblyPath(compiled.AssemblyPath);
        Assembly.SetEntryAssembly(assembly);
        return Sys.Run(EntryPoint.Bind(assembly, Arguments()));
    }

    /// <summary>
    /// Takes a script that is in no cache. One that needs nothing else is read into memory, and its folder is gone before it runs,
    /// however it ends; one with packages needs their files until a normal end.
    /// </summary>
    private static Assembly LoadAndDelete(CompiledScript compiled)
    {
        if (compiled.By == CompiledBy.Sdk)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => PrivateFolder.TryDelete(compiled.Directory);
            return AssemblyLoadContext.Default.LoadFromAssemblyPath(compiled.AssemblyPath);
        }

        using MemoryStream assembly = new(File.ReadAllBytes(compiled.AssemblyPath));
        using MemoryStream symbols = new(File.ReadAllBytes(compiled.SymbolsPath));
        PrivateFolder.TryDelete(compiled.Directory);
        return AssemblyLoadContext.Default.LoadFromStream(assembly, symbols);
    }

    /// <summary>What Main gets: bytes that are not UTF-8 arrive as Sys.Argv has them. (Not by LINQ, for the sake of start-up.)</summary>
    private static string[] Arguments()
    {
        string[] arguments = new string[Sys.Argv.Count - 1];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Sys.Argv[i + 1];
        }

        return arguments;
    }

    /// <summary>Tells the library and the framework that the script is the program.</summary>
    private static void Describe(CompiledScript compiled, CommandLine.Run command)
    {
        AppContext.SetData("Gannet.Script.Name", command.Source.Name);
        AppContext.SetData("Gannet.Script.ArgumentCount", command.ArgumentCount);
        AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", compiled.Directory + Path.DirectorySeparatorChar);
        if (command.Source.FullPath is { } path)
        {
            AppContext.SetData("Gannet.Script.Path", path);
            // What the SDK tells a file-based app about itself.
            AppContext.SetData("EntryPointFilePath", path);
            AppContext.SetData("EntryPointFileDirectoryPath", Path.GetDirectoryName(path));
        }
    }

    private static void ResolveDependencies(string assemblyPath)
    {
        AssemblyDependencyResolver resolver = new(assemblyPath);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            resolver.ResolveAssemblyToPath(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            resolver.ResolveUnmanagedDllToPath(name) is { } path ? System.Runtime.InteropServices.NativeLibrary.Load(path) : 0;
    }
}
