using FsCheck;
using FsCheck.Fluent;
using Gannet.Testing;

namespace Gannet.Conformance.Options;

/// <summary>
/// GetOpt against glibc's <c>getopt_long</c>, option by option, operands and errors included. The deliberate differences:
/// <list type="bullet">
/// <item>glibc reads bytes, GetOpt code points: only ASCII letters are compared.</item>
/// <item>glibc never takes <c>;</c> for a letter and reads <c>W;</c> as "-W word is --word"; to CPython and GetOpt
/// <c>;</c> is a letter.</item>
/// <item>glibc answers <c>?</c> for an error and for a letter <c>?</c> alike; GetOpt throws, so <c>?</c> can be a letter. Not
/// compared.</item>
/// <item>glibc goes on after an error, GetOpt stops there, as CPython does: compared up to the first error.</item>
/// <item>glibc gives the program no way to tell an unknown word from an ambiguous one; GetOpt tells
/// (<see cref="GetOptErrorKind"/>). Compared as one.</item>
/// <item>glibc lets the beginning of two words pass when both have the same code and rule, since it can't matter then; GetOpt has no
/// codes, so it is ambiguous, as in CPython. Every word has its own code here.</item>
/// <item>Prefix <c>-</c>: glibc reports every operand in its place, GetOpt and CPython 3.14 leave those that no option follows in the
/// arguments. Compared by moving glibc's last run of operands there.</item>
/// <item>glibc obeys an empty <c>POSIXLY_CORRECT</c>, GetOpt and CPython do not. Not set here.</item>
/// </list>
/// </summary>
[CollectionDefinition(nameof(GlibcGetOptTests), DisableParallelization = true)]
[Collection(nameof(GlibcGetOptTests))]
public class GlibcGetOptTests
{
    private const int Cases = 100_000;

    [GlibcFact, Trait("S", "S049")]
    public void GetOpt_reads_a_hundred_thousand_command_lines_as_glibc_does()
    {
        Gen<CommandLine> lines = CommandLine.Generator(["a", "b", "c", "=", "+", "-"], ["", "+"], optionalValues: true);
        Prop.ForAll(Arb.From(lines.Where(line => line.Letters is not ['+' or '-', ..])), line =>
            Glibc.Parse(line).Agrees(Ours(line)).Label($"glibc: {Glibc.Parse(line)}  GetOpt: {Ours(line)}"))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));
    }

    [GlibcFact]
    public void Operands_in_order_are_those_of_glibc_except_the_last_run()
    {
        Gen<CommandLine> lines = CommandLine.Generator(["a", "b", "c"], ["-"], optionalValues: true);
        Prop.ForAll(Arb.From(lines), line =>
            LastRunMoved(Glibc.Parse(line)).Agrees(Ours(line)).Label($"glibc: {Glibc.Parse(line)}  GetOpt: {Ours(line)}"))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Cases / 10));
    }

    [GlibcFact]
    public void Where_glibc_sees_no_letter_in_a_semicolon_GetOpt_does()
    {
        CommandLine line = new("", "a;", [], ["-;"]);
        Assert.Equal("no such letter -;", Glibc.Parse(line).Error);
        Assert.Equal([new("-;", "")], Ours(line).Options);
    }

    private static Glibc.Answer Ours(CommandLine line)
    {
        List<ParsedOption> options = [];
        GetOptReader reader = GetOpt.Enumerate(line.Args, GetOptSettings.Permute, line.Prefix + line.Letters, line.Words);
        try
        {
            foreach (GetOptItem option in reader)
            {
                options.Add(new ParsedOption(option.ToString(), option.GetValue()));
            }
        }
        catch (GetOptException error)
        {
            return new Glibc.Answer(options, [], Describe(error));
        }

        return new Glibc.Answer(options, reader.Arguments.ToArray(), "");
    }

    private static string Describe(GetOptException error)
    {
        bool isWord = error.Message.StartsWith($"option --{error.Option} ");
        string name = (isWord ? "--" : "-") + error.Option;
        return error.Kind switch
        {
            GetOptErrorKind.MissingValue => "requires argument " + name,
            GetOptErrorKind.UnexpectedValue => "must not have an argument " + name,
            _ => isWord ? "no such word" : "no such letter " + name,
        };
    }

    // At an error there is no last run: glibc has reported the operands in front of it, and so has GetOpt.
    private static Glibc.Answer LastRunMoved(Glibc.Answer answer)
    {
        if (answer.Error.Length > 0)
        {
            return answer;
        }

        int end = answer.Options.Count;
        while (end > 0 && answer.Options[end - 1].Name.Length == 0)
        {
            end--;
        }

        return new Glibc.Answer(
            [.. answer.Options.Take(end)], [.. answer.Options.Skip(end).Select(operand => operand.Value), .. answer.Arguments], "");
    }
}
