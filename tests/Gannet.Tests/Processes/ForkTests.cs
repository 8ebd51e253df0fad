using System.Text.RegularExpressions;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>Forks, all of them in the child program.</summary>
public class ForkTests
{
    [ForkFact]
    public void This_runtime_is_one_that_forks_have_been_tried_with() =>
        // Under a new one the fields and threads of the runtime have to be looked at again: docs/fork.md tells which.
        Expect("none\n", "Impossibility");

    [ForkFact, Trait("S", "S296"), Trait("S", "S300")]
    public void Both_processes_go_on_behind_the_call_each_in_its_branch() => Expect("child\nexit 5\nparent\n", "BothGoOn");

    [ForkFact, Trait("S", "S295")]
    public void A_server_forks_a_child_for_each_request_and_reaps_all_of_them() => Expect("exit 1 exit 2 exit 3 True\n", "Server");

    [ForkFact, Trait("S", "S301")]
    public void Both_processes_greet_ten_times_in_any_order()
    {
        using TestProcess child = ChildProgram.Run("Forks.Greetings");
        string[] lines = child.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((10, 10, 20), (lines.Count(line => line is "child"), lines.Count(line => line is "parent"), lines.Length));
    }

    [ForkFact]
    public void A_child_is_known_when_its_SIGCHLD_comes() => Expect("True\n", "ReapedByHandler");

    [ForkFact]
    public void A_handler_may_fork() => Expect("exit 7\n", "InHandler");

    [ForkFact]
    public void A_hold_of_a_dead_thread_ends_with_it_and_one_of_the_forking_thread_lasts() =>
        Expect("handled\nexit 7\nhandled after the hold\nexit 7\n", "Holds");

    [ForkFact]
    public void A_SIGINT_of_the_child_runs_the_hooks_there_and_not_in_the_parent() =>
        Expect("hook False\nsignal 2 (SIGINT)\nhook True\n", "Interrupted");

    [ForkFact, Trait("S", "S298"), Trait("S", "S299"), Trait("S", "S302")]
    public void It_gives_zero_in_the_child_and_the_childs_own_number_in_the_parent() => Expect("True\n", "Numbers");

    [ForkFact, Trait("S", "S297")]
    public void What_the_child_writes_to_its_memory_the_parent_does_not_see() => Expect("exit 2 1\n", "Memory");

    [ForkFact, Trait("S", "S303"), Trait("S", "S304")]
    public void Files_and_sockets_are_duplicated_with_one_offset_and_until_both_have_closed_them() =>
        Expect("exit 0 def hi\n", "Descriptors");

    [ForkFact, Trait("S", "S305")]
    public void Text_in_a_buffer_is_written_twice_by_a_plain_fork() => Expect("text hook text hook ", "Buffered", "plain");

    [ForkFact]
    public void Before_a_fork_with_a_function_buffers_are_flushed_and_the_child_runs_its_own_hooks_only() =>
        Expect("text child own-hook hook ", "Buffered", "function");

    [ForkFact]
    public void A_child_with_a_function_ends_with_its_result_its_exit_or_its_error()
    {
        using TestProcess child = ChildProgram.Run("Forks.Functions");
        Assert.Equal((0, "exit 7\nexit 8\nexit 1\n"), (child.ShellStatus, child.Stdout));
        Assert.StartsWith("Unhandled exception. System.InvalidOperationException: told\n", child.Stderr, StringComparison.Ordinal);
    }

    [ForkFact, Trait("S", "S306")]
    public void Of_the_programs_threads_only_the_forking_one_lives_in_the_child_and_the_runtimes_own_do() =>
        Expect("True True False\nexit 0\n", "Threads");

    [ForkFact, Trait("S", "S307")]
    public void Environment_directory_umask_and_signal_settings_are_copied_and_an_alarm_is_not() =>
        Expect("1 /usr 1d True 0\nTrue\n", "Inherited");

    [ForkFact, Trait("S", "S308")]
    public void A_child_whose_parent_ends_is_adopted() => Expect("adopted\n", "Orphan");

    [ForkRootFact, Trait("S", "S309")]
    public void At_the_limit_of_processes_it_fails_with_EAGAIN_and_leaves_nothing() => Expect("11 False True\n11 False True\n", "Limit");

