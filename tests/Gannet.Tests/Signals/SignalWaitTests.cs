using Gannet.Testing;

namespace Gannet.Tests;

/// <summary>Waiting for signals, holding handlers back, masks, timers, the end of a service.</summary>
public class SignalWaitTests
{
    [Fact]
    public void A_pause_runs_the_handler_on_its_own_thread_and_ends_with_it() =>
        Assert.Equal("True\nFalse True\ncancelled\n", Output("SignalWaits.Pausing"));

    [Fact]
    public void A_handler_cannot_wait_for_handlers() => Assert.Equal("refused\n", Output("SignalWaits.PumpingInAHandler"));

    [Fact]
    public void A_pump_has_nothing_to_do_before_anything_is_set() => Assert.Equal("0\n0\n", Output("SignalWaits.PumpingNothing"));

    [Fact]
    public void A_wait_takes_a_signal_without_a_handler_and_leaves_its_default_action()
    {
        using TestProcess child = ChildProgram.Run("SignalWaits.Waiting");
        Assert.Equal(((int?)12, "SIGUSR2 True\nTrue\ncancelled\nDefault\n"), (child.Signal, child.Stdout));
    }

    [Fact]
    public void Handlers_run_beside_a_wait_on_its_thread() =>
        Assert.Equal("SIGUSR2\nSIGUSR1 True, SIGUSR2 True\n", Output("SignalWaits.WaitingBesideHandlers"));

    [Fact]
    public void A_wait_gets_what_is_pending_for_its_thread() =>
        Assert.Equal("{SIGUSR1}\nSIGUSR1\n{} {SIGUSR1}\n", Output("SignalWaits.WaitingForABlockedSignal"));

    [Fact]
    public void A_wait_blocks_nothing_that_was_not_blocked_before() =>
        Assert.Equal("SIGUSR1 True {} {}\n", Output("SignalWaits.WaitingWithNothingBlocked"));

    [Fact]
    public void What_comes_after_a_handler_was_taken_away_does_not_go_to_it_although_somebody_waits()
    {
        using TestProcess child = ChildProgram.Run("SignalWaits.WaitingAfterAHandler");
        Assert.Equal(((int?)10, ""), (child.Signal, child.Stdout));
    }

    [Fact]
    public void An_asynchronous_wait_is_told_or_cancelled_and_leaves_the_default_action()
    {
        using TestProcess child = ChildProgram.Run("SignalWaits.WaitingAsynchronously");
        Assert.Equal(((int?)10, "SIGHUP SIGHUP\nDefault\ncancelled\n", ""), (child.Signal, child.Stdout, child.Stderr));
    }

    [Fact]
    public void What_a_wait_does_not_want_does_what_it_does_by_default()
    {
        using TestProcess child = ChildProgram.Run("SignalWaits.WaitingForOne");
        Assert.Equal((40, ""), (child.Signal, child.Stderr));
    }

    [Fact]
    public void A_stream_gives_every_delivery_in_order_from_its_making_on()
    {
        using TestProcess child = ChildProgram.Run("SignalWaits.Streaming");
        Assert.Equal(((int?)10, "SIGUSR1 SIGUSR2 SIGUSR1 SIGUSR2 SIGUSR1 Default\n", ""), (child.Signal, child.Stdout, child.Stderr));
    }

    [Fact]
    public void A_hold_keeps_deliveries_in_their_order_until_it_ends() =>
        Assert.Equal("True\n0\nTrue\n", Output("SignalWaits.Holding"));

    [Fact]
    public void A_hold_begins_when_the_handler_that_runs_has_returned() =>
        Assert.Equal("True False\n", Output("SignalWaits.HoldingDuringAHandler"));

    [Fact]
    public void What_was_lost_is_told_while_a_thread_pumps()
    {
        using TestProcess child = ChildProgram.Run("SignalWaits.LosingInAPump");
        Assert.Equal(
            (0, "Gannet: 100 deliveries of signals were lost, because the record of those not yet handled was full.\n"),
            (child.ShellStatus, child.Stderr));
    }

    [Fact]
    public void What_is_ignored_after_the_first_use_of_shutdown_shuts_nothing_down() =>
        Assert.Equal("False\n", Output("SignalWaits.IgnoringAfterShutdown"));

