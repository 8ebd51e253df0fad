using Gannet.Testing;
using Gannet.Tests.Processes;

namespace Gannet.Tests.Accounts;

/// <summary>The password prompt on a real terminal.</summary>
[Collection(Spawned.Collection)]
public class PromptTests
{
    [Fact, Trait("S", "S430"), Trait("S", "S431"), Trait("S", "S432")]
    public void It_asks_reads_without_echo_and_ends_the_line()
    {
        using TerminalChild child = Ask();
        Assert.False(child.Echoes);
        Assert.True(child.EditsLines);
        child.Type("secret\r");
        Assert.Equal("exit 0", child.ReadToEnd().ToString());
        Assert.Equal($"Password: \r\nlength 6 sum {"secret".Sum(letter => letter)}\r\n", child.Text);
        Assert.True(child.Echoes);
    }

    [Fact, Trait("S", "S432")]
    public void Another_prompt_and_an_empty_line_are_fine()
    {
        using TerminalChild child = Ask("Schl\u00fcssel? ");
        child.Type("\r");
        child.ReadToEnd();
        Assert.Equal("Schl\u00fcssel? \r\nlength 0 sum 0\r\n", child.Text);
    }

    [Fact, Trait("S", "S432")]
    public void The_terminals_erase_keys_work()
    {
        using TerminalChild child = Ask();
        child.Type("wrong\u0015secrex\u007ft\r");
        child.ReadToEnd();
        Assert.Equal($"Password: \r\nlength 6 sum {"secret".Sum(letter => letter)}\r\n", child.Text);
    }

    [Fact, Trait("S", "S433")]
    public void The_end_of_the_input_is_an_error()
    {
        using TerminalChild child = Ask();
        child.Type("\u0004");
        child.ReadToEnd();
        Assert.Equal("Password: EndOfStreamException\r\n", child.Text);
        Assert.True(child.Echoes);
    }

    [Fact]
    public void What_was_typed_before_the_end_of_the_input_counts()
    {
        using TerminalChild child = Ask();
        child.Type("abc\u0004\u0004");
        child.ReadToEnd();
        Assert.Contains("length 3", child.Text);
    }

    [Theory, Trait("S", "S433")]
    [InlineData("\u0003", "signal 2")]
    [InlineData("\u001c", "signal 3")]
    public void An_interrupt_from_the_keyboard_ends_the_program_and_echo_is_on(string key, string end)
    {
        using TerminalChild child = Ask();
        child.Type("half");
        child.Type(key);
        Assert.StartsWith(end, Describe(child.ReadToEnd()));
        Assert.True(child.Echoes);
        Assert.DoesNotContain("half", child.Text);
    }

    [Theory]
    [InlineData(Signal.SIGTERM)]
    [InlineData(Signal.SIGINT)]
    [InlineData(Signal.SIGHUP)]
    [InlineData(Signal.SIGQUIT)]
    [InlineData(Signal.SIGALRM)]
    [InlineData(Signal.SIGUSR1)]
    [InlineData(Signal.SIGUSR2)]
    public void A_signal_that_ends_the_program_leaves_echo_on(Signal signal)
    {
        using TerminalChild child = Ask();
        child.Signal(signal);
        Assert.StartsWith($"signal {(int)signal}", Describe(child.ReadToEnd()));
        Assert.True(child.Echoes);
        Assert.True(child.EditsLines);
    }

    [Theory]
    [InlineData("exit", "exit 7")]
    [InlineData("abort", "signal 6")]
    [InlineData("exec", "exit 8")]
    [InlineData("throw", "signal 6")]
    public void An_end_without_exit_hooks_on_another_thread_leaves_echo_on(string way, string end)
    {
        using TerminalChild child = TerminalChild.Start("Accounts.AskAndLeave", way);
        child.Await(() => !child.Echoes, "turn echo off");
        Assert.StartsWith(end, Describe(child.ReadToEnd()));
        Assert.True(child.Echoes);
        Assert.True(child.EditsLines);
    }

    [Theory]
    [InlineData("gannet")]
    [InlineData("dotnet")]
    public void A_child_that_is_started_beside_it_does_not_bring_echo_back(string starter)
    {
        using TerminalChild child = TerminalChild.Start("Accounts.AskBesideChild", starter);
        child.ReadUntil("Password: ");
        child.ReadUntil("beside");
        Thread.Sleep(300);
        Assert.False(child.Echoes);
        child.Type("secret\r");
        Assert.Equal("exit 0", child.ReadToEnd().ToString());
        Assert.Contains("length 6", child.Text);
        Assert.DoesNotContain("secret", child.Text);
        Assert.True(child.Echoes);
    }