    [ForkNamespaceFact]
    public void The_first_process_of_a_container_forks_from_its_main_thread()
    {
        using TestProcess run = TestProcess.Run(
            "/usr/bin/unshare", ["-p", "-f", "--mount-proc", ChildProgram.Executable, "Forks.AsInit"]);
        Assert.Equal((0, "1\nexit 7\nexit 7\n", ""), (run.ShellStatus, run.Stdout, run.Stderr));
    }

    [ForkRootFact]
    public void A_child_that_can_not_have_the_threads_of_the_library_ends_and_never_acts_as_a_parent_that_could_not_fork()
    {
        using TestProcess child = ChildProgram.Run("Forks.LimitOfRooms");
        Assert.Equal((0, "True True\n"), (child.ShellStatus, child.Stdout));
        Assert.StartsWith("fork: the child can't go on: System.OutOfMemoryException: ", child.Stderr, StringComparison.Ordinal);
    }

    [ForkFact]
    public void Hooks_run_before_in_the_reverse_order_and_after_in_theirs()
    {
        using TestProcess child = ChildProgram.Run("Forks.Hooks");
        Assert.Equal((0, "before2 before1 child1 child2 \nbefore2 before1 parent1 parent2 \n"), (child.ShellStatus, child.Stdout));
        Assert.StartsWith("Exception ignored in fork hook: System.InvalidOperationException: told\n", child.Stderr, StringComparison.Ordinal);
    }

    [ForkFact]
    public void An_interrupted_fork_runs_the_hooks_of_the_parent_and_leaves_nothing_locked() =>
        Expect("before parent ThreadInterruptedException\nbefore parent exit 7\n", "InterruptedThread");

    [Fact]
    public void A_registration_of_no_hook_is_refused() => Assert.Throws<ArgumentException>(() => AtFork.Register());

