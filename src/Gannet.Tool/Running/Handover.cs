using System.Diagnostics.CodeAnalysis;
using Gannet.Tool.Caching;
using Gannet.Tool.Compiling;

namespace Gannet.Tool.Running;

/// <summary>
/// The step from the image that compiled a script to a fresh one that runs it, in the same process: the script starts without
/// the compiler's threads and heap. The fresh image gets the same words as the first, behind one that says what to run.
/// </summary>
internal static class Handover
{
    private const string Mark = "--compiled=";
    private const string TemporaryMark = "--compiled-once=";

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

        arguments.Add((provided.IsTemporary ? TemporaryMark : Mark) + script.Directory);
        // From Sys, not from Main: bytes that are not UTF-8 must arrive as they are.
        arguments.AddRange(Sys.Argv.Skip(Sys.Argv.Count - wordCount));
        Os.Execv(program, arguments);
    }

    /// <summary>In the fresh image: takes the mark off the words.</summary>
    /// <exception cref="IOException">The compiled script is gone.</exception>
    public static bool TryTake(ref string[] words, [NotNullWhen(true)] out ProvidedScript? provided)
    {
        provided = words is [var first, ..] ? TryRead(first, Mark, isTemporary: false) ?? TryRead(first, TemporaryMark, isTemporary: true) : null;
        if (provided is null)
        {
            return false;
        }

        words = words[1..];
        return true;
    }

    private static ProvidedScript? TryRead(string word, string mark, bool isTemporary)
    {
        if (!word.StartsWith(mark, StringComparison.Ordinal))
        {
            return null;
        }

        string directory = word[mark.Length..];
        ScriptCache.TryHold(directory, out _);
        return new ProvidedScript(CacheEntry.Read(directory), IsFresh: false, isTemporary);
    }
}
