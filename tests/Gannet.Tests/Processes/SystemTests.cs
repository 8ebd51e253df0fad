using System.Diagnostics;
using System.Globalization;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>Os.System, in a process of its own: while it waits it changes what the whole process does at signals.</summary>
public sealed class SystemTests
{
    private const ulong Interrupt = 1ul << ((int)Signal.SIGINT - 1);
    private const ulong Quit = 1ul << ((int)Signal.SIGQUIT - 1);
    private const ulong Pipe = 1ul << ((int)Signal.SIGPIPE - 1);
    private const ulong Child = 1ul << ((int)Signal.SIGCHLD - 1);

    [Fact, Trait("S", "S235"), Trait("S", "S238"), Trait("S", "S239"), Trait("S", "S243")]
    public void The_command_runs_in_a_new_process_and_the_status_tells_an_exit_from_a_signal()
    {
        Assert.Equal("0\n768\n15\n36608\n", Output("Statuses", "true", "exit 3", "kill -15 $$", "exit 143"));
        WaitStatus exit = new(768), signal = new(15);
        Assert.Equal((3, null), (exit.ExitStatus, exit.TermSignal));
        Assert.Equal((null, Signal.SIGTERM), (signal.ExitStatus, signal.TermSignal));
    }

    [Fact, Trait("S", "S236")]
    public void The_shell_reads_the_command() => Assert.Equal("2\n0\nb\n0\n", Output("Statuses", "echo a b | wc -w", "X=b && echo $X"));

    [Fact, Trait("S", "S236")]
    public void A_command_that_begins_with_a_dash_is_no_option_of_the_shell()
    {
        using TestProcess run = ChildProgram.Run("SystemCalls.Statuses", "-c exit");
        Assert.Equal("32512\n", run.Stdout);
        Assert.Contains("-c: not found", run.Stderr, StringComparison.Ordinal);
    }

