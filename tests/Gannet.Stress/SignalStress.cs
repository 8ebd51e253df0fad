using Gannet.Testing;

namespace Gannet.Stress;

/// <summary>Storms of signals, each in a process of its own: every delivery of the kernel is handled once.</summary>
[Collection("Children of this process")]
public class SignalStress
{
    private static bool IsLong => Environment.GetEnvironmentVariable("GANNET_STRESS") is "long";

    [Fact]
    public void A_hundred_thousand_signals_to_itself_are_each_handled_without_an_allocation() =>
        Assert.Equal("100000 0 True\n", Output("SelfSent", 100_000));

    [Fact]
    public void A_storm_that_the_runtime_is_told_of_does_not_stop_its_collector() =>
        Assert.Equal("100000 True\n", Output("SharedWithTheRuntime", 100_000));

    [Fact]
    public void Of_another_process_all_that_the_kernel_delivers_is_handled_and_queued_ones_in_their_order() =>
        Assert.Equal("True True True 0\n", Output("FromAnotherProcess", IsLong ? 200_000 : 20_000));

    [Fact]
    public void On_a_thread_that_pumps_they_come_in_their_order_too() =>
        Assert.Equal("True True True 0\n", Output("FromAnotherProcess", IsLong ? 200_000 : 100_000, "pumping"));

    [Fact]
    public void What_the_record_cannot_hold_is_counted_and_told()
    {
        using TestProcess child = ChildProgram.Run("SignalStorms.Overflowing");
        Assert.Equal((0, "4463\n65537\n"), (child.ShellStatus, child.Stdout));
        Assert.Equal("Gannet: 4463 deliveries of signals were lost, because the record of those not yet handled was full.\n", child.Stderr);
    }

    [Fact]
    public void A_signal_that_a_handler_causes_comes_each_time() => Assert.Equal($"{Count}\n", Output("Dependent", Count));

    [Fact]
    public void Two_signals_at_the_same_time_both_come() => Assert.Equal($"{2 * Count}\n", Output("Simultaneous", Count));

    [Fact]
    public void While_handlers_are_swapped_each_delivery_finds_one() => Assert.Equal($"{Count}\n", Output("Swapping", Count));

    [Theory]
    [InlineData(10)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(1)]
    public void A_signal_that_comes_while_its_handler_is_taken_away_is_handled_or_deadly(int signal)
    {
        for (int i = 0; i < (IsLong ? 100 : 10); i++)
        {
            using TestProcess child = ChildProgram.Run("SignalStorms.Stopping", $"{signal}");
            Assert.Equal("", child.Stderr);
            Assert.Contains(child.ShellStatus, (int[])[0, 128 + signal]);
        }
    }

    [Fact]
    public void Waits_streams_and_holds_begin_and_end_while_signals_arrive() =>
        Assert.Equal("Custom\n", Output("Disposing", IsLong ? 20_000 : 2000));

    [Fact]
    public void What_blocks_goes_on_under_ten_thousand_signals_a_second() =>
        Assert.Equal("True 0 True True\n", Output("Blocking", 0));

    private static int Count => IsLong ? 100_000 : 10_000;

    private static string Output(string scenario, int count, params string[] further)
    {
        using TestProcess child = ChildProgram.Start($"SignalStorms.{scenario}", [$"{count}", .. further]);
        child.Wait(TimeSpan.FromMinutes(IsLong ? 10 : 2));
        Assert.Equal((0, ""), (child.ShellStatus, child.Stderr));
        return child.Stdout;
    }
}
