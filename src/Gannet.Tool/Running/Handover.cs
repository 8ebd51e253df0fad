using System.Diagnostics.CodeAnalysis;
using Gannet.Interop;
using Gannet.Tool.Caching;
using Gannet.Tool.Compiling;

namespace Gannet.Tool.Running;

/// <summary>
/// The step from the image that compiled a script to a fresh one that runs it, in the same process: the script starts without
/// the compiler's threads and heap. The fresh image gets the same words as the first; what it is to run stands in a variable that
/// it removes at once, so that a script finds its command line and its environment as at any later run.
/// </summary>
internal static class Handover
{
    private const string Variable = "GANNET_COMPILED";
    private const string KeepMark = "keep:";
    private const string DeleteMark = "delete:";

    private static string Tool => Path.Combine(AppContext.BaseDirectory, "Gannet.Tool.dll");

    /// <summary>Replaces this image.</summary>
    /// <param name="provided">What the fresh image is to run.</param>
    /// <param name="wordCount">How many words the user gave; they are the last of the process's arguments.</param>
    [DoesNotReturn]
    public static void Replace(ProvidedScript provided, int wordCount)
    {
        CompiledScript script = provided.Script;
        Environment.SetEnvironmentVariable(Variable, (provided.IsTemporary ? DeleteMark : KeepMark) + script.Directory);
        if (script.RunsInPlace)
        {
            Renew(wordCount);
        }

        // Its own frameworks and runtime settings, which only a start through the host can give it.
        Os.Execv(DotnetInstallation.Host, ["gannet", "exec", "--runtimeconfig", script.RuntimeConfigPath, Tool, .. LastWords(wordCount)]);
    }

    /// <summary>Replaces this image by one of the same command with the same words; the environment is the one of now.</summary>
    /// <param name="wordCount">How many words the user gave.</param>
    /// <exception cref="OsException">It can't be replaced.</exception>
    [DoesNotReturn]
    public static void Renew(int wordCount)
    {
        string program = Environment.ProcessPath!;
        string[] host = Path.GetFileName(program) == "dotnet" ? ["exec", Tool] : [];
        Os.Execv(program, ["gannet", .. host, .. LastWords(wordCount)]);
    }

    /// <summary>In the fresh image: what it is to run; null in a first image, and when the entry was cleared away meanwhile.</summary>
    public static ProvidedScript? Take()
    {
        string? value = Environment.GetEnvironmentVariable(Variable);
        if (value is null)
        {
            return null;
        }

        Forget(Variable);
        return TryRead(value, KeepMark, isTemporary: false) ?? TryRead(value, DeleteMark, isTemporary: true);
    }

    /// <summary>Takes a variable out of both copies of the environment, .NET's and libc's: nothing that the user's code starts shall see it.</summary>
    public static void Forget(string variable)
    {
        Environment.SetEnvironmentVariable(variable, null);
        Libc.UnsetEnvironmentVariable(variable);
    }

    // From Sys, not from Main: bytes that are not UTF-8 must arrive as they are.
    private static IEnumerable<string> LastWords(int count) => Sys.Argv.Skip(Sys.Argv.Count - count);

    private static ProvidedScript? TryRead(string value, string mark, bool isTemporary)
    {
        if (!value.StartsWith(mark, StringComparison.Ordinal))
        {
            return null;
        }

        string directory = value[mark.Length..];
        return ScriptCache.TryHold(directory, out FileStream? entry) && CacheEntry.TryRead(entry, directory) is { } script
            ? new ProvidedScript(script, IsFresh: false, isTemporary)
            : null;
    }
}
