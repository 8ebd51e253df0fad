using FsCheck;
using FsCheck.Fluent;

namespace Gannet.Conformance.Options;

/// <summary>A specification and a command line for it.</summary>
/// <param name="Prefix">What stands in front of the letters: <c>+</c>, <c>-</c>, <c>:</c>.</param>
public sealed record CommandLine(string Prefix, string Letters, string[] Words, string[] Args)
{
    private static readonly string[] WordStems = ["fl", "flag", "flat", "na", "name", "o", "opt", "option", "color"];
    private static readonly string[] Tails = ["", "v", "=", "=v", "=a=b", "=-a", "--", " "];

    /// <summary>Random ones; most arguments are made from what is declared, so that few fail at the first.</summary>
    /// <param name="letters">The letters to choose from.</param>
    /// <param name="prefixes">The prefixes to choose from.</param>
    /// <param name="optionalValues">Whether <c>a::</c> and <c>name=?</c> occur.</param>
    public static Gen<CommandLine> Generator(string[] letters, string[] prefixes, bool optionalValues)
    {
        string[] letterMarks = optionalValues ? ["", ":", "::"] : ["", ":"];
        string[] wordMarks = optionalValues ? ["", "=", "=?"] : ["", "="];
        return
            from prefix in Gen.Elements(prefixes)
            from declaredLetters in Gen.SubListOf(letters)
            from marks in Gen.ArrayOf(Gen.Elements(letterMarks), letters.Length)
            from declaredWords in Gen.SubListOf(WordStems)
            from endings in Gen.ArrayOf(Gen.Elements(wordMarks), WordStems.Length)
            from args in Gen.ArrayOf(Argument([.. declaredLetters], [.. declaredWords])).Resize(8)
            select new CommandLine(
                prefix,
                string.Concat(declaredLetters.Zip(marks, string.Concat)),
                [.. declaredWords.Zip(endings, string.Concat)],
                args);
    }

    public override string ToString() => $"'{Prefix}{Letters}' [{string.Join('|', Words)}] [{string.Join('|', Args)}]";

    private static Gen<string> Argument(string[] letters, string[] words) => Gen.Frequency(
        (4, Gen.Elements("x", "", "-", "file", "a-b", "=")),
        (1, Gen.Constant("--")),
        (6, from cluster in Gen.NonEmptyListOf(MostlyFrom(letters, "q")).Resize(3)
            from tail in MostlyFrom([""], Gen.Elements(Tails))
            select "-" + string.Concat(cluster) + tail),
        (6, from word in MostlyFrom(words, "nope")
            from cut in MostlyFrom([0], Gen.Choose(1, 3))
            from tail in MostlyFrom([""], Gen.Elements(Tails))
            select "--" + word[..Math.Max(0, word.Length - cut)] + (tail.StartsWith('=') ? tail : "")));

    private static Gen<string> MostlyFrom(string[] declared, string other) =>
        declared.Length == 0 ? Gen.Constant(other) : MostlyFrom(declared, Gen.Constant(other));

    private static Gen<T> MostlyFrom<T>(T[] usual, Gen<T> other) => Gen.Frequency((5, Gen.Elements<T>(usual)), (1, other));
}
