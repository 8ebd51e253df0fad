using Gannet.Interop;
using Gannet.Testing;
using Gannet.Tests.Processes;

namespace Gannet.Tests.Shells;

/// <summary>Scripts of the shell with values in them.</summary>
[Collection(Spawned.Collection)]
public sealed class ShellTests : ChildrenTest
{
    private const string Nasty = "a  b\t\"'`$HOME$(touch ran)\\*;?[x]{y}~\n#!& -\uDCFF\u00E9\x01\x7F";
    private const int LargestWord = 131071;

    [Fact]
    public void A_value_is_a_positional_parameter_and_never_text_of_the_script()
    {
        string pattern = "a b", file = "$(x)";
        Command command = Shell.Command($"grep {pattern} {file} | sort");
        Assert.Equal("/bin/sh", command.Program);
        Assert.Equal(["-c", "grep \"${1}\" \"${2}\" | sort", "sh", "a b", "$(x)"], command.Arguments);
        Assert.Equal(["-c", "ls", "sh"], Shell.Command($"ls").Arguments);
    }

    [Fact]
    public void A_value_is_one_word_whatever_is_in_it_and_wherever_it_stands()
    {
        string value = Nasty, name = At("file"), empty = "";
        AssertShows([value], $"show {value}");
        AssertShows([empty, empty], $"show {empty} {empty}");
        AssertShows([$"{value}.txt", $"--x={value}", value + value, $"a{value}b"], $"show {value}.txt --x={value} {value}{value} a{value}b");
        AssertShows([$"l{value}r"], $"show \"l\"{value}'r'");
        AssertShows([value], $"x={value}; show \"$x\"");
        AssertShows([value], $"x={value} sh -c 'printf \"%s\\0\" \"$x\"'");
        AssertShows([value], $"echo {value} >{name}; read_back() {{ cat < {name}; }}; show \"$(read_back)\"");
        AssertShows(["yes"], $"case {value} in {value}) show yes;; *) show no;; esac");
        AssertShows(["no"], $"case x in {"*"}) show yes;; *) show no;; esac");
        AssertShows([value], $"show_it() {{ show {value}; }}; show_it other");
        AssertShows([value, "b"], $"set -- b; show {value} \"$1\"");
        AssertShows([value], $"shift; show {value}");
        AssertShows([value], $"if [ {value} = {value} ]; then show {value}; fi");
        AssertShows([value], $"show \"$(printf %s {value})\"");
        AssertShows([value], $"( {{ ! false && show {value}; }} )");
        AssertShows([value], $"show \\\n {value} # it's \"commented\" $( out");
        AssertShows(["it's", value], $"cat > /dev/null <<'E'\n $( \" ' ` \\\nE\nshow it\\'s {value}");
        AssertShows([value], $"cat > /dev/null <<-E | cat\n\t$(echo x) ${{x}}\n\tE\nshow {value}");
        AssertShows([value], $"show {value} | cat");
        AssertShows([$"${{x}} {value}"], $"show '${{x}} '{value}");
        AssertShows(["7", value], $"show $((1 + (2 * 3))) {value}");
        AssertShows(["d", value], $"show ${{undefined:-d}} {value}");
        AssertShows(["x", value], $"show `echo x` {value}");
        AssertShows(["no x", value], $"show 'no '\"x\" {value}");
        AssertShows(["~" + value], $"show ~{value}");
        AssertShows(["1", value], $"show $# {value}");
        AssertShows([value], $"-{"x"} 2> /dev/null; show {value}");
        Assert.False(File.Exists(At("ran")));
    }

    [Fact]
    public void A_value_stays_what_it_is_wherever_the_parameters_are_changed()
    {
        string value = Nasty;
        AssertShows([value], $"2>/dev/null shift; show {value}");
        AssertShows([value], $"\\shift; show {value}");
        AssertShows([value], $"command -- shift; show {value}");
        AssertShows([value], $">log set -- x; show {value}");
        AssertShows([value], $"\"shift\"; show {value}");
        AssertShows([value], $"s''hift; show {value}");
        AssertShows([value], $"c=shift; $c; show {value}");
        AssertShows([value], $"f( \\\n) {{ show {value}; }}; f x");
        AssertShows([value], $"f () {{ show {value}; }}; f x");
    }

