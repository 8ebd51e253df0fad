using System.Text;
using Gannet.Interop;
using Gannet.Testing;
using Gannet.Tests.Processes;

namespace Gannet.Tests.Shells;

/// <summary>Random bytes through real shells, and random scripts around a value.</summary>
[Collection(Spawned.Collection)]
public sealed class ShellPropertyTests : ChildrenTest
{
    private const string Dash = "/bin/dash";
    private const string Bash = "/bin/bash";
    private const int Batches = 100;
    private const int BatchSize = 1000;
    private const int LongestWord = 24;
    private const int Scripts = 1000;
    private const int MostFragments = 14;

    private static readonly byte[] s_special = [.. "'\"\\$`\n\t *?[]{}()#!&|;<>~=-%\u0001\u007F"u8, 0x80, 0xA0, 0xC3, 0xFF];

    private static readonly string[] s_fragments =
    [
        "'", "\"", "`", "$(", ")", "(", "${v:-", "${v}", "}", "$((", "))", "((", "1 + ", "#", "\n", " ", "\\", "\\\n", "<<E\n", "<<'E'\n", "<<-E\n",
        "\nE\n", "\n\tE\n", "case a in a)", ";;", " esac", "printf '<%s>' ", "printf \"<%s>\" ", "[", "]", "[[ ", " ]]", "$'", "$\"", "$", "$[", "a",
        "v=", "v[", ";", "|", "&&", "{ ", "; }", "f() { ", "echo ", "if true; then ", "; fi", "RANDOM=", " = ", "<<<", "\\'", "\\\"", "it's",
        ">&", "<&", " > f ", "2>f ", "declare ", "local ", "export -a ", "for n in ", "; do ", "; done", "set -- ", "shift; ", "command -- shift; ", "n",
    ];

    private static readonly string[] s_values =
        ["x  y$(printf Q%sQ)`printf Q%sQ`;printf Q%sQ", "a[$(printf Q%sQ >&2)]", "$(printf Q%sQ >&2)", "([$(printf Q%sQ >&2)]=1)"];

    // Where bash may look at a value once more, and what may make it do so later.
    private static readonly string[] s_places =
    [
        "echo >&", "echo 2>& ", "echo >&x", "cat <&", "n=", "n=$(echo ", "declare -a n=", "declare n=", "f() { local -a n=", "readonly -a n=",
        "export -a n=", "for RANDOM in ", "for n in ", "x[$(echo ", "echo $(( $(echo ", "[[ $(echo ", "2>f shift; n=", "\\shift; n=",
        "command -- shift; n=", "\"shift\"; n=", "f( \\\n) { n=", "[ -v ",
    ];

    private static readonly string[] s_sequels =
    [
        "; echo $((n + 1))", "; echo `echo $((n))`", "; echo ${x[n]}", "; echo \"${!n}\"", "; [ -v \"$n\" ]", "; x[n]=1", "; [[ n -eq 1 ]]",
        "; echo >&\"$n\"", "; declare -i y; y=$n", "; do :; done", ")", ")]=1", ") + 1 ))", ") -eq 1 ]]", "; }; f", "; RANDOM=$n", "-", " ]",
    ];

    /// <summary>The shells that are here.</summary>
    public static IEnumerable<string> Shells { get; } = ((string[])["/bin/sh", Dash, Bash]).Where(File.Exists);

    [Fact]
    public void A_hundred_thousand_random_words_come_back_from_sh() => AssertComeBack("/bin/sh");

    [ProgramFact(Dash)]
    public void A_hundred_thousand_random_words_come_back_from_dash() => AssertComeBack(Dash);

    [ProgramFact(Bash)]
    public void A_hundred_thousand_random_words_come_back_from_bash() => AssertComeBack(Bash);

    [ProgramFact(Bash)]
    public void Around_a_value_no_script_that_is_accepted_lets_it_run_or_fall_apart_in_bash() => AssertHarmless(Bash, "--posix");

    [ProgramFact(Dash)]
    public void Around_a_value_no_script_that_is_accepted_lets_it_run_or_fall_apart_in_dash() => AssertHarmless(Dash);

    // Each as a value, and each quoted as text of the script.
    private static void AssertComeBack(string shell)
    {
        Random random = new(2005);
        for (int i = 0; i < Batches; i++)
        {
            string[] words = [.. Enumerable.Range(0, BatchSize).Select(_ => Word(random))];
            Assert.Equal(words, Show(shell, Shell.Command($"printf '%s\\0' {words}")));
            Assert.Equal(words, Show(shell, Shell.CommandRaw($"printf '%s\\0' {Shell.Join(words)}")));
        }
    }

    private static string[] Show(string shell, Command command) =>
        OsText.Decode(Command.Of(shell, command.Arguments).CaptureBytes().EnsureSuccess().Output.Span).Split('\0')[..^1];

    private static string Word(Random random)
    {
        byte[] bytes = new byte[random.Next(LongestWord)];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = random.Next(2) == 0 ? (byte)random.Next(1, 256) : s_special[random.Next(s_special.Length)];
        }

        return OsText.Decode(bytes);
    }

    private void AssertHarmless(string shell, params string[] options)
    {
        Random random = new(1977);
        int accepted = 0;
        for (int i = 0; i < Scripts; i++)
        {
            bool isHot = i % 2 == 0;
            string before = isHot ? Pick(random, s_places) : Fragments(random), after = isHot ? Pick(random, s_sequels) : Fragments(random);

            // If it ran it would show QQ; to bash's arithmetic, its arrays and its redirections the others are what runs it; in pieces the first
            // would show <x>.
            foreach (string value in s_values)
            {
                ShellScript script = new(0, 1);
                script.AppendLiteral(before);
                script.AppendFormatted(value);
                script.AppendLiteral($"{after}\nprintf '[%s]' ");
                script.AppendFormatted(value);
                Command command;
                try
                {
                    command = Shell.Command(script);
                }
                catch (ArgumentException)
                {
                    continue;
                }

                accepted++;
                Command bounded = Command.Of(shell, [.. options, .. command.Arguments]).In(Folder).WithStdin(Stdio.Null);
                CapturedBytes captured = bounded.CaptureBytes(TimeSpan.FromSeconds(20));
                string output = Encoding.Latin1.GetString(captured.Output.Span), shown = output + Encoding.Latin1.GetString(captured.Error.Span);
                bool isSplit = shown.Contains("<x>") && !script.ToString().Contains("${v");
                bool isWrong = captured.Status.ExitStatus is 0 && output.EndsWith(']') && !output.EndsWith($"[{value}]", StringComparison.Ordinal);
                Assert.False(shown.Contains("QQ") || isSplit || isWrong, $"{before}{{value}}{after}\n---\n{shown}");
            }
        }

        Assert.InRange(accepted, Scripts / 10, s_values.Length * Scripts);
    }

    private static string Pick(Random random, string[] texts) => texts[random.Next(texts.Length)];

    private static string Fragments(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(MostFragments)).Select(_ => s_fragments[random.Next(s_fragments.Length)]));
}