    [Fact, Trait("S", "S237")]
    public void It_waits_for_the_command_and_not_for_what_that_leaves_behind()
    {
        string go = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        long start = Stopwatch.GetTimestamp();
        Assert.Equal("0\n0\n", Output("Statuses", "sleep 0.3", $"until [ -e {go} ]; do sleep 0.05; done && rm {go} &"));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(0.25), TestProcess.DefaultTimeout);
        File.WriteAllText(go, "");
    }

    [Fact, Trait("S", "S237")]
    public void Both_write_to_the_same_output_in_the_order_of_writing() => Assert.Equal("pcq", Output("Ordered"));

    [Fact, Trait("S", "S240")]
    public void A_missing_command_is_127_and_one_that_can_not_be_run_126_as_the_shell_says()
    {
        string file = Path.GetTempFileName();
        using TestProcess run = ChildProgram.Run("SystemCalls.Statuses", "no-such-command", file);
        File.Delete(file);
        Assert.Equal("32512\n32256\n", run.Stdout);

        // dash, bash and busybox have each its own words.
        Assert.Matches(@"\Ash: (.+: )?no-such-command: (command )?not found\nsh: (.+: )?\S+: Permission denied\n\z", run.Stderr);
    }

    [Fact, Trait("S", "S241")]
    public void An_empty_command_is_0_and_exit_256_wraps_to_0() => Assert.Equal("0\n0\n", Output("Statuses", "", "exit 256"));

    [Fact, Trait("S", "S241")]
    public void What_can_be_no_command_line_is_refused_before_anything_has_happened()
    {
        Assert.Throws<ArgumentException>("command", () => Os.System("touch /tmp/a\0b"));
        Assert.Throws<ArgumentException>("command", () => Os.System("echo \ud800"));
        Assert.Throws<ArgumentNullException>("command", () => Os.System(null!));
        Assert.Throws<ArgumentException>("command", () => { _ = Os.SystemAsync("a\0b"); });
    }

    [PythonFact, Trait("S", "S238"), Trait("S", "S239"), Trait("S", "S240"), Trait("S", "S241")]
    public void The_raw_statuses_are_those_of_CPython()
    {
        string[] commands = ["true", "exit 3", "exit 256", "exit 255", "", "kill -15 $$", "kill -9 $$", "exec 2>/dev/null; sh -c 'kill -15 $$'", "no-such-command 2>/dev/null", "exit 3 &"];
        string expected = Python.Run("import os, sys; [print(os.system(line)) for line in sys.stdin.read().split('|')]", string.Join('|', commands));
        Assert.Equal(expected, Output("Statuses", commands));
    }

    [Fact, Trait("S", "S242")]
    public void SIGINT_and_SIGQUIT_are_ignored_while_it_waits_and_the_handler_stands_afterwards() =>
        Assert.Equal("1280 True 1\n", Output("Handling"));

    [Theory, Trait("S", "S242")]
    [InlineData("registration")]
    [InlineData("console")]
    public void What_is_registered_with_the_runtime_is_not_told_while_it_waits_and_told_afterwards(string what) =>
        Assert.Equal("1280 2\n", Output("Registered", what));

    [Fact, Trait("S", "S242")]
    public void The_signals_are_ignored_until_the_last_of_several_threads_is_back()
    {
        using TestProcess run = ChildProgram.Run("SystemCalls.Overlapping");
        Assert.Equal(("still here\n", (int)Signal.SIGINT, ""), (run.Stdout, run.Signal, run.Stderr));
    }

    [Fact, Trait("S", "S242")]
    public void A_handler_that_is_set_meanwhile_is_called_from_the_end_on()
    {
        using TestProcess run = ChildProgram.Run("SystemCalls.HandlerSetMeanwhile");
        Assert.Equal(("1 Default\n", (int)Signal.SIGQUIT), (run.Stdout, run.Signal));
    }

    [Theory, Trait("S", "S242")]
    [InlineData("1280 0\n1\n", null, "cancelling")]
    [InlineData("1280 0\n", Signal.SIGINT, "not")]
    [InlineData("1280 0\n", Signal.SIGINT, "not", "ended-after")]
    [InlineData("1280 0\n", Signal.SIGINT, "not", "ended-within")]
    public void A_registration_that_is_made_meanwhile_stands_afterwards_as_any_other(string output, Signal? end, params string[] arguments)
    {
        using TestProcess run = ChildProgram.Run("SystemCalls.RegistrationMadeMeanwhile", arguments);
        Assert.Equal((output, (int?)end), (run.Stdout, run.Signal));
    }

    [Fact, Trait("S", "S242")]
    public void A_signal_of_the_command_s_time_that_reaches_its_thread_only_after_the_end_does_nothing()
    {
        using TestProcess run = ChildProgram.Run("SystemCalls.SignalComesLate");
        Assert.Equal(("still here 0\n", null), (run.Stdout, run.Signal));
    }

    [Fact, Trait("S", "S242")]
    public void A_registration_that_is_ended_meanwhile_leaves_the_default_behind()
    {
        using TestProcess run = ChildProgram.Run("SystemCalls.RegistrationEndedMeanwhile");
        Assert.Equal(("1280\n", (int?)Signal.SIGINT), (run.Stdout, run.Signal));
    }

    [Fact, Trait("S", "S242")]
    public void A_registration_that_is_made_meanwhile_and_a_later_handler_are_both_told()
    {
        using TestProcess run = ChildProgram.Run("SystemCalls.RegistrationMadeMeanwhileThenHandled");
        Assert.Equal(("1280 1 1\n1280 1 2\n", (int?)Signal.SIGINT), (run.Stdout, run.Signal));
    }

    [Fact, Trait("S", "S242")]
    public void The_command_and_other_children_have_the_signals_at_default_when_they_are_handled_here()
    {
        (ulong[] ignored, string kinds) = Dispositions();
        Assert.Equal("Default Custom", kinds);
        Assert.All(ignored, set => Assert.Equal(0ul, set & (Interrupt | Quit | Pipe)));
    }

    [Fact, Trait("S", "S242")]
    public void The_command_and_other_children_ignore_what_this_program_ignores()
    {
        (ulong[] ignored, string kinds) = Dispositions("ignoring");
        Assert.Equal("Ignore Custom", kinds);
        Assert.All(ignored, set => Assert.Equal(Interrupt, set & (Interrupt | Quit | Pipe)));
    }

    [Fact, Trait("S", "S242")]
    public void A_handler_that_reaps_any_child_does_not_take_the_status_and_the_thread_has_SIGCHLD_blocked()
    {
        string[] lines = Output("AmongReapers").Split('\n');
        Assert.NotEqual(0ul, Set(lines[0]) & Child);
        Assert.Equal("768 1 {} True", lines[1]);
    }

    [Fact, Trait("S", "S242")]
    public void Many_at_once_among_signals_give_their_statuses_and_no_signal_comes_through() =>
        Assert.Equal("0 0 1 True\n", Output("Storm"));

    [Fact, Trait("S", "S238"), Trait("S", "S242")]
    public void The_async_form_gives_the_same() =>
        Assert.Equal("0\n768\n15\n1280\n", Output("StatusesAsync", "true", "exit 3", "kill -15 $$", "kill -INT $PPID; kill -QUIT $PPID; exit 5"));

    [Fact, Trait("S", "S242")]
    public void Cancelled_it_ends_the_shell_and_the_signals_count_again()
    {
        using TestProcess run = ChildProgram.Run("SystemCalls.Cancelled");
        Assert.EndsWith("cancelled\nTrue\n", run.Stdout, StringComparison.Ordinal);
        Assert.Equal((int)Signal.SIGINT, run.Signal);
    }

    private static string Output(string scenario, params string[] arguments)
    {
        using TestProcess run = ChildProgram.Run($"SystemCalls.{scenario}", arguments);
        Assert.Equal(("", 0), (run.Stderr, run.ShellStatus));
        return run.Stdout;
    }

    private static (ulong[] Ignored, string Kinds) Dispositions(params string[] arguments)
    {
        string[] lines = Output("Dispositions", arguments).Split('\n');
        return ([Set(lines[0]), Set(lines[1])], lines[2]);
    }

    private static ulong Set(string line) => ulong.Parse(line.Split('\t')[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