    [Fact]
    public void A_negative_patience_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ForkOptions { Patience = TimeSpan.FromSeconds(-2) });

    [Fact]
    public void A_fork_with_no_function_is_refused() => Assert.Throws<ArgumentNullException>(() => Os.Fork((Func<int>)null!));

    [ForkTheory]
    [InlineData("spin", "ThreadRuns spinner")]
    [InlineData("deaf", "ThreadDeaf deaf")]
    [InlineData("unknown", "UnknownThread .NET mine")]
    [InlineData("pool", "PoolWork ")]
    [InlineData("native", "ThreadRuns native")]
    [InlineData("watcher", "UnknownThread .NET File Watch")]
    public void What_stands_in_the_way_is_told_and_the_parent_goes_on(string hindrance, string reason) =>
        Expect($"-1 {reason} 11\nexit 7\n", "Refused", hindrance, reason);

    [ForkFact]
    public void What_the_thread_of_a_watcher_means_is_told() => Expect("Dispose the watcher before, and make another one after.\n", "WatcherAdvice");

    [ForkFact]
    public void While_a_tracing_session_is_open_it_is_refused_and_comes_about_afterwards() =>
        ExpectOfDiagnostics("Tracing fork: a tracing session is open. Stop the tracing.\nexit 7\n", "Traced");

    [ForkFact]
    public void So_it_is_when_the_program_was_started_to_be_traced()
    {
        string folder = Directory.CreateTempSubdirectory("gannet-trace-").FullName;
        Dictionary<string, string?> environment = new()
        {
            ["DOTNET_EnableEventPipe"] = "1",
            ["DOTNET_EventPipeOutputPath"] = Path.Combine(folder, "trace"),
        };
        using TestProcess child = TestProcess.Run(ChildProgram.Executable, ["Forks.TracedFromStart"], environment: environment);
        Assert.Equal((0, "Tracing fork: a tracing session is open. Stop the tracing.\n"), (child.ShellStatus, child.Stdout));
        Directory.Delete(folder, recursive: true);
    }

    [ForkFact]
    public void A_long_running_task_that_waits_is_not_in_the_way() => Expect("forked\nexit 7\n", "Refused", "task", "");

    [ForkFact]
    public void A_thread_that_waits_in_the_middle_of_its_output_is_in_the_way()
    {
        using TestProcess child = ChildProgram.Run("Forks.OutputFull");
        Assert.Equal((0, "False Busy\n"), (child.ShellStatus, child.Stderr));
    }

    [ForkFact]
    public void Pool_work_goes_on_in_both_if_the_caller_wants_that() => Expect("child 1\nexit 0 1\n", "PoolWorkAllowed");

    [ForkFact]
    public void During_collections_it_comes_about_or_is_refused() => Expect("each right or refused\n", "WhileCollecting", "20");

    [ForkFact]
    public void Children_in_a_row_leave_no_descriptor_and_no_zombie() => Expect("0 [] True\n", "Many", "30");

    [ForkFact]
    public void The_child_has_the_descriptors_of_the_parent_and_no_others() => Expect("0\n", "ChildDescriptors");

    [ForkFact]
    public void Memory_that_nobody_writes_to_stays_shared() => Expect("little\n", "SharedMemory");

    [ForkFact]
    public void Two_threads_may_fork_at_the_same_time() => Expect("20\n", "AtTheSameTime");

    [ForkFact]
    public void A_thread_of_the_pool_may_fork() => Expect("exit 7\n", "FromPool");

    [ForkFact]
    public void A_child_of_the_parents_that_was_read_asynchronously_can_be_disposed_in_the_child() => Expect("1\n1\nexit 7\n", "InheritedWatch");

    [ForkFact]
    public void A_handle_can_be_closed_in_the_child_only() => Expect("True False\nFalse\n", "CloseInChild");

    [ForkFact]
    public void Of_the_librarys_threads_the_child_knows_the_living_one_and_waits_for_no_other() => ExpectThreads(
        "MainThread waiting timer Dummy-1\nMainThread\n1 True True True\nFalse False True True OsThread(waiting, stopped 0)\n"
        + "started in the child\n1\nexit 4\nTrue 4\n",
        "List");

    [ForkFact]
    public void The_thread_that_forks_is_the_childs_main_thread_and_its_end_that_of_the_child() => ExpectThreads(
        "made False True\nhook\nexit 0\nexiting False True\nhook\nexit 3\nfailing False True\nhook\nexit 1\n"
        + "MainThread False True\nhook\nexit 5\nMainThread False True\nhook\nexit 6\nMainThread False True\nhook\nexit 7\nhook\n",
        "Elsewhere",
        "Unhandled exception. System.InvalidOperationException: told\n");

    [ForkFact]
    public void Dead_threads_that_waited_take_nothing_from_those_that_wait_in_the_child() => ExpectThreads("0\n9 0 0\nexit 7\n", "Waiters");

    [ForkFact]
    public void A_lock_that_a_dead_thread_holds_is_told_by_the_diagnostics() => ExpectThreads(
        "deadlock: MainThread waits for PrimitiveLock 'held', held by holder (not in this process)\n"
        + "holder (not in this process) holds PrimitiveLock 'held'\nTrue\n",
        "Deadlock");

    [ForkFact]
    public void A_thread_of_the_pool_that_waits_for_a_lock_gets_it_in_both() => ExpectThreads("child True\nexit 0 True\n", "PoolWaiter");

    [ForkFact]
    public void A_timer_that_comes_before_the_child_is_in_order_finds_its_locks_free() => Expect("0\n", "TimerAtTable", "40");

    [ForkFact]
    public void The_end_of_a_child_leaves_the_parents_diagnostic_endpoint() => ExpectOfDiagnostics("True True\n", "Endpoints");

    private static void ExpectThreads(string output, string scenario, string error = "")
    {
        using TestProcess child = ChildProgram.Run($"ForkedThreads.{scenario}");
        // Threads are numbered as the runtime sees fit.
        Assert.Equal((0, output), (child.ShellStatus, Regex.Replace(child.Stdout, @"stopped \d+\)", "stopped 0)")));
        Assert.StartsWith(error, child.Stderr, StringComparison.Ordinal);
    }

    private static void ExpectOfDiagnostics(string output, string scenario)
    {
        // Whoever runs the tests may have switched off what dotnet-trace needs.
        Dictionary<string, string?> environment = new() { ["DOTNET_EnableDiagnostics"] = null, ["DOTNET_EnableDiagnostics_IPC"] = null };
        using TestProcess child = TestProcess.Run(ChildProgram.Executable, [$"Forks.{scenario}"], environment: environment);
        Assert.Equal((0, output, ""), (child.ShellStatus, child.Stdout, child.Stderr));
    }

    private static void Expect(string output, string scenario, params string[] arguments)
    {
        using TestProcess child = ChildProgram.Run($"Forks.{scenario}", arguments);
        Assert.Equal((0, output, ""), (child.ShellStatus, child.Stdout, child.Stderr));
    }
}