    [Fact]
    public void A_stopped_program_can_be_ended_from_the_shell()
    {
        // The shell tells a stop as 128 and the signal, which is more than the end by SIGTERM, and may still tell of the one that is over.
        const string Script = """
            set -m; "$0" Accounts.Ask 'Password: '; echo stopped; p=$(jobs -p); kill %1; wait $p; s=$?
            while [ $s -gt 143 ]; do wait $p; s=$?; done 2>/dev/null; echo ended $s
            """;
        using TerminalChild shell = TerminalChild.Run(["/bin/bash", "--norc", "-i", "-c", Script, ChildProgram.Executable]);
        shell.ReadUntil("Password: ");
        shell.Await(() => !shell.Echoes, "turn echo off");
        shell.Type("\u001a");
        shell.ReadUntil("ended");
        shell.ReadToEnd();
        Assert.Contains("ended 143", shell.Text);
        Assert.True(shell.Echoes);
    }

    [Fact]
    public void A_cancelled_prompt_leaves_echo_on()
    {
        using TerminalChild child = TerminalChild.Start("Accounts.Ask", "Password: ", "", "400");
        child.Await(() => !child.Echoes, "turn echo off");
        child.Type("half");
        child.ReadUntil("cancelled");
        child.ReadToEnd();
        Assert.Equal("Password: cancelled\r\n", child.Text);
        Assert.True(child.Echoes);
    }

    [Fact]
    public void An_exit_by_another_thread_leaves_echo_on()
    {
        using TerminalChild child = TerminalChild.Start("Accounts.AskAndExit");
        child.Await(() => !child.Echoes, "turn echo off");
        Assert.Equal("exit 5", child.ReadToEnd().ToString());
        Assert.True(child.Echoes);
    }

