using System.Text.Json;
using FsCheck.Fluent;
using Gannet.Testing;

namespace Gannet.Conformance.Options;

/// <summary>
/// GetOpt against the <c>getopt</c> and <c>gnu_getopt</c> of the CPython on this machine, to the letter of the errors. What a version
/// can do is found out by trying: optional values and operands in order came with 3.14. The deliberate differences:
/// <list type="bullet">
/// <item>The prefixes <c>+</c> and <c>-</c> are letters to CPython's <c>getopt</c>, prefixes to its <c>gnu_getopt</c> and to every form
/// here: compared with <c>gnu_getopt</c> only.</item>
/// <item>CPython has the operands of a run in one list, GetOpt each as an option with an empty name: compared flattened.</item>
/// <item>Specifications that GetOpt refuses (a letter or word that stands twice, an empty word…) CPython accepts: not generated.</item>
/// </list>
/// </summary>
public class CPythonGetOptTests
{
    private const int Cases = 20_000;

    // Both functions over every case; an error as its text and option.
    private const string Script =
        """
        import getopt, json, sys
        def answer(function, args, letters, words):
            try:
                options, rest = function(args, letters, words)
            except getopt.GetoptError as error:
                return [[error.msg, error.opt]]
            flat = []
            for name, value in options:
                flat += [[name, value]] if name is not None else [['', operand] for operand in value]
            return [flat, rest]
        json.dump([[answer(f, *case) for f in (getopt.getopt, getopt.gnu_getopt)] for case in json.load(sys.stdin)], sys.stdout)
        """;

    [PythonFact, Trait("S", "S016"), Trait("S", "S049")]
    public void GetOpt_reads_twenty_thousand_command_lines_as_CPython_does()
    {
        bool optionalValues = Accepts("a::", "-a");
        // A minus in front that is no prefix is a letter.
        string[] prefixes = !Accepts("-a", "-a-") ? ["", ":", "+", "-"] : ["", ":", "+"];
        CommandLine[] lines = [.. CommandLine.Generator(["a", "b", "é", "𝄞", "?", ";", "="], prefixes, optionalValues).Sample(Cases, size: 20)];
        using JsonDocument answers = JsonDocument.Parse(Ask(lines));
        Assert.Equal(Cases, answers.RootElement.GetArrayLength());
        foreach ((CommandLine line, JsonElement answer) in lines.Zip(answers.RootElement.EnumerateArray()))
        {
            Assert.Equal((line, Text(answer[1])), (line, Ours(line, GetOptSettings.Permute)));
            if (line.Prefix is "" or ":")
            {
                Assert.Equal((line, Text(answer[0])), (line, Ours(line, GetOptSettings.None)));
            }
        }
    }

    // Whether this version's gnu_getopt finds no error.
    private static bool Accepts(string letters, string arg)
    {
        using JsonDocument answers = JsonDocument.Parse(Ask([new CommandLine("", letters, [], [arg])]));
        return answers.RootElement[0][1].GetArrayLength() == 2;
    }

    private static string Ask(IEnumerable<CommandLine> lines) => Python.Run(
        Script,
        JsonSerializer.Serialize(lines.Select(line => new object[] { line.Args, line.Prefix + line.Letters, line.Words })),
        new Dictionary<string, string?> { ["POSIXLY_CORRECT"] = null });

    private static string Ours(CommandLine line, GetOptSettings settings)
    {
        try
        {
            var (options, arguments) = GetOpt.Parse(line.Args, settings, line.Prefix + line.Letters, line.Words);
            return Text(new object[] { options.Select(option => new[] { option.Name, option.Value }), arguments });
        }
        catch (GetOptException error)
        {
            return Text(new[] { new[] { error.Message, error.Option } });
        }
    }

    private static string Text(object answer) => JsonSerializer.Serialize(answer);
}
