using System.Diagnostics.CodeAnalysis;
using Gannet.Interop;

namespace Gannet;

public static partial class Sys
{
    /// <summary>
    /// <c>sys.argv</c>: the words that the program was started with, as one ordinary list that may be edited; every reader sees
    /// the edit. Element 0 is the script as it was typed (<c>-c</c> for code on the command line, <c>-</c> or empty for code
    /// from standard input); in a compiled program it is the program's name as typed: <c>./prog</c>, or <c>prog.dll</c> after
    /// <c>dotnet prog.dll</c>. The elements from 1 on are the words for the program, empty ones and <c>--</c> included.
    /// </summary>
    /// <remarks>
    /// <para>On Linux the words come from <c>/proc/self/cmdline</c>, so a byte that is not UTF-8 survives as a lone surrogate
    /// (PEP 383), as in CPython; <see cref="Environment.GetCommandLineArgs"/> has lost it. Elsewhere the words are .NET's.</para>
    /// <para>Under <c>dotnet run file.cs</c> nobody knows what was typed; element 0 is then the file's path, relative to the
    /// current directory when it lies beneath it, else in full. That directory is the one at the first use of this property or of
    /// <see cref="Run(Func{int})"/>.</para>
    /// </remarks>
    public static IList<string> Argv => ArgumentVector.Words;

    /// <summary>
    /// The full path of the script that runs; null in a compiled program, and for code that came from the command line
    /// (<c>-c</c>), from standard input or from the prompt. CPython has it as <c>__file__</c> of <c>__main__</c>.
    /// </summary>
    public static string? ScriptPath => ArgumentVector.ScriptPath;

    /// <summary>
    /// The file name of <c>Argv[0]</c>, for messages to the user: what CPython's argparse calls <c>prog</c> and BSD
    /// <c>getprogname</c>. Read anew each time; empty when <see cref="Argv"/> is.
    /// </summary>
    public static string ProgramName => Argv.Count is 0 ? "" : global::System.IO.Path.GetFileName(Argv[0]);

    /// <summary>
    /// <c>warnx</c>: writes <c>prog: message</c> and a newline to <see cref="Stderr"/>, or straight to
    /// descriptor 2 when that is closed. Source: err(3).
    /// </summary>
    /// <param name="message">What to tell the user.</param>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is null.</exception>
    public static void Warn(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        FlushOutput();
        Tell($"{ProgramName}: {message}\n");
    }

    /// <summary>
    /// <c>errx</c>: <see cref="Warn"/>, then <see cref="Exit(int)"/>. Source: err(3), whose arguments stand the other way round.
    /// </summary>
    /// <param name="message">What to tell the user.</param>
    /// <param name="status">The exit status; the kernel keeps its low eight bits.</param>
    /// <exception cref="SystemExitException">Always.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is null.</exception>
    [DoesNotReturn]
    public static void Fail(string message, int status = 1)
    {
        Warn(message);
        Exit(status);
    }

    /// <summary>The words that start this program again, from any directory, up to the first of its own arguments; null when its code came
    /// from standard input, where it is no more.</summary>
    internal static string[]? StartingWords => ArgumentVector.FindStart();

    /// <summary>The arguments as they were at start; a class of its own, so that reading them waits for the first use.</summary>
    private static class ArgumentVector
    {
        // How the `gannet` command tells a script about itself; loose names, so that either side may be the older one.
        private const string NameKey = "Gannet.Script.Name";
        private const string CountKey = "Gannet.Script.ArgumentCount";
        private const string PathKey = "Gannet.Script.Path";

        // How the SDK tells a file-based app about itself.
        private const string SdkPathKey = "EntryPointFilePath";

        private const string CommandLineFile = "/proc/self/cmdline";

        public static readonly string? ScriptPath = FindScriptPath();

        // How many of all the words are the program's own, and these.
        private static readonly (string[] Words, int Count) s_all = ReadAll();

        public static readonly IList<string> Words = [FindName(s_all.Words, s_all.Count), .. s_all.Words[^s_all.Count..]];

        public static string[]? FindStart()
        {
            string[] words = s_all.Words[..^s_all.Count];
            if (AppContext.GetData(NameKey) is string script)
            {
                // Code from the command line stands there as it is.
                words[^1] = ScriptPath ?? words[^1];
                return script is "" or "-" ? null : words;
            }

            if (words.Length > 1)
            {
                // `dotnet`, its options, and the assembly.
                words[^1] = Environment.GetCommandLineArgs()[0];
            }

            return words;
        }

        private static string? FindScriptPath() =>
            AppContext.GetData(NameKey) is string
                ? AppContext.GetData(PathKey) as string
                : AppContext.GetData(SdkPathKey) as string;

        private static (string[] Words, int Count) ReadAll()
        {
            string[] managed = Environment.GetCommandLineArgs();
            int count = AppContext.GetData(CountKey) as int? ?? Math.Max(managed.Length - 1, 0);
            string[] words = ReadCommandLine() is { } raw && raw.Length > count ? raw : managed;
            return (words, Math.Clamp(count, 0, words.Length));
        }

        private static string FindName(string[] words, int count)
        {
            if (AppContext.GetData(NameKey) is string script)
            {
                return script;
            }

            if (ScriptPath is not null)
            {
                return RelativeToHere(ScriptPath);
            }

            // What stands before the program's words is its own name, also behind `dotnet` and its options.
            return count < words.Length ? words[^(count + 1)] : "";
        }

        private static string RelativeToHere(string path)
        {
            try
            {
                string here = OperatingSystem.IsLinux() ? Libc.GetCwd() : Environment.CurrentDirectory;
                string relative = global::System.IO.Path.GetRelativePath(here, path);
                return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
            }
            catch (IOException)
            {
                // The current directory is gone; nothing lies beneath it.
                return path;
            }
        }

        private static string[]? ReadCommandLine()
        {
            try
            {
                return OperatingSystem.IsLinux() ? Split(File.ReadAllBytes(CommandLineFile)) : null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // No /proc here: .NET's words are the next best.
                return null;
            }
        }

        private static string[] Split(ReadOnlySpan<byte> bytes)
        {
            List<string> words = [];
            while (bytes.IndexOf((byte)0) is >= 0 and int end)
            {
                words.Add(OsText.Decode(bytes[..end]));
                bytes = bytes[(end + 1)..];
            }

            return [.. words];
        }
    }
}