    [Fact]
    public void When_the_program_survives_an_interrupt_echo_stays_off()
    {
        using TerminalChild child = TerminalChild.Start("Accounts.AskDespiteInterrupt");
        child.ReadUntil("Password: ");
        child.Type("\u0003");
        Thread.Sleep(200);
        child.Await(() => !child.Echoes, "keep echo off");
        child.Type("secret\r");
        child.ReadToEnd();
        Assert.Equal("Password: \r\nlength 6\r\n", child.Text);
        Assert.True(child.Echoes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    public void A_stopped_program_gives_echo_back_and_takes_it_again_when_it_goes_on(string echoCharacter)
    {
        // A leader of a session is never stopped by the terminal: a shell stands between, as it would.
        using TerminalChild shell = TerminalChild.Run(
            ["/bin/bash", "--norc", "-i", "-c", "set -m; \"$0\" Accounts.Ask 'Password: ' '" + echoCharacter + "'; echo stopped; sleep 0.5; fg > /dev/null; echo ended", ChildProgram.Executable]);
        shell.ReadUntil("Password: ");
        shell.Await(() => !shell.Echoes, "turn echo off");
        shell.Type("\u001a");
        shell.ReadUntil("stopped");
        Assert.True(shell.Echoes);
        Assert.True(shell.EditsLines);
        shell.ReadUntil("Password: ", times: 2);
        shell.Await(() => !shell.Echoes, "turn echo off again");

        // The runtime has had the time to put its own settings back.
        Thread.Sleep(300);
        Assert.False(shell.Echoes);
        shell.Type("secret\r");
        shell.ReadUntil("ended");
        Assert.Contains($"length 6 sum {"secret".Sum(letter => letter)}", shell.Text);
        Assert.DoesNotContain("secret", shell.Text);
    }

    [Fact]
    public void A_stop_from_outside_leaves_echo_off_when_the_program_goes_on()
    {
        using TerminalChild child = Ask();
        child.Signal(Signal.SIGSTOP);
        child.AwaitStop();
        child.Signal(Signal.SIGCONT);
        Thread.Sleep(300);
        Assert.False(child.Echoes);
        child.Type("secret\r");
        child.ReadToEnd();
        Assert.DoesNotContain("secret", child.Text);
        Assert.True(child.Echoes);
    }

    [Fact]
    public void With_an_echo_character_each_letter_shows_as_one_and_keys_erase_them()
    {
        using TerminalChild child = TerminalChild.Start("Accounts.Ask", "Password: ", "*");
        child.ReadUntil("Password: ");
        child.Await(() => !child.Echoes && !child.EditsLines, "turn line editing off");
        child.Type("xy\u0015s\u00e9\u00e8\u007fcret\r");
        child.ReadToEnd();
        Assert.Equal(
            $"Password: **\b \b\b \b***\b \b****\r\nlength 7 sum {System.Text.Encoding.UTF8.GetBytes("s\u00e9cret").Sum(letter => letter)}\r\n",
            child.Text);
        Assert.True(child.Echoes && child.EditsLines);
    }

    [Theory]
    [InlineData("\u0004", "EndOfStreamException")]
    [InlineData("ab\u0004", "length 2 sum 195")]
    public void With_an_echo_character_the_end_of_the_input_is_what_it_is_without(string typed, string result)
    {
        using TerminalChild child = TerminalChild.Start("Accounts.Ask", "Password: ", "*");
        child.Await(() => !child.EditsLines, "turn line editing off");
        child.Type(typed);
        child.ReadToEnd();
        Assert.EndsWith($"{result}\r\n", child.Text);
    }

    [Fact]
    public void A_control_character_is_no_echo_character()
    {
        using TerminalChild child = TerminalChild.Start("Accounts.Ask", "Password: ", "\n");
        child.ReadToEnd();
        Assert.Equal("ArgumentException\r\n", child.Text);
    }

    [Fact, Trait("S", "S434")]
    public void It_asks_on_the_terminal_although_the_streams_are_files()
    {
        string directory = Directory.CreateTempSubdirectory("gannet-ask-").FullName;
        File.WriteAllText($"{directory}/in", "not this\n");
        using (TerminalChild child = TerminalChild.Run(
            [ChildProgram.Executable, "Accounts.Ask"],
            new Dictionary<int, string> { [0] = $"{directory}/in", [1] = $"{directory}/out", [2] = $"{directory}/err" }))
        {
            child.ReadUntil("Password: ");
            child.Await(() => !child.Echoes, "turn echo off");
            child.Type("secret\r");
            child.ReadToEnd();
            Assert.Equal("Password: \r\n", child.Text);
        }

        Assert.StartsWith("length 6 ", File.ReadAllText($"{directory}/out"));
        Assert.Equal("", File.ReadAllText($"{directory}/err"));
        Directory.Delete(directory, recursive: true);
    }

    [Theory, Trait("S", "S434"), Trait("S", "S433")]
    [InlineData("sec\u00e9t\nnext\n", "length 6 sum 795")]
    [InlineData("secret\r\n", "length 6 sum 646")]
    [InlineData("secret", "length 6 sum 646")]
    [InlineData("\n", "length 0 sum 0")]
    [InlineData("", "EndOfStreamException")]
    public void Without_a_terminal_it_warns_and_reads_standard_input(string input, string result)
    {
        using TestProcess run = TestProcess.Run("/usr/bin/setsid", ["-w", ChildProgram.Executable, "Accounts.Ask", "Key? "], input);
        Assert.Equal(($"{result}\n", "Warning: Password input may be echoed.\nKey? "), (run.Stdout, run.Stderr));
    }

    [Fact]
    public void The_console_may_have_read_before_and_two_prompts_may_follow_each_other()
    {
        using TerminalChild child = TerminalChild.Start("Accounts.AskAfterReading");
        child.Type("hello\r");
        child.ReadUntil("First: ");
        child.Await(() => !child.Echoes, "turn echo off");
        child.Type("onx\u007fe\r");
        child.ReadUntil("Second: ");
        child.Await(() => !child.Echoes, "turn echo off");
        child.Type("three\r");
        child.ReadToEnd();
        Assert.EndsWith("line hello\r\nFirst: \r\nSecond: \r\nlengths 3 5\r\n", child.Text);
    }

    [StraceFact]
    public void The_password_is_read_and_written_nowhere()
    {
        string trace = Path.GetTempFileName();
        try
        {
            using TerminalChild child = TerminalChild.Run(
                [StraceFactAttribute.Strace, "-f", "-s", "100", "-o", trace, ChildProgram.Executable, "Accounts.Ask", "Password: "]);
            child.ReadUntil("Password: ");
            child.Await(() => !child.Echoes, "turn echo off");
            child.Type("s3cr3tw0rd\r");
            child.ReadToEnd();
            string[] lines = [.. File.ReadLines(trace).Where(line => line.Contains("s3cr3tw0rd"))];
            Assert.Matches(@"read\(\d+, ""s3cr3tw0rd\\n"", \d+\) += 11|read resumed.*s3cr3tw0rd", Assert.Single(lines));
        }
        finally
        {
            File.Delete(trace);
        }
    }

    private static TerminalChild Ask(params string[] arguments)
    {
        TerminalChild child = TerminalChild.Start("Accounts.Ask", arguments);
        child.ReadUntil(arguments is [var prompt, ..] ? prompt : "Password: ");
        child.Await(() => !child.Echoes, "turn echo off");
        return child;
    }

    private static string Describe(WaitStatus status) => status.Signaled ? $"signal {(int)status.TermSignal!}" : status.ToString();
}
