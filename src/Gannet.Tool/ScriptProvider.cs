using Gannet.Tool.Caching;
using Gannet.Tool.Compiling;
using Gannet.Tool.Running;
using Gannet.Tool.Scripts;

namespace Gannet.Tool;

/// <summary>Provides a script in a form that can be run: from the cache, or compiled.</summary>
internal static class ScriptProvider
{
    /// <param name="source">The script.</param>
    /// <param name="isFresh">Whether it has been compiled just now, by this process.</param>
    /// <param name="isTemporary">Whether its folder is to be deleted by whoever runs it.</param>
    /// <exception cref="ToolException">It can't be read, or has errors.</exception>
    public static CompiledScript Provide(ScriptSource source, out bool isFresh, out bool isTemporary)
    {
        Script script = Script.Read(source);
        Fingerprint fingerprint = Fingerprint.Of(script);
        ScriptCache? cache = ScriptCache.TryOpen(out string? warning);
        isTemporary = cache is null;
        isFresh = true;
        if (warning is not null)
        {
            Console.Error.WriteLine($"gannet: {warning}");
        }

        if (cache is null)
        {
            return CompileOnce(script);
        }

        if (cache.TryFind(fingerprint, out CompiledScript? cached))
        {
            isFresh = false;
            return cached;
        }

        return ScriptSettings.TryRead(script, out ScriptSettings? settings)
            ? cache.Store(fingerprint, directory => ScriptCompiler.Compile(script, settings, directory))
            : cache.InWorkFolder(fingerprint, workFolder => BuildWithSdk(script, fingerprint, cache, workFolder));
    }

    private static CompiledScript BuildWithSdk(Script script, Fingerprint fingerprint, ScriptCache cache, string workFolder)
    {
        CompiledScript built = SdkBuild.Run(script, workFolder);
        // What can't be seen to be unchanged is never found under the script's own fingerprint, so it is built at each run;
        // the result is kept under what it has become.
        Fingerprint result = script.IsSelfContained ? fingerprint : fingerprint.With(SdkBuild.Describe(built));
        return cache.TryFind(result, out CompiledScript? stored) ? stored : cache.Store(result, directory => SdkBuild.Copy(built, directory));
    }

    /// <summary>Compiles into a folder of this run alone.</summary>
    private static CompiledScript CompileOnce(Script script)
    {
        string directory = Directory.CreateTempSubdirectory("gannet-").FullName;
        try
        {
            CompiledScript compiled = ScriptSettings.TryRead(script, out ScriptSettings? settings)
                ? ScriptCompiler.Compile(script, settings, directory)
                : SdkBuild.Run(script, directory);
            CacheEntry.Write(compiled, fingerprint: []);
            return compiled;
        }
        catch
        {
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }
}
