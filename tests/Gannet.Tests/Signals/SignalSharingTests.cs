using System.Globalization;
using Gannet.Testing;

namespace Gannet.Tests;

/// <summary>Gannet's handlers beside the runtime's own use of the same signals.</summary>
public class SignalSharingTests
{
    [Theory]
    [InlineData(1, "registration-first")]
    [InlineData(1, "handler-first")]
    [InlineData(2, "registration-first")]
    [InlineData(2, "handler-first")]
    [InlineData(3, "registration-first")]
    [InlineData(3, "handler-first")]
    [InlineData(10, "registration-first")]
    [InlineData(10, "handler-first")]
    [InlineData(15, "registration-first")]
    [InlineData(15, "handler-first")]
    [InlineData(17, "registration-first")]
    [InlineData(17, "handler-first")]
    [InlineData(18, "registration-first")]
    [InlineData(18, "handler-first")]
    [InlineData(28, "registration-first")]
    [InlineData(28, "handler-first")]
    public void A_registration_with_the_runtime_and_a_handler_are_both_told(int signal, string order)
    {
        string harmless = signal is 17 or 18 or 28 ? "harmless" : "";
        AssertBoth(signal, "3 3\n3 3\n3 6\n", harmless, order);
        AssertBoth(signal, "3 3\n4 3\n3 6\n", harmless, order, "cancelling");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(23)]
    public void A_handler_is_called_once_although_a_registration_went_while_the_signal_was_ignored(int signal) =>
        Assert.Equal("1 0\n", Output("SignalSharing.RegistrationGoneWhileIgnored", $"{signal}"));

    [Theory]
    [InlineData("console-first")]
    [InlineData("handler-first")]
    public void Ctrl_C_reaches_the_console_and_a_handler(string order) =>
        Assert.Equal("3 3\n", Output("SignalSharing.CancelKeyPress", order));

    [Theory, Trait("S", "S369")]
    [InlineData("process-first")]
    [InlineData("handler-first")]
    public void Process_reaps_its_children_beside_a_handler_that_hears_of_each(string order) =>
        Assert.Equal(
            "0 1 2 3 4 5 6 7 8 9\n0 1 2 3 4 5 6 7 8 9\n10 True True\n7\n", Output("SignalSharing.Children", order));

    [Fact, Trait("S", "S327"), Trait("S", "S328")]
    public void A_handler_reaps_the_child_whose_end_it_hears_of() =>
        Assert.Equal("SIGCHLD 1024\nECHILD\n", Output("SignalSharing.ReapedByHandler"));

    [Fact, Trait("S", "S369")]
    public void A_handler_hears_of_a_childs_stop_and_of_its_end() =>
        Assert.Equal("5 2 137\n", Output("SignalSharing.StoppedChild"));

    [Fact, Trait("S", "S370")]
    public void A_stopped_program_goes_on_at_SIGCONT_and_its_handler_is_called()
    {
        using TestProcess child = ChildProgram.Start("SignalSharing.Continued");
        child.WaitForOutput("ready");
        child.Kill(19);
        SpinWait.SpinUntil(() => StateOf(child.Pid) is 'T');
        child.Kill(18);
        child.Wait();
        Assert.Equal((0, "ready\ncontinued\n"), (child.ExitCode, child.Stdout));
    }

    [Theory]
    [InlineData("before")]
    [InlineData("between")]
    [InlineData("after")]
    public void When_the_handler_of_SIGINT_has_gone_the_exit_hooks_run_again(string when)
    {
        using TestProcess child = ChildProgram.Run("SignalSharing.InterruptAgain", when);
        Assert.Equal(((int?)2, "handled\nhook\n", ""), (child.Signal, child.Stdout, child.Stderr));
    }

    [Fact]
    public void What_was_ignored_at_the_start_stays_ignored_until_it_is_set()
    {
        using TestProcess child = TestProcess.Run("/bin/sh", ["-c", "trap '' HUP; exec \"$0\" SignalSharing.Nohup", ChildProgram.Executable]);
        Assert.Equal(((int?)1, "Ignore\nFalse\nignored again\n", ""), (child.Signal, child.Stdout, child.Stderr));
    }

    [Fact, Trait("S", "S363")]
    public void A_broken_pipe_is_an_error_with_a_handler_too_and_deadly_only_by_default()
    {
        using TestProcess child = ChildProgram.Run("SignalSharing.BrokenPipe");
        Assert.Equal(((int?)13, "EPIPE\nEPIPE\ncalled\nEPIPE\n", ""), (child.Signal, child.Stdout, child.Stderr));
    }

    private static void AssertBoth(int signal, string output, params string[] arguments)
    {
        using TestProcess child = ChildProgram.Run("SignalSharing.Both", [signal.ToString(CultureInfo.InvariantCulture), .. arguments]);
        Assert.Equal((output, ""), (child.Stdout, child.Stderr));
        Assert.Equal(arguments[0] is "harmless" ? null : signal, child.Signal);
    }

    private static char StateOf(int pid)
    {
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[stat.LastIndexOf(')') + 2];
    }

    private static string Output(string scenario, params string[] arguments)
    {
        using TestProcess child = ChildProgram.Run(scenario, arguments);
        Assert.Equal((0, ""), (child.ShellStatus, child.Stderr));
        return child.Stdout;
    }
}