    [Fact, Trait("S", "S392")]
    public void The_rest_of_an_alarm_is_rounded_to_the_nearest_second_and_never_to_nothing() =>
        Assert.Equal("1 1 4\n", Output("SignalWaits.RestsOfAlarms"));

    [Fact, Trait("S", "S350")]
    public void The_repeats_of_a_blocked_signal_are_merged() =>
        Assert.Equal("{} {SIGUSR1, SIGUSR2}\n{SIGUSR1} 0\n{SIGUSR1, SIGUSR2}\n1 {SIGUSR2} {} {}\n", Output("SignalWaits.Merged"));

    [Fact, Trait("S", "S390"), Trait("S", "S392")]
    public void An_alarm_comes_after_its_seconds_and_gives_what_the_one_before_had_left() =>
        Assert.Equal("0 0 10 5 0\nTrue True 128\n", Output("SignalWaits.Alarms"));

    [Fact, Trait("S", "S391")]
    public void An_alarm_that_nobody_handles_ends_the_program()
    {
        using TestProcess child = ChildProgram.Run("SignalWaits.DeadlyAlarm");
        Assert.Equal(14, child.Signal);
    }

    [Fact, Trait("S", "S393")]
    public void A_negative_time_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Signals.Alarm(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Signals.SetITimer(IntervalTimer.Virtual, TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Signals.SetITimer(IntervalTimer.Virtual, default, TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Signals.GetITimer((IntervalTimer)3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Signals.Pause(TimeSpan.FromSeconds(-2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Signals.TimedWait(TimeSpan.FromSeconds(-2), Signal.SIGUSR1));
    }

    [Theory]
    [InlineData("Real", 14)]
    [InlineData("Virtual", 26)]
    [InlineData("Prof", 27)]
    public void An_interval_timer_signals_again_and_again_until_it_is_stopped(string timer, int signal) =>
        Assert.Equal("True True True True True\n", Output("SignalWaits.Timers", timer, $"{signal}"));

    [Fact]
    public void To_wait_for_no_signal_or_for_one_that_never_comes_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Signals.Wait());
        Assert.Throws<ArgumentException>(() => Signals.Wait(Signal.SIGKILL));
        Assert.Throws<ArgumentException>(() => { _ = Signals.WaitAsync(Signal.SIGSEGV); });
        Assert.Throws<ArgumentException>(() => Signals.Stream());
    }

    [Theory]
    [InlineData(9)]
    [InlineData(19)]
    [InlineData(11)]
    [InlineData(34)]
    public void What_a_thread_must_not_block_is_refused(int signal) =>
        Assert.Throws<ArgumentException>(() => Signals.Block((Signal)signal));

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(1)]
    public void The_first_signal_shuts_down_in_good_order(int signal)
    {
        using TestProcess child = ChildProgram.Start("SignalWaits.ShuttingDown");
        child.WaitForOutput("ready");
        child.Kill(signal);
        child.Wait();
        Assert.Equal((3, $"ready\ndraining after {(Signal)signal}\ndrained\nhook\n", ""), (child.ExitCode, child.Stdout, child.Stderr));
    }

    [Fact]
    public void SIGHUP_shuts_nothing_down_that_has_another_use_for_it()
    {
        using TestProcess child = ChildProgram.Start("SignalWaits.ShuttingDown", "reloads");
        child.WaitForOutput("ready");
        child.Kill(1);
        child.WaitForOutput("reloaded");
        child.Kill(15);
        child.Wait();
        Assert.Equal((3, "ready\nreloaded\ndraining after SIGTERM\ndrained\nhook\n"), (child.ExitCode, child.Stdout));
    }

    [Theory]
    [InlineData("slow")]
    [InlineData("hang")]
    public void The_second_signal_means_now(string how)
    {
        using TestProcess child = ChildProgram.Start("SignalWaits.ShuttingDown", how);
        child.WaitForOutput("ready");
        child.Kill(15);
        child.WaitForOutput("draining");
        child.Kill(2);
        child.Wait();
        Assert.Equal(((int?)2, "ready\ndraining after SIGTERM\n"), (child.Signal, child.Stdout));
    }

    private static string Output(string scenario, params string[] arguments)
    {
        using TestProcess child = ChildProgram.Run(scenario, arguments);
        Assert.Equal((0, ""), (child.ShellStatus, child.Stderr));
        return child.Stdout;
    }
}
