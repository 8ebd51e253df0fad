using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;

namespace Gannet.Tool.Running;

/// <summary>Runs a compiled script in this process, as if it had been started by itself.</summary>
internal static class ScriptHost
{
    /// <summary>The script's exit status.</summary>
    [StackTraceHidden]
    public static int Run(CompiledScript compiled, bool isTemporary, CommandLine.Run command)
    {
        Describe(compiled, command);
        if (isTemporary)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(compiled.Directory, recursive: true);
        }

        if (compiled.FollowsNativeAotRules)
        {
            NativeAotRules.Apply();
        }

        if (compiled.By == CompiledBy.Sdk)
        {
            ResolveDependencies(compiled.AssemblyPath);
        }

        Assembly assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(compiled.AssemblyPath);
        Assembly.SetEntryAssembly(assembly);
        Func<int> main = Bind(assembly.EntryPoint!);
        return Sys.Run(main);
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

    /// <summary>
    /// The entry point as a delegate: called so, an exception comes through as it was thrown, and its trace shows no reflection.
    /// For an async Main the compiler has written a synchronous entry point around it.
    /// </summary>
    private static Func<int> Bind(MethodInfo entryPoint)
    {
        string[] arguments = [.. Sys.Argv.Skip(1)];
        bool takesArguments = entryPoint.GetParameters().Length > 0;
        if (entryPoint.ReturnType == typeof(int))
        {
            return takesArguments ? Hidden(entryPoint.CreateDelegate<Func<string[], int>>(), arguments) : entryPoint.CreateDelegate<Func<int>>();
        }

        return takesArguments ? Hidden(entryPoint.CreateDelegate<Action<string[]>>(), arguments) : Hidden(entryPoint.CreateDelegate<Action>());
    }

    private static Func<int> Hidden(Func<string[], int> main, string[] arguments) => [StackTraceHidden] () => main(arguments);

    private static Func<int> Hidden(Action<string[]> main, string[] arguments) => [StackTraceHidden] () =>
    {
        main(arguments);
        return Environment.ExitCode;
    };

    private static Func<int> Hidden(Action main) => [StackTraceHidden] () =>
    {
        main();
        return Environment.ExitCode;
    };
}
