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
        if (cache.TryFind(fingerprint, out CompiledScript? cached))
        {
            return new ProvidedScript(cached, IsFresh: false, IsTemporary: false);
        }

        return cache.IsWritable
            ? new ProvidedScript(Compile(script, fingerprint, cache), IsFresh: true, IsTemporary: false)
            : new ProvidedScript(CompileOnce(script), IsFresh: true, IsTemporary: true);
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
                : BuildOnceWithSdk(script, directory);
            PrivateFolder.MakePrivate(compiled.Directory);
            using FileStream entry = File.Create(Path.Combine(compiled.Directory, CacheEntry.FileName));
            CacheEntry.Write(entry, compiled, fingerprint: []);
            File.SetUnixFileMode(entry.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return compiled;
        }
        catch
        {
            PrivateFolder.TryDelete(directory);
            throw;
        }
    }

    private static CompiledScript BuildOnceWithSdk(Script script, string directory)
    {
        string workFolder = Directory.CreateTempSubdirectory("gannet-").FullName;
        try
        {
            return SdkBuild.Copy(SdkBuild.Run(script, workFolder), directory);
        }
        finally
        {
            PrivateFolder.TryDelete(workFolder);
        }
    }
}
