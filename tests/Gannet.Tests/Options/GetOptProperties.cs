using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Gannet.Tests.Options;

/// <summary>Laws that hold for every command line, most of them made of the characters that mean something.</summary>
[Properties(Arbitrary = [typeof(CommandLines)], MaxTest = 3000)]
public class GetOptProperties
{
    [Property]
    public bool Nothing_but_its_own_errors_is_thrown(CommandLine line) => line.Parse() is not null;

    [Property]
    public bool Arbitrary_text_is_refused_or_read(string letters, string[] words, string[] args) =>
        new CommandLine(args, GetOptSettings.Permute, letters, words).Parse() is not null;

    [Property]
    public bool The_arguments_are_left_unchanged(CommandLine line)
    {
        string[] before = [.. line.Args];
        line.Parse();
        return before.SequenceEqual(line.Args);
    }

    [Property]
    public bool Enumerate_agrees_with_Parse(CommandLine line) => line.Parse() == line.Read();

    [Property]
    public bool Nothing_is_lost_when_no_option_takes_a_value(CommandLine line)
    {
        string[] operands = [.. line.Args.Select(arg => arg.TrimStart('-'))];
        GetOptResult result = GetOpt.ParseGnu(operands, "ab");
        return result.Options.Count == 0 && result.Arguments.SequenceEqual(operands);
    }

    public sealed record CommandLine(string[] Args, GetOptSettings Settings, string Letters, string[] Words)
    {
        /// <summary>What Parse says, in text; an error's text is part of it.</summary>
        public string Parse() => Answer(() =>
        {
            var (options, arguments) = GetOpt.Parse(Args, Settings, Letters, Words);
            return (options.Select(option => $"{option.Name} {option.Value}"), [.. arguments]);
        });

        /// <summary>The same from Enumerate.</summary>
        public string Read() => Answer(() =>
        {
            List<string> options = [];
            GetOptReader reader = GetOpt.Enumerate(Args, Settings, Letters, Words);
            foreach (GetOptItem option in reader)
            {
                options.Add($"{option.ToString()} {option.Value}");
            }

            return (options, reader.Arguments.ToArray());
        });

        public override string ToString() => $"[{string.Join('|', Args)}] {Settings} '{Letters}' [{string.Join('|', Words)}]";

        private static string Answer(Func<(IEnumerable<string> Options, string[] Arguments)> read)
        {
            try
            {
                var (options, arguments) = read();
                return string.Join('\n', options) + "\0" + string.Join('\n', arguments);
            }
            catch (Exception error) when (error is GetOptException or ArgumentException)
            {
                return error.Message;
            }
        }
    }

    private static class CommandLines
    {
        private static readonly string[] LetterSets = ["", "a", "ab:", "a:b::c", "+ab:", "-ab::", ":a:", "é\ud834\udd1e:", "\udce9a"];
        private static readonly string[] WordSet = ["fl", "flag", "name=", "na=", "color=?", "é="];

        public static Arbitrary<CommandLine> Lines() => Arb.From(
            from args in Gen.ArrayOf(Argument)
            from settings in Gen.Choose(0, 3)
            from letters in Gen.Elements(LetterSets)
            from words in Gen.SubListOf(WordSet)
            select new CommandLine(args, (GetOptSettings)settings, letters, [.. words]));

        private static Gen<string> Argument => Gen.OneOf(
            Gen.Elements("-a", "-b", "-ab", "-abc", "--", "-", "", "x", "--flag", "--name", "--name=v", "--co", "--color=", "--f", "-é"),
            from text in Gen.ArrayOf(Gen.Elements('-', 'a', 'b', ':', '=', 'f', 'l', 'n', 'é', '\ud834', '\udd1e', '\udce9', '\0'))
            select new string(text));
    }
}