    [Fact]
    public void A_word_that_is_an_operator_elsewhere_is_a_word()
    {
        string value = Nasty;
        AssertShows(["case", value], $"x=$(echo case); show \"$x\" {value}");
        AssertShows(["[[", value], $"show [[ {value}");
        AssertShows(["x", value], $"echo x >log 2>&1; show \"$(grep -v y < log)\" {value}");
    }

    [Fact]
    public void A_number_is_a_value_where_the_script_calculates()
    {
        AssertShows(["4"], $"n={3}; show $((n + 1))");
        AssertShows(["-3"], $"n={-4}; show $((n + 1))");
        Assert.Throws<ArgumentException>(() => Shell.Command($"n={double.NaN}; echo $((n + 1))"));
        Assert.Throws<ArgumentException>(() => Shell.Command($"n={'a'}; echo $((n + 1))"));
    }

    [Fact]
    public void One_way_leads_to_the_shell()
    {
        Assert.Equal(["-c", " -x", "sh"], Shell.CommandRaw("-x").Arguments);
        Assert.Equal(["-c", " -\"${gannet_1}\"", "sh", "x"], Shell.Command($"-{"x"}").Arguments.Select(word => word.Replace("gannet_1=${1};", "", StringComparison.Ordinal)));
        Assert.Equal(Shell.CommandRaw("-x").ToString(), ShellCommand.Of("-x").ToString());
    }

    [Fact]
    public void A_list_is_as_many_words_also_none()
    {
        string[] words = ["a b", "", Nasty];
        List<string> none = [];
        AssertShows([.. words, "end"], $"show {words} end");
        AssertShows(["end"], $"show {none} end");
        AssertShows(["<a b>", "<>", $"<{Nasty}>"], $"for x in {words}; do show \"<$x>\"; done");
        AssertShows([], $"for x in {none}; do show \"<$x>\"; done");
        AssertShows(words, $"all() {{ show {words}; }}; all x");
        AssertShows(["x", .. words, "y", .. words], $"(show x {words} y {words})");
        AssertShows(["1", "2"], $"show {new[] { 1, 2 }}");
        AssertShows(["a", "b"], $"show {"ab".Select(letter => $"{letter}")}");
    }

    [Fact]
    public void Numbers_are_formatted_as_in_every_country_and_as_asked()
    {
        double number = 1234.5;
        AssertShows(["1234.5", "1234.50", "007", "x"], $"show {number} {number:F2} {7:D3} {'x'}");
    }

    [Fact]
    public void A_value_begins_no_option_of_the_shell_but_may_be_one_to_the_program()
    {
        Assert.Equal("-n\n", Shell.Capture($"printf '%s\\n' {"-n"}").Output);
        Assert.Equal(127, Shell.Capture($"-x {"y"}").Status.ExitStatus);
        Assert.Equal(127, Shell.CommandRaw("-x").Capture().Status.ExitStatus);
        Assert.Equal(0, Shell.Run($"").Status.ExitStatus);
    }

