using System.Globalization;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>Commands run from a process in an unusual state, which is a process of its own.</summary>
public sealed class CommandScenarioTests
{
    private const double SlowestRatio = 10;
    private const int MostThreads = 16;

    // Half of what a copy of the page tables brings, with pages of 4 KiB: one for each page that is then touched.
    private const int MostFaults = 8192;
    private const long NeededBytes = 8L << 30;

    [Fact]
    public void Without_a_free_descriptor_each_step_says_so_and_all_works_again_when_there_are_some()
    {
        string[] lines = Lines("Commanding.WithoutFreeDescriptor", 8);
        Assert.Equal("execve ENOENT", lines[0]);
        Assert.All(lines[1..6], line => Assert.EndsWith(" EMFILE", line));
        Assert.Equal(["exit 5; exit 0", "True"], lines[6..]);
    }

    [Fact]
    public void A_thousand_children_at_once_are_waited_for_and_read_by_a_handful_of_threads()
    {
        string[] lines = Lines("Commanding.ManyAtOnce", 3);
        Assert.Equal(["alive 1000 waiting 1000", "ended 1000 closed 1000 left False"], lines[..2]);
        Assert.InRange(int.Parse(lines[2], CultureInfo.InvariantCulture), 0, MostThreads);
    }

    [LargeMemoryFact(NeededBytes)]
    public void A_process_of_four_gibibytes_starts_programs_as_a_small_one_does_and_nothing_of_it_is_copied()
    {
        string[] parts = Lines("Commanding.FromLargeProcess", 1)[0].Split(' ');
        Assert.InRange(double.Parse(parts[0], CultureInfo.InvariantCulture), 0, SlowestRatio);
        Assert.InRange(long.Parse(parts[1], CultureInfo.InvariantCulture), 0, MostFaults);
    }

    [NamespaceFact]
    public void The_first_process_of_a_system_runs_commands_and_reaps_its_orphans()
    {
        using TestProcess run = TestProcess.Run("/usr/bin/unshare", ["-p", "-f", "--mount-proc", ChildProgram.Executable, "Commanding.AsInit"]);
        Assert.Equal((0, "pid 1\nexit 0\nx\nTrue\n", ""), (run.ShellStatus, run.Stdout, run.Stderr));
    }

    [Fact]
    public void The_frameworks_own_processes_live_beside_it() =>
        Assert.Equal(["all told True"], Lines("Commanding.BesideProcess", 1));

    [Fact]
    public void Signals_that_come_all_the_time_disturb_no_wait() =>
        Assert.Equal(["undisturbed"], Lines("Commanding.AmongSignals", 1));

    [Fact]
    public void Started_with_SIGCHLD_ignored_it_learns_of_its_children_all_the_same()
    {
        using TestProcess run = TestProcess.Run(
            Spawned.Shell, ["-c", "trap '' CHLD; exec \"$0\" Commanding.WithChildSignalIgnored", ChildProgram.Executable]);
        Assert.Equal((0, "exit 4\nexit 5\nTrue\n", ""), (run.ShellStatus, run.Stdout, run.Stderr));
    }

    [RootFact]
    public void Another_user_never_looks_into_a_process_that_starts_children_as_that_user()
    {
        string[] lines = Lines("Spying.AmongSpies", 2);
        Assert.Equal("spying", lines[0]);
        string[] report = lines[1].Split(' ');
        Assert.Equal(("attempts", "children", "successes", "0"), (report[0], report[2], report[4], report[5]));
        Assert.InRange(int.Parse(report[3], CultureInfo.InvariantCulture), 1, int.MaxValue);
    }

    private static string[] Lines(string scenario, int count)
    {
        using TestProcess process = ChildProgram.Run(scenario);
        Assert.Equal(("", 0), (process.Stderr, process.ShellStatus));
        string[] lines = process.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(count, lines.Length);
        return lines;
    }
}
