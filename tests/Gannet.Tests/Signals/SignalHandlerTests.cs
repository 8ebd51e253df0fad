using Gannet.Testing;

namespace Gannet.Tests;

/// <summary>Handlers, each in a process of its own.</summary>
public class SignalHandlerTests
{
    [Fact, Trait("S", "S348"), Trait("S", "S349"), Trait("S", "S385"), Trait("S", "S396"), Trait("S", "S397"), Trait("S", "S398")]
    public void A_handler_is_called_with_the_signal_and_what_the_kernel_says_about_it() =>
        Assert.Equal("SIGUSR1 SIGUSR1 0 True True 0 True False\n", Output("SignalHandlers.Called"));

    [Theory, Trait("S", "S388"), Trait("S", "S353")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(40)]
    public void A_handler_stays_and_is_called_once_for_each_signal(int signal) =>
        Assert.Equal("3 0\n", Output("SignalHandlers.EachTime", $"{signal}"));

    [Fact, Trait("S", "S387"), Trait("S", "S386"), Trait("S", "S402"), Trait("S", "S403"), Trait("S", "S406")]
    public void Setting_a_handler_gives_the_one_before() =>
        Assert.Equal(string.Concat(Enumerable.Repeat("True\n", 6)), Output("SignalHandlers.Previous"));

    [Fact, Trait("S", "S411"), Trait("S", "S376")]
    public void At_the_start_all_signals_are_at_their_default_but_SIGPIPE_which_is_ignored()
    {
        string[] lines = Output("SignalHandlers.AtStart").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("SIGPIPE Ignore", Assert.Single(lines, line => !line.EndsWith(" Default", StringComparison.Ordinal)));
    }

    [Fact, Trait("S", "S410"), Trait("S", "S405"), Trait("S", "S362"), Trait("S", "S371")]
    public void What_cannot_be_handled_is_refused_before_anything_changes() =>
        Assert.Equal(
            "9 ArgumentException EINVAL True\n19 ArgumentException EINVAL True\n"
            + string.Concat(((int[])[11, 8, 4, 7, 5, 32, 33, 34, 62]).Select(number => $"{number} ArgumentException  True\n"))
            + string.Concat(((int[])[0, 65, -1, 9999]).Select(number => $"{number} ArgumentOutOfRangeException  True\n")),
            Output("SignalHandlers.Refusals"));

    [Fact, Trait("S", "S407"), Trait("S", "S409")]
    public void An_ignored_signal_does_nothing() => Assert.Equal("still here\n", Output("SignalHandlers.Ignored"));

