using Gannet.Testing;

namespace Gannet.Tests.Runtime;

public class AtExitTests
{
    private const int Sigint = 2;
    private const int Sigterm = 15;

    [Theory]
    [Trait("S", "S092"), Trait("S", "S093")]
    [InlineData("Hooks.WithExit", 3, "hook\n")]
    [InlineData("Hooks.AtEnvironmentExit", 4, "hook\n")]
    public void A_hook_runs_once_at_exit_and_keeps_the_status(string scenario, int status, string output)
    {
        using TestProcess run = ChildProgram.Run(scenario);
        Assert.Equal((status, output, ""), Outcome(run));
    }

    [Fact]
    public void SIGINT_does_not_use_the_signal_stack_which_is_too_small_for_signals_within_one_another()
    {
        using TestProcess run = ChildProgram.Run("Hooks.SignalStack");
        Assert.Equal((0, "False\n"), (run.ExitCode, run.Stdout));
    }

    [Fact, Trait("S", "S095")]
    public void A_hook_runs_at_a_plain_end_without_any_exit()
    {
        using TestProcess run = ChildProgram.Run("Hooks.AtPlainEnd");
        Assert.Equal((0, "body\nhook\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S098")]
    public void A_hook_that_prints_a_newline_of_its_own_leaves_an_empty_line()
    {
        using TestProcess run = ChildProgram.Run("Hooks.WithItsOwnNewline");
        Assert.Equal((0, "Had enough, deciding to leave\n\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S102")]
    public void A_hook_may_wait_for_a_thread_that_fails()
    {
        using TestProcess run = ChildProgram.Run("Hooks.AwaitingAFailingThread");
        Assert.Equal((1, "joined\nother\n"), (run.ExitCode, run.Stdout));
        Assert.StartsWith("Unhandled exception. System.InvalidOperationException: on purpose\n", run.Stderr);
    }

    [Fact, Trait("S", "S094")]
    public void A_hook_takes_no_arguments_which_the_compiler_sees_to() =>
        Assert.Equal(typeof(Action), typeof(Sys).GetProperty(nameof(Sys.ExitFunction))!.PropertyType);

    [Fact, Trait("S", "S093")]
    public void What_was_removed_does_not_run()
    {
        using TestProcess run = ChildProgram.Run("Hooks.Removed");
        Assert.Equal((0, "kept\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S096")]
    public void After_an_error_the_trace_comes_first_then_the_hook()
    {
        using TestProcess run = ChildProgram.Run("Hooks.AfterError");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("Unhandled exception. System.InvalidOperationException: on purpose\n", run.Stderr);
        Assert.EndsWith("\nhook\n", run.Stderr);
    }

    [Fact, Trait("S", "S099")]
    public void The_message_of_an_exit_comes_before_the_hooks()
    {
        using TestProcess run = ChildProgram.Run("Hooks.AfterMessage");
        Assert.Equal((1, "", "message\nhook\n"), Outcome(run));
    }

    [Fact, Trait("S", "S100")]
    public void Hooks_run_last_registered_first_and_the_exit_function_after_them()
    {
        using TestProcess run = ChildProgram.Run("Hooks.InOrder");
        Assert.Equal((3, "2\n1\nexit function\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S101")]
    public void Hooks_run_after_finally_blocks_and_after_foreground_threads()
    {
        using TestProcess run = ChildProgram.Run("Hooks.AfterFinallyAndThreads");
        Assert.Equal((3, "finally thread hook ", ""), Outcome(run));
    }

    [Fact, Trait("S", "S102")]
    public void An_error_in_a_hook_is_reported_and_the_others_still_run()
    {
        using TestProcess run = ChildProgram.Run("Hooks.Failing");
        Assert.Equal((3, "other\n"), (run.ExitCode, run.Stdout));
        Assert.Contains("Exception ignored in exit hook: System.InvalidOperationException: later\n", run.Stderr);
        Assert.Contains("Exception ignored in exit hook: System.InvalidOperationException: on purpose\n", run.Stderr);
        Assert.Contains("Hooks.Fail()", run.Stderr);
        Assert.DoesNotContain("Gannet.AtExit", run.Stderr);
    }

    [Fact, Trait("S", "S103")]
    public void An_exit_in_a_hook_is_only_reported()
    {
        using TestProcess run = ChildProgram.Run("Hooks.Exiting");
        Assert.Equal((3, "other\n"), (run.ExitCode, run.Stdout));
        Assert.StartsWith("Exception ignored in exit hook: Gannet.SystemExitException: exit status 7\n", run.Stderr);
    }

    [Fact, Trait("S", "S102")]
    public void A_hook_that_a_running_hook_registers_runs_too()
    {
        using TestProcess run = ChildProgram.Run("Hooks.Registering");
        Assert.Equal((0, "first\nsecond\nexit function\nthird\n", ""), Outcome(run));
    }

    [Theory, Trait("S", "S087")]
    [InlineData("Hooks.Flushing", "body hook ")]
    [InlineData("Hooks.FlushingOnly", "body")]
    public void The_streams_are_flushed_at_the_end(string scenario, string output)
    {
        using TestProcess run = ChildProgram.Run(scenario);
        Assert.Equal((0, output, ""), Outcome(run));
    }

    [Theory, Trait("S", "S087")]
    [InlineData("out", "body", "")]
    [InlineData("err", "", "body")]
    public void A_stream_in_a_scope_that_is_still_open_at_the_end_is_flushed(string stream, string output, string error)
    {
        using TestProcess run = ChildProgram.Run("Hooks.FlushingScope", stream);
        Assert.Equal((0, output, error), Outcome(run));
    }

    [Fact, Trait("S", "S100")]
    public void Hooks_may_come_and_go_from_many_threads()
    {
        using TestProcess run = ChildProgram.Run("Hooks.FromManyThreads");
        Assert.Equal((0, "1000\n", ""), Outcome(run));
    }

    [Theory, Trait("S", "S099")]
    [InlineData("run")]
    [InlineData("console-first")]
    [InlineData("registered-only")]
    public void An_interrupt_runs_the_hooks_and_then_kills_by_SIGINT(string when)
    {
        using TestProcess run = Interrupted(when);
        Assert.Equal((Sigint, "ready\nhook\n", ""), (run.Signal, run.Stdout, run.Stderr));
        Assert.Equal(130, run.ShellStatus);
    }

    [Theory, Trait("S", "S099")]
    [InlineData("run")]
    [InlineData("console-first")]
    public void An_interrupt_that_a_registration_lets_pass_runs_the_hooks(string when)
    {
        using TestProcess run = Interrupted(when, "passing");
        Assert.Equal((Sigint, "ready\nseen\nhook\n", ""), (run.Signal, run.Stdout, run.Stderr));
    }

    [Theory, Trait("S", "S099")]
    [InlineData("run")]
    [InlineData("console-first")]
    [InlineData("registered-only")]
    public void An_interrupt_that_the_program_cancels_leaves_it_running_and_the_hooks_waiting(string when)
    {
        string quit = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using TestProcess run = ChildProgram.Start("Hooks.Waiting", when, "cancelling", "file", quit);
        run.WaitForOutput("ready");
        run.Kill(Sigint);
        run.WaitForOutput("cancelled");
        Thread.Sleep(100);
        File.WriteAllText(quit, "");
        run.Wait();
        File.Delete(quit);
        Assert.Equal((5, "ready\ncancelled\nfinally\nhook\n", ""), Outcome(run));
    }

    [Theory, Trait("S", "S099")]
    [InlineData("run")]
    [InlineData("console-first")]
    public void An_interrupt_without_hooks_kills_as_ever(string when)
    {
        using TestProcess run = Interrupted(when, "hookless");
        Assert.Equal((Sigint, "ready\n", ""), (run.Signal, run.Stdout, run.Stderr));
    }

    [Theory, Trait("S", "S099")]
    [InlineData("run")]
    [InlineData("console-first")]
    public void A_second_interrupt_while_hooks_run_ends_at_once(string when)
    {
        using TestProcess run = ChildProgram.Start("Hooks.Waiting", when, "slow");
        run.WaitForOutput("ready");
        run.Kill(Sigint);
        run.WaitForOutput("slow");
        run.Kill(Sigint);
        run.Wait(TimeSpan.FromSeconds(20));
        Assert.Equal((Sigint, "ready\nhook\nslow\n"), (run.Signal, run.Stdout));
    }

    [Theory, Trait("S", "S099")]
    [InlineData("run")]
    [InlineData("console-first")]
    public void An_interrupt_while_the_hooks_of_a_normal_end_run_lets_them_finish_and_then_kills(string when)
    {
        using TestProcess run = ChildProgram.Start("Hooks.SlowAtTheEnd", when, "1000");
        run.WaitForOutput("slow");
        run.Kill(Sigint);
        run.Wait();
        Assert.Equal((Sigint, "slow\nother\n"), (run.Signal, run.Stdout));
    }

    [Theory, Trait("S", "S099")]
    [InlineData("run")]
    [InlineData("console-first")]
    public void A_second_interrupt_while_the_hooks_of_a_normal_end_run_ends_at_once(string when)
    {
        using TestProcess run = ChildProgram.Start("Hooks.SlowAtTheEnd", when, "30000");
        run.WaitForOutput("slow");
        run.Kill(Sigint);
        // The first must have arrived: a signal that is pending already is not queued twice.
        Thread.Sleep(500);
        run.Kill(Sigint);
        run.Wait(TimeSpan.FromSeconds(20));
        Assert.Equal((Sigint, "slow\n"), (run.Signal, run.Stdout));
    }

    [Theory, Trait("S", "S099")]
    [InlineData("")]
    [InlineData("assigned")]
    [InlineData("redirected")]
    public void An_interrupt_kills_although_nobody_reads_standard_output(string stream)
    {
        string fifo = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using TestProcess run = TestProcess.Run(
            "/bin/sh",
            ["-c", "mkfifo \"$2\"; exec 3<>\"$2\" >\"$2\"; rm \"$2\"; exec \"$0\" Hooks.InterruptedWhileStuck \"$1\"",
                ChildProgram.Executable, stream, fifo],
            timeout: TimeSpan.FromSeconds(20));
        Assert.Equal((Sigint, "hook\n"), (run.Signal, run.Stderr));
    }

    // For the first process of a container the kernel drops a signal that nothing handles.
    [NamespaceTheory, Trait("S", "S099")]
    [InlineData("hooks", "ready\nhook\n")]
    [InlineData("hookless", "ready\n")]
    public void An_interrupt_ends_an_init_process_too(string hooks, string output)
    {
        using TestProcess run = TestProcess.Run(
            "/usr/bin/env", ["unshare", "-pf", "--mount-proc", ChildProgram.Executable, "Hooks.InterruptingItself", hooks],
            timeout: TimeSpan.FromSeconds(20));
        Assert.Equal((130, output, ""), (run.ShellStatus, run.Stdout, run.Stderr));
    }

    [Theory, Trait("S", "S099")]
    [InlineData("int gannet_shim_version(void) { return 1; }")]
    [InlineData("int something_else(void) { return 1; }")]
    [InlineData(null)]
    public void Without_a_native_part_of_the_right_version_hooks_run_all_the_same(string? source)
    {
        string directory = Directory.CreateTempSubdirectory("gannet-shim-").FullName;
        CopyChildProgram(directory);
        if (source is not null)
        {
            string file = Path.Combine(directory, "shim.c");
            File.WriteAllText(file, source);
            using TestProcess compiler = TestProcess.Run(
                "/usr/bin/env", ["cc", "-shared", "-fPIC", "-o", Path.Combine(directory, "libgannet.so"), file]);
            Assert.Equal(0, compiler.ExitCode);
        }

        using TestProcess run = TestProcess.Run(Path.Combine(directory, "Gannet.Tests.Child"), ["Hooks.InterruptingItself", "hooks"]);
        Directory.Delete(directory, recursive: true);
        Assert.Equal((Sigint, "ready\nhook\n", ""), (run.Signal, run.Stdout, run.Stderr));
    }

    [Theory, Trait("S", "S099")]
    [InlineData("run")]
    [InlineData("console-first")]
    public void An_interrupt_that_was_ignored_at_start_stays_ignored(string when)
    {
        string quit = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using TestProcess run = TestProcess.Start(
            "/bin/sh", ["-c", "trap '' INT; exec \"$@\"", "sh", ChildProgram.Executable, "Hooks.Waiting", when, "file", quit]);
        run.WaitForOutput("ready");
        run.Kill(Sigint);
        Thread.Sleep(200);
        File.WriteAllText(quit, "");
        run.Wait();
        File.Delete(quit);
        Assert.Equal((5, "ready\nfinally\nhook\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S097")]
    public void Hooks_do_not_run_when_a_signal_kills()
    {
        using TestProcess run = ChildProgram.Start("Hooks.Waiting", "run");
        run.WaitForOutput("ready");
        run.Kill(Sigterm);
        run.Wait();
        Assert.Equal((Sigterm, "ready\n"), (run.Signal, run.Stdout));
    }

    [Fact, Trait("S", "S063"), Trait("S", "S097")]
    public void An_immediate_exit_skips_finally_and_hooks_but_stderr_has_been_written()
    {
        using TestProcess run = ChildProgram.Run("Hooks.Immediately");
        Assert.Equal((3, "", "E"), Outcome(run));
    }

    [Fact]
    public void Null_hooks_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => AtExit.Register((Action)null!));
        Assert.Throws<ArgumentNullException>(() => { AtExit.Register((Func<Task>)null!); });
        Assert.Throws<ArgumentNullException>(() => AtExit.Unregister((Action)null!));
        Assert.Throws<ArgumentNullException>(() => AtExit.Unregister((Func<Task>)null!));
    }

    private static void CopyChildProgram(string directory)
    {
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "Gannet.Tests.Child*"))
        {
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        }

        File.Copy(Path.Combine(AppContext.BaseDirectory, "Gannet.dll"), Path.Combine(directory, "Gannet.dll"));
    }

    private static TestProcess Interrupted(params string[] arguments)
    {
        TestProcess run = ChildProgram.Start("Hooks.Waiting", arguments);
        run.WaitForOutput("ready");
        run.Kill(Sigint);
        run.Wait();
        return run;
    }

    private static (int Status, string Stdout, string Stderr) Outcome(TestProcess run) => (run.ExitCode, run.Stdout, run.Stderr);
}
