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
    private const int Scripts = 1500;
    private const int MostFragments = 14;

    private static readonly byte[] s_special = [.. "'\"\\$`\n\t *?[]{}()#!&|;<>~=-%\u0001\u007F"u8, 0x80, 0xA0, 0xC3, 0xFF];

    private static readonly string[] s_fragments =
    [
        "'", "\"", "`", "$(", ")", "(", "${v:-", "${v}", "}", "$((", "))", "((", "1 + ", "#", "\n", " ", "\\", "\\\n", "<<E\n", "<<'E'\n", "<<-E\n",
        "\nE\n", "\n\tE\n", "case a in a)", ";;", " esac", "printf '<%s>' ", "printf \"<%s>\" ", "[", "]", "[[ ", " ]]", "$'", "$\"", "$", "$[", "a",
        "v=", "v[", ";", "|", "&&", "{ ", "; }", "f() { ", "echo ", "if true; then ", "; fi", "RANDOM=", " = ", "<<<", "\\'", "\\\"", "it's",
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
            string before = Fragments(random), after = Fragments(random);

            // If it ran it would show QQ; to bash's arithmetic its second form is a calculation that runs it; in pieces it would show <x>.
            foreach (string value in (string[])["x  y$(printf Q%sQ)`printf Q%sQ`;printf Q%sQ", "a[$(printf Q%sQ >&2)]"])
            {
                ShellScript script = new(0, 1);
                script.AppendLiteral(before);
                script.AppendFormatted(value);
                script.AppendLiteral(after);
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
                Command bounded = Command.Of(shell, [.. options, .. command.Arguments]).In(Folder).WithStdin(Stdio.Null).WithMergedOutput();
                string shown = Encoding.Latin1.GetString(bounded.CaptureBytes(TimeSpan.FromSeconds(20)).Output.Span);
                Assert.False(shown.Contains("QQ") || shown.Contains("<x>"), $"{before}{{value}}{after}\n---\n{shown}");
            }
        }

        Assert.InRange(accepted, Scripts / 10, 2 * Scripts);
    }

    private static string Fragments(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(MostFragments)).Select(_ => s_fragments[random.Next(s_fragments.Length)]));
}
