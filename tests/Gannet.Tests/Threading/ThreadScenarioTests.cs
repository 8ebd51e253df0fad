using Gannet.Testing;

namespace Gannet.Tests.Threading;

/// <summary>Threads, where what they do concerns the whole process: each in a program of its own.</summary>
public class ThreadScenarioTests
{
    [Fact, Trait("S", "S527"), Trait("S", "S531"), Trait("S", "S532")]
    public void Started_and_unfinished_threads_and_the_main_one_are_counted_and_listed() =>
        AssertOutput("Counting", "1\n4 True True False False\n1\n");

    [Fact, Trait("S", "S530"), Trait("S", "S539")]
    public void The_main_thread_new_ones_and_foreign_ones_have_default_names() =>
        AssertOutput("Names", "MainThread False True True\nThread-1 Thread-2 Thread-3\nDummy-1 True True\n");

    [Fact, Trait("S", "S554")]
    public void Being_a_daemon_is_inherited_and_basic_threads_are() =>
        AssertOutput("Inheriting", "False True True True\n");

    [Fact, Trait("S", "S481"), Trait("S", "S482"), Trait("S", "S483"), Trait("S", "S555")]
    public void An_error_in_a_thread_prints_a_trace_with_its_name_and_ends_that_thread_only()
    {
        using TestProcess run = ChildProgram.Run("Threading.Failing");
        Assert.Equal((0, "main on False\n"), (run.ExitCode, run.Stdout));
        Assert.StartsWith("Exception in thread Thread-1:\nSystem.InvalidOperationException: on purpose\n   at ", run.Stderr);
        Assert.Contains("\nException in thread Thread-2:\n", run.Stderr);
        Assert.Contains("Threading.Fail()", run.Stderr);
        Assert.DoesNotContain("OsThread", run.Stderr);
    }

    [Fact, Trait("S", "S481")]
    public void A_hook_is_told_instead_and_one_that_fails_is_reported_with_the_error()
    {
        using TestProcess run = ChildProgram.Run("Threading.FailingWithHook");
        Assert.Equal((0, "hooked: on purpose\nmain on\n"), (run.ExitCode, run.Stdout));
        Assert.Contains("hook failed", run.Stderr);
        Assert.Contains("Exception in thread unlucky:", run.Stderr);
        Assert.Contains("Exception in thread plain:", run.Stderr);
    }

    [Fact, Trait("S", "S491"), Trait("S", "S492"), Trait("S", "S493"), Trait("S", "S557")]
    public void An_exit_in_a_thread_ends_that_thread_silently_through_its_finally_blocks() =>
        AssertOutput("Exiting", "finally\nfinally\nfinally\nmain on\n");

    [Fact, Trait("S", "S494")]
    public void A_threads_exit_on_the_main_thread_ends_the_program_with_status_0() => AssertOutput("ExitOnMain", "");

    [Fact, Trait("S", "S495")]
    public void An_immediate_exit_on_any_thread_ends_the_process()
    {
        using TestProcess run = ChildProgram.Run("Threading.ExitNowOnThread");
        Assert.Equal((6, "", ""), (run.ExitCode, run.Stdout, run.Stderr));
    }

    [Theory, Trait("S", "S551"), Trait("S", "S552"), Trait("S", "S553")]
    [InlineData("thread", "return", 0, "main end\nthread end\nhook\n")]
    [InlineData("thread", "exit", 4, "main end\nthread end\nhook\n")]
    [InlineData("thread", "error", 1, "main end\nthread end\nhook\n")]
    [InlineData("thread", "handler", 7, "main end\nthread end\nhook\n")]
    [InlineData("daemon", "return", 0, "main end\nhook\n")]
    [InlineData("daemon", "exit", 4, "main end\nhook\n")]
    public void The_end_waits_for_threads_before_its_hooks_and_cuts_daemons_off(string kind, string end, int status, string output)
    {
        using TestProcess run = ChildProgram.Run("Threading.Ending", kind, end);
        Assert.Equal((status, output), (run.ExitCode, run.Stdout));
    }

    [Fact, Trait("S", "S485"), Trait("S", "S489")]
    public void A_basic_thread_is_cut_off_at_the_end() => AssertOutput("BasicThreadIsCutOff", "main end\n");

    [Theory, Trait("S", "S456"), Trait("S", "S460"), Trait("S", "S455"), Trait("S", "S496")]
    [InlineData(300)]
    [InlineData(1000)]
    public void Hundreds_of_threads_live_at_once_in_one_process_each_with_its_own_number(int count) =>
        AssertOutput("ManyAtOnce", $"{count} True\n", $"{count}");

    [Fact, Trait("S", "S449"), Trait("S", "S450")]
    public void A_busy_thread_that_calls_nothing_takes_one_processor_and_lets_others_run() =>
        AssertOutput("Busy", "1 True True\n");

    [Fact]
    public void The_kernel_shows_the_first_15_bytes_of_a_name_cut_at_a_character() =>
        AssertOutput("Names15", "abcdefghijklmn\närger ärger\n''\nTrue\n");

    [Fact]
    public void A_deadlock_is_thrown_with_the_threads_the_locks_and_the_circle() =>
        AssertOutput(
            "Deadlock",
            "MainThread holds ReentrantLock 'first'\nother holds PrimitiveLock 'second'\n"
            + "other waits for ReentrantLock 'first', held by MainThread\n"
            + "deadlock: MainThread waits for PrimitiveLock 'second', held by other; other waits for ReentrantLock 'first', held by MainThread\n"
            + "2\nthread has both\n");

    private static void AssertOutput(string scenario, string output, params string[] arguments)
    {
        using TestProcess run = ChildProgram.Run($"Threading.{scenario}", arguments);
        Assert.Equal((0, output, ""), (run.ExitCode, run.Stdout, run.Stderr));
    }
}