    [Theory, Trait("S", "S408")]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(40)]
    public void The_default_action_comes_back(int signal)
    {
        AssertKilled("SignalHandlers.DefaultAgain", signal, "ignored once\n");
        AssertKilled("SignalHandlers.DefaultAfterHandler", signal, "handled\n");
    }

    [Theory, Trait("S", "S369"), Trait("S", "S370")]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(28)]
    public void A_signal_that_does_nothing_by_default_does_nothing_again(int signal)
    {
        using TestProcess child = ChildProgram.Run("SignalHandlers.DefaultAfterHandler", $"{signal}", "lives");
        Assert.Equal((5, "handled\n", ""), (child.ExitCode, child.Stdout, child.Stderr));
    }

    [Theory, Trait("S", "S375"), Trait("S", "S380"), Trait("S", "S391")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(14)]
    [InlineData(15)]
    public void A_deadly_signal_without_a_handler_ends_the_program(int signal) => AssertKilled("SignalHandlers.Unhandled", signal, "");

    [Fact, Trait("S", "S356")]
    public void Raising_SIGABRT_ends_the_program_at_once() => AssertKilled("SignalHandlers.RaisingAbort", 6, "");

    [Theory, Trait("S", "S389"), Trait("S", "S394")]
    [InlineData(0, "")]
    [InlineData(1, "goodbye\n", "goodbye")]
    public void An_exit_in_a_handler_ends_the_program_with_its_hooks(int status, string error, params string[] code)
    {
        using TestProcess child = ChildProgram.Run("SignalHandlers.Exiting", code);
        Assert.Equal((status, "Going to sleep...\nWake Up!\nhook\n", error), (child.ExitCode, child.Stdout, child.Stderr));
    }

    [Fact, Trait("S", "S389")]
    public void Handlers_are_called_while_the_hooks_of_their_exit_run_and_a_second_exit_is_passed_over()
    {
        using TestProcess child = ChildProgram.Run("SignalHandlers.ExitingTwice");
        Assert.Equal((4, "called again\n", ""), (child.ExitCode, child.Stdout, child.Stderr));
    }

    [Fact, Trait("S", "S401")]
    public void An_exception_that_cannot_tell_about_itself_does_not_end_the_program()
    {
        using TestProcess child = ChildProgram.Run("SignalHandlers.FailingInTheTelling");
        Assert.Equal(
            (3, $"Exception ignored in the handler of SIGUSR1: Gannet.Tests.Child.Scenarios.SignalHandlers+UnspeakableException\n"),
            (child.ExitCode, child.Stderr));
    }

    [Fact]
    public void A_real_time_signal_comes_although_it_was_blocked_where_the_first_handler_was_set() =>
        Assert.Equal("called\n", Output("SignalHandlers.BlockedAtTheStart"));

    [Fact, Trait("S", "S401")]
    public void An_exception_in_a_handler_is_told_and_the_program_goes_on()
    {
        using TestProcess child = ChildProgram.Run("SignalHandlers.Failing");
        Assert.Equal((3, ""), (child.ExitCode, child.Stdout));
        string report = @"Exception ignored in the handler of SIGUSR1: System\.InvalidOperationException: on purpose\n(   at .*\n)+";
        Assert.Matches($@"\A{report}{report}\z", child.Stderr);
    }

    [Fact, Trait("S", "S401")]
    public void A_hook_may_take_the_exceptions_of_handlers()
    {
        using TestProcess child = ChildProgram.Run("SignalHandlers.Failing", "hook");
        Assert.Equal((3, "SIGUSR1: on purpose\nSIGUSR1: on purpose\n", ""), (child.ExitCode, child.Stdout, child.Stderr));
    }

    [Fact, Trait("S", "S401"), Trait("S", "S389"), Trait("S", "S470")]
    public void What_a_handler_throws_in_a_pump_leaves_the_pump()
    {
        using TestProcess child = ChildProgram.Run("SignalHandlers.FailingInPump");
        Assert.Equal((7, "caught on purpose\nfinally\n", ""), (child.ExitCode, child.Stdout, child.Stderr));
    }

    [Theory, Trait("S", "S395"), Trait("S", "S413")]
    [InlineData("sleep")]
    [InlineData("lock")]
    public void A_handler_runs_while_the_main_thread_is_blocked_and_does_not_disturb_it(string what) =>
        Assert.Equal("True True\n", Output("SignalHandlers.DuringBlocking", what));

    [Fact]
    public void Handlers_run_one_at_a_time() => Assert.Equal("100 False\n", Output("SignalHandlers.OneAtATime"));

    [Fact, Trait("S", "S471")]
    public void A_handler_may_set_handlers() => Assert.Equal("second\n", Output("SignalHandlers.SettingInside"));

    [Fact, Trait("S", "S399"), Trait("S", "S400")]
    public void A_handler_is_a_delegate_of_two_arguments_and_not_null()
    {
        Assert.Throws<ArgumentNullException>(() => Signals.Set(Signal.SIGUSR1, (Action<Signal, SignalInfo>)null!));
        Assert.Throws<ArgumentNullException>(() => Signals.Set(Signal.SIGUSR1, (SignalHandler)null!));
        Assert.Equal(new SignalHandler(Nothing), new SignalHandler(Nothing));
    }

    [Fact, Trait("S", "S351"), Trait("S", "S377")]
    public void Signals_say_that_they_need_Linux() => Assert.Equal(
        "linux",
        Assert.Single(typeof(Signals).GetCustomAttributes(typeof(System.Runtime.Versioning.SupportedOSPlatformAttribute), inherit: false)
            .Cast<System.Runtime.Versioning.SupportedOSPlatformAttribute>()).PlatformName);

    [Fact, Trait("S", "S404")]
    public void A_handler_can_be_called_but_the_two_standard_ones_cannot()
    {
        List<Signal> called = [];
        SignalHandler handler = new((signal, _) => called.Add(signal));
        handler.Invoke(Signal.SIGALRM);
        Assert.Equal([Signal.SIGALRM], called);
        Assert.Throws<InvalidOperationException>(() => SignalHandler.Default.Invoke(Signal.SIGALRM));
        Assert.Throws<InvalidOperationException>(() => SignalHandler.Ignore.Invoke(Signal.SIGALRM));
        Assert.NotEqual(SignalHandler.Default, SignalHandler.Ignore);
    }

    private static void Nothing(Signal signal, SignalInfo info)
    {
    }

    private static void AssertKilled(string scenario, int signal, string output)
    {
        using TestProcess child = ChildProgram.Run(scenario, $"{signal}");
        Assert.Equal((signal, output), (child.Signal, child.Stdout));
    }

    private static string Output(string scenario, params string[] arguments)
    {
        using TestProcess child = ChildProgram.Run(scenario, arguments);
        Assert.Equal((0, ""), (child.ShellStatus, child.Stderr));
        return child.Stdout;
    }
}
