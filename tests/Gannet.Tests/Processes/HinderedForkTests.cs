using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>Forks from programs in which something is out of the ordinary, all of them in the child program.</summary>
public class HinderedForkTests
{
    [ForkFact]
    public void Native_code_that_resets_the_parking_signal_does_no_harm_and_code_that_takes_it_is_told() => Expect(
        "exit 7\nexit 7\nThreadDeaf Leave that signal (SIGRTMAX-2) to Gannet.\n", "SignalReset");

    [ForkFact]
    public void For_a_thread_that_takes_no_signal_one_waits_however_often_it_is_tried_and_it_may_hear_again() => Expect("1\nexit 7\n", "DeafThread");

    [ForkFact]
    public void The_last_of_three_hundred_threads_may_be_the_first_to_fork() => Expect("exit 7\n", "ManyThreads");

    [ForkFact]
    public void A_child_whose_first_thread_has_ended_forks_and_so_does_its_child() => Expect("exit 7\n", "WithoutLeader");

    [ForkFact]
    public void The_patience_ends_also_while_a_part_of_the_library_is_in_use() => Expect("Busy\nexit 7\n", "RoomInUse");

    [ForkFact]
    public void A_thread_on_its_way_into_a_wait_that_is_over_is_running() => Expect("ThreadRuns asker\n", "WaitIsOver");

    [ForkFact]
    public void An_exit_hook_that_a_fork_hook_registers_in_the_child_runs_there() =>
        Expect("the child's\nexit 7\nthe parent's\n", "HookOfHook");

    [ForkFact]
    public void Traces_with_lines_are_told_in_the_child_when_one_was_told_before_the_fork() => Expect("True exit 7\n", "TracesInBoth");

    [ForkFact]
    public void Mapped_memory_is_shared_with_the_child() => Expect("exit 42 42\n", "MappedMemory");

    [ForkFact]
    public void A_mapped_copy_is_the_childs_own() => Expect("exit 42 42\n", "MappedCopy");

    [ForkStraceFact]
    public void Code_memory_that_is_not_found_is_an_error_and_never_shared() =>
        // The program's start reads links of its own.
        ExpectTraced("EBADF fork\n", "readlink:error=EINVAL:when=1000+", "CodeNotFound", "1000");

    [ForkStraceFact]
    public void A_child_may_fork_before_the_threads_of_the_runtime_have_come_back() =>
        ExpectTraced("exit 7\n", "set_robust_list:delay_enter=100000", "AtOnce");

    private static void Expect(string output, string scenario)
    {
        using TestProcess child = ChildProgram.Run($"HinderedForks.{scenario}");
        Assert.Equal((0, output, ""), (child.ShellStatus, child.Stdout, child.Stderr));
    }

    private static void ExpectTraced(string output, string injection, string scenario, params string[] arguments)
    {
        string call = injection[..injection.IndexOf(':', StringComparison.Ordinal)];
        using TestProcess child = TestProcess.Run(
            StraceFactAttribute.Strace,
            ["-f", "-qq", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={injection}", ChildProgram.Executable, $"HinderedForks.{scenario}", .. arguments],
            timeout: TimeSpan.FromMinutes(2));
        // On the error stream strace may have something to say itself.
        Assert.Equal((0, output), (child.ShellStatus, child.Stdout));
    }
}
