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

    /// <summary>Replaces this image.</summary>
    /// <param name="provided">What the fresh image is to run.</param>
    /// <param name="wordCount">How many words the user gave; they are the last of the process's arguments.</param>
    [DoesNotReturn]
    public static void Replace(ProvidedScript provided, int wordCount)
    {
        CompiledScript script = provided.Script;
        List<string> arguments = ["gannet"];
        string program = Environment.ProcessPath!;
        string tool = Path.Combine(AppContext.BaseDirectory, "Gannet.Tool.dll");
        if (!script.RunsInPlace)
        {
            // Its own frameworks and runtime settings, which only a start through the host can give it.
            program = DotnetInstallation.Host;
            arguments.AddRange(["exec", "--runtimeconfig", script.RuntimeConfigPath, tool]);
        }
        else if (Path.GetFileName(program) == "dotnet")
        {
            arguments.AddRange(["exec", tool]);
        }

        // From Sys, not from Main: bytes that are not UTF-8 must arrive as they are.
        arguments.AddRange(Sys.Argv.Skip(Sys.Argv.Count - wordCount));
        Environment.SetEnvironmentVariable(Variable, (provided.IsTemporary ? DeleteMark : KeepMark) + script.Directory);
        Os.Execv(program, arguments);
    }

    /// <summary>In the fresh image: what it is to run; null in a first image, and when the entry was cleared away meanwhile.</summary>
    public static ProvidedScript? Take()
    {
        string? value = Environment.GetEnvironmentVariable(Variable);
        if (value is null)
        {
            return null;
        }

        // From both copies, .NET's and libc's: nothing that the script starts shall see it.
        Environment.SetEnvironmentVariable(Variable, null);
        Libc.UnsetEnvironmentVariable(Variable);
        return TryRead(value, KeepMark, isTemporary: false) ?? TryRead(value, DeleteMark, isTemporary: true);
    }

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
