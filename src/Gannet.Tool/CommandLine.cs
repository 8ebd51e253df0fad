using Gannet.Tool.Scripts;

namespace Gannet.Tool;

/// <summary>What the words after <c>gannet</c> ask for.</summary>
internal abstract record CommandLine
{
    private CommandLine()
    {
    }

    /// <summary><c>gannet --help</c>.</summary>
    public sealed record Help : CommandLine;

    /// <summary><c>gannet --version</c>.</summary>
    public sealed record Version : CommandLine;

    /// <summary><c>gannet --clear-cache</c>.</summary>
    public sealed record ClearCache : CommandLine;

    /// <summary><c>gannet --publish script.cs -o tool</c>.</summary>
    public sealed record Publish(ScriptSource Source, string Output) : CommandLine;

    /// <summary>A script to run; the last <paramref name="ArgumentCount"/> words are its own arguments.</summary>
    public sealed record Run(ScriptSource Source, int ArgumentCount) : CommandLine;

    /// <summary>
    /// The prompt: <c>gannet</c> on a terminal, or <c>gannet -i</c>, which runs the script first that may follow; the last
    /// <paramref name="ArgumentCount"/> words are its own arguments.
    /// </summary>
    public sealed record Prompt(ScriptSource? Source, int ArgumentCount) : CommandLine;

    /// <summary>
    /// Reads the words up to the script's name, or the code of <c>-c</c>. What follows belongs to the script, to the letter,
    /// and is not looked at.
    /// </summary>
    /// <exception cref="ToolException">An option that does not exist, or one that lacks its value.</exception>
    public static CommandLine Parse(ReadOnlySpan<string> words)
    {
        bool optionsEnded = false;
        if (words is ["--", ..])
        {
            optionsEnded = true;
            words = words[1..];
        }

        return words switch
        {
            [] when Console.IsInputRedirected => new Run(new ScriptSource.StandardInput(Name: ""), 0),
            [] => new Prompt(null, 0),
            ["-", ..] => new Run(new ScriptSource.StandardInput(Name: "-"), words.Length - 1),
            [var file, ..] when optionsEnded || !file.StartsWith('-') => new Run(new ScriptSource.File(file), words.Length - 1),
            ["-c", var code, ..] => new Run(new ScriptSource.Code(code), words.Length - 2),
            ["-c"] => throw UsageError("option -c requires argument"),
            ["-i", .. var rest] => ParsePrompt(rest),
            ["--clear-cache", ..] => new ClearCache(),
            ["--publish", var file, "-o", var output] => new Publish(new ScriptSource.File(file), output),
            ["--publish", ..] => throw UsageError("--publish takes a script and -o with the program to make"),
            ["-h" or "--help", ..] => new Help(),
            ["-V" or "--version", ..] => new Version(),
            [var option, ..] => throw UsageError($"option {option} not recognized"),
        };
    }

    private static Prompt ParsePrompt(ReadOnlySpan<string> words) => words.IsEmpty
        ? new Prompt(null, 0)
        : Parse(words) switch
        {
            // Standard input is what is typed.
            Run { Source: ScriptSource.StandardInput, ArgumentCount: var count } => new Prompt(null, count),
            Run run => new Prompt(run.Source, run.ArgumentCount),
            _ => throw UsageError("-i takes a script, or nothing"),
        };

    private static ToolException UsageError(string complaint) =>
        new($"gannet: {complaint}\nTry 'gannet --help'.", ExitStatus.Usage);
}
