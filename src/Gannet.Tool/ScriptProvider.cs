using Gannet.Tool.Caching;
using Gannet.Tool.Compiling;
using Gannet.Tool.Running;
using Gannet.Tool.Scripts;

namespace Gannet.Tool;

/// <summary>A script in a form that can be run.</summary>
/// <param name="Script">The compiled script.</param>
/// <param name="IsFresh">Whether this process has compiled it just now, and so carries a compiler.</param>
/// <param name="IsTemporary">Whether its folder is to be deleted by whoever uses it.</param>
internal sealed record ProvidedScript(CompiledScript Script, bool IsFresh, bool IsTemporary);

/// <summary>Provides a script in a form that can be run: from the cache, or compiled.</summary>
internal static class ScriptProvider
{
    /// <exception cref="ToolException">It can't be read, or has errors.</exception>
    public static ProvidedScript Provide(ScriptSource source)
    {
        Script script = Script.Read(source);
        ScriptCache? cache = ScriptCache.TryOpen(out string? warning);
        if (warning is not null)
        {
            Console.Error.WriteLine($"gannet: {warning}");
        }

        if (cache is null)
        {
            return new ProvidedScript(CompileOnce(script), IsFresh: true, IsTemporary: true);
        }

        Fingerprint fingerprint = Fingerprint.Of(script);
        bool isFresh = !cache.TryFind(fingerprint, out CompiledScript? compiled);
        return new ProvidedScript(compiled ?? Compile(script, fingerprint, cache), isFresh, IsTemporary: false);
    }

    private static CompiledScript Compile(Script script, Fingerprint fingerprint, ScriptCache cache) =>
        ScriptSettings.TryRead(script, out ScriptSettings? settings)
            ? cache.Store(fingerprint, directory => ScriptCompiler.Compile(script, settings, directory))
            : cache.InWorkFolder(fingerprint, workFolder => BuildWithSdk(script, fingerprint, cache, workFolder));

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