    [Fact]
    public async Task It_runs_and_captures_in_both_ways_with_time_and_token()
    {
        string value = "x y";
        Assert.Equal(3, Shell.Run($"test {value} = 'x y' && exit 3").Status.ExitStatus);
        Assert.Equal(3, (await Shell.RunAsync($"exit {3}")).Status.ExitStatus);
        Assert.Equal("x y", Shell.Capture($"printf %s {value}").Output);
        CapturedText captured = await Shell.CaptureAsync($"printf %s {value}; echo error >&2");
        Assert.Equal(("x y", "error\n"), (captured.Output, captured.Error));
        Assert.Equal("X Y", Shell.Command($"tr a-z {"A-Z"}").WithInput("x y").Capture().Output);
        using CancellationTokenSource canceled = new();
        await canceled.CancelAsync();
        Assert.Throws<CommandTimeoutException>(() => Shell.Run($"exec sleep {Commands.Long}", Commands.Short));
        Assert.Throws<CommandTimeoutException>(() => Shell.Capture($"exec sleep {Commands.Long}", Commands.Short));
        await Assert.ThrowsAsync<CommandTimeoutException>(() => Shell.RunAsync($"exec sleep {Commands.Long}", Commands.Short));
        await Assert.ThrowsAsync<CommandTimeoutException>(() => Shell.CaptureAsync($"exec sleep {Commands.Long}", Commands.Short));
        Assert.ThrowsAny<OperationCanceledException>(() => Shell.Run($"true", cancellationToken: canceled.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Shell.Capture($"true", cancellationToken: canceled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Shell.RunAsync($"true", cancellationToken: canceled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Shell.CaptureAsync($"true", cancellationToken: canceled.Token));
        Assert.Throws<CommandTimeoutException>(() => Shell.RunRaw($"exec sleep {Commands.Long}", Commands.Short));
    }

    [Fact]
    public async Task Lines_are_read_while_it_runs()
    {
        string[] words = ["a b", "", "\uDCFF"];
        Assert.Equal(words, Shell.Lines($"printf '%s\\n' {words}"));
        List<string> lines = [];
        await foreach (string line in Shell.LinesAsync($"printf '%s\\n' {words} | cat"))
        {
            lines.Add(line);
        }

        Assert.Equal(words, lines);
        Assert.Equal("x", Shell.Lines($"while echo {"x"}; do :; done").First());
        Assert.Throws<CommandFailedException>(() => Shell.Lines($"exit {3}").Count());
        Assert.Throws<CommandTimeoutException>(() => Shell.Lines($"exec sleep {Commands.Long}", Commands.Short).Count());
        Assert.Throws<ArgumentException>(() => Shell.Lines($"echo '{words}'"));
    }

    [Fact]
    [Trait("S", "S236")]
    public void Raw_text_is_run_as_it_is_with_pipes_variables_and_conjunctions()
    {
        Assert.Equal("2\n", Shell.CommandRaw("echo a b | wc -w | tr -d ' '").Capture().Output);
        Assert.Equal(4, Shell.RunRaw("x=4 && exit $x").Status.ExitStatus);
        Assert.Equal("2\n", Shell.Capture($"echo {"a"} {"b"} | wc -w | tr -d ' '").Output);
    }

    [Fact]
    [Trait("S", "S240")]
    public async Task A_missing_program_gives_127_and_one_that_may_not_be_run_126_with_the_shells_message()
    {
        string missing = At("missing"), text = Write("text", "");
        CapturedText captured = Shell.Capture($"{missing} x");
        Assert.Equal((127, true), (captured.Status.ExitStatus, captured.Error.Contains("not found", StringComparison.Ordinal)));
        captured = Shell.Capture($"{text}");
        Assert.Equal((126, true), (captured.Status.ExitStatus, captured.Error.Contains("denied", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(127, (await Shell.RunRawAsync($"{missing} 2> /dev/null")).Status.ExitStatus);
    }

    [Fact]
    [Trait("S", "S241")]
    public void Nothing_is_a_script_a_NUL_is_none_and_an_exit_status_is_one_byte()
    {
        string nul = "a\0b";
        Assert.Equal(0, Shell.RunRaw("").Status.ExitStatus);
        Assert.Equal(0, Shell.RunRaw("exit 256").Status.ExitStatus);
        Assert.Throws<ArgumentException>(() => Shell.RunRaw(nul));
        Assert.Throws<ArgumentException>(() => Shell.Run($"echo {nul}"));
        Assert.Throws<ArgumentException>(() => Shell.Run($"echo {new[] { "a", nul }}"));
        Assert.Throws<ArgumentException>(() => Shell.Run($"echo a\0b"));
        Assert.Throws<ArgumentException>(() => Shell.Quote(nul));
    }

    [Fact]
    public void Nothing_that_is_no_text_is_a_value()
    {
        string missing = null!;
        string[] holes = ["a", null!];
        Assert.Equal("missing", Assert.Throws<ArgumentNullException>(() => Shell.Run($"echo {missing}")).ParamName);
        Assert.Equal("holes", Assert.Throws<ArgumentNullException>(() => Shell.Run($"echo {holes}")).ParamName);
        Assert.Throws<ArgumentNullException>(() => Shell.Run($"echo {(string[])null!}"));
        Assert.Throws<ArgumentNullException>(() => Shell.Run(null!));
        Assert.Throws<ArgumentNullException>(() => Shell.RunRaw(null!));
        Assert.Throws<ArgumentNullException>(() => Shell.Quote(null!));
        Assert.Throws<ArgumentException>(() => Shell.Run($"echo {"\uD800"}"));
        Assert.Throws<ArgumentException>(() => Shell.Quote("\uD800"));
    }

    [Fact]
    public void A_value_that_the_kernel_does_not_take_is_E2BIG()
    {
        string largest = new('x', LargestWord), larger = largest + 'x';
        Assert.Equal($"{LargestWord}\n", Shell.Capture($"printf %s {largest} | wc -c | tr -d ' '").Output);
        OsException error = Assert.Throws<OsException>(() => Shell.Run($"echo {larger}"));
        Assert.Equal((Errno.E2BIG, "execve '/bin/sh': Argument list too long (E2BIG)"), (error.Errno, error.Message));
    }

    [Fact]
    public void A_list_of_ten_thousand_files_is_no_trouble()
    {
        string[] names = [.. Enumerable.Range(1, 10_000).Select(number => $"/a/directory/file {number}")];
        Assert.Equal("10000\n", Shell.Capture($"printf '%s\\n' {names} | wc -l | tr -d ' '").Output);
    }

    [Fact]
    public void A_script_reads_as_it_was_written()
    {
        string file = "x";
        ShellScript script = $"cat {file} | wc";
        Assert.Equal("cat {file} | wc", script.ToString());
        Assert.Equal("/bin/sh -c 'cat \"${1}\" | wc' sh x", Shell.Command(script).ToString());
    }

    [Theory]
    [InlineData("", "''")]
    [InlineData("plain-word_1.txt", "plain-word_1.txt")]
    [InlineData("/a:b+c@d.e", "/a:b+c@d.e")]
    [InlineData("a,b", "'a,b'")]
    [InlineData("1..3", "'1..3'")]
    [InlineData("%1", "'%1'")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("a=b", "'a=b'")]
    [InlineData("2", "'2'")]
    [InlineData("while", "'while'")]
    [InlineData("~", "'~'")]
    [InlineData("\u00E9", "'\u00E9'")]
    [InlineData("-n", "-n")]
    public void A_quoted_word_is_quoted_where_it_has_to_be(string word, string quoted)
    {
        Assert.Equal(quoted, Shell.Quote(word));
        Assert.Equal($"x {quoted}", Shell.Join("x", word));
    }

    [Fact]
    public void A_quoted_word_is_a_word_also_at_the_beginning_and_before_a_redirection()
    {
        foreach (string word in (string[])["if", "a=b", "{", "!", "function", "time", "[[", "case"])
        {
            Assert.Equal(127, Shell.CommandRaw($"{Shell.Quote(word)} 2> /dev/null").WithVariable("PATH", "/nowhere").Capture().Status.ExitStatus);
        }

        Assert.Equal("2\n", Shell.CommandRaw($"echo {Shell.Quote("2")}>{Shell.Quote(At("out"))}; cat {Shell.Quote(At("out"))}").Capture().Output);
    }

    // With a command that shows its words, each ended by a NUL.
    private void AssertShows(string[] expected, ShellScript script)
    {
        if (!File.Exists(At("show")))
        {
            WriteProgram("show", "#!/bin/sh\nfor word; do printf '%s\\0' \"$word\"; done\n");
        }

        foreach (string shell in ShellPropertyTests.Shells)
        {
            Command command = Command.Of(shell, Shell.Command(script).Arguments).In(Folder).WithVariable("PATH", $"{Folder}:/usr/bin:/bin");
            CapturedBytes captured = command.CaptureBytes();
            Assert.Equal(expected, OsText.Decode(captured.Output.Span).Split('\0')[..^1]);
            Assert.Equal((script.ToString(), 0), (script.ToString(), captured.Status.ExitStatus));
        }
    }
}
