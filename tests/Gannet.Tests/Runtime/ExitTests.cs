using System.Numerics;
using Gannet.Testing;

namespace Gannet.Tests.Runtime;

public class ExitTests
{
    [Theory, Trait("S", "S071")]
    [InlineData("Exit.WithBodysResult", 9)]
    [InlineData("Exit.WithTasksResult", 9)]
    [InlineData("Basic.Echo", 0)]
    public void A_program_ends_by_itself_with_its_own_result(string scenario, int status)
    {
        using TestProcess run = ChildProgram.Run(scenario);
        Assert.Equal((status, "", ""), Outcome(run));
    }

    [Fact, Trait("S", "S072"), Trait("S", "S081")]
    public void Exit_without_argument_ends_at_once_with_status_0()
    {
        using TestProcess run = ChildProgram.Run("Exit.Plainly");
        Assert.Equal((0, "", ""), Outcome(run));
        Assert.Null(Assert.Throws<SystemExitException>(() => Sys.Exit()).Code);
        Assert.Null(new SystemExitException().Code);
    }

    [Theory, Trait("S", "S073"), Trait("S", "S074"), Trait("S", "S075"), Trait("S", "S088")]
    [InlineData("0", 0)]
    [InlineData("3", 3)]
    [InlineData("1", 1)]
    [InlineData("256", 0)]
    [InlineData("257", 1)]
    [InlineData("-1", 255)]
    public void A_number_is_the_status_of_which_the_parent_sees_eight_bits_and_nothing_is_written(string number, int status)
    {
        using TestProcess run = ChildProgram.Run("Exit.WithNumber", number);
        Assert.Equal((status, "", ""), Outcome(run));
    }

    [Theory, Trait("S", "S075")]
    [InlineData("huge", 7)]
    [InlineData("long", 7)]
    [InlineData("negative", 255)]
    [InlineData("immense", 255)]
    public void A_number_too_large_for_an_int_keeps_its_low_bits_and_one_too_large_for_a_long_is_minus_1(string number, int status)
    {
        using TestProcess run = ChildProgram.Run("Exit.WithObject", number);
        Assert.Equal((status, "", ""), Outcome(run));
    }

    [Theory, Trait("S", "S073"), Trait("S", "S076"), Trait("S", "S077")]
    [InlineData("text")]
    [InlineData("")]
    [InlineData("two\nlines")]
    public void Text_is_written_with_a_newline_to_stderr_and_the_status_is_1(string text)
    {
        using TestProcess run = ChildProgram.Run("Exit.WithText", text);
        Assert.Equal((1, "out", text + "\n"), Outcome(run));
    }

    [Theory, Trait("S", "S076"), Trait("S", "S077"), Trait("S", "S079")]
    [InlineData("as str", "as str\n")]
    [InlineData("2.5", "2.5\n")]
    [InlineData("2.5m", "2.5\n")]
    [InlineData("list", "System.Collections.Generic.List`1[System.Int32]\n")]
    [InlineData("broken", "Gannet.Tests.Child.Scenarios.Exit+Broken\n")]
    public void An_object_that_is_no_integer_is_written_as_its_text(string code, string expected)
    {
        using TestProcess run = ChildProgram.Run("Exit.WithObject", code);
        Assert.Equal((1, "", expected), Outcome(run));
    }

    [Theory, Trait("S", "S079"), Trait("S", "S080")]
    [InlineData("null", 0)]
    [InlineData("true", 1)]
    [InlineData("false", 0)]
    [InlineData("enum", 4)]
    public void Null_booleans_and_enums_are_silent_statuses(string code, int status)
    {
        using TestProcess run = ChildProgram.Run("Exit.WithObject", code);
        Assert.Equal((status, "", ""), Outcome(run));
    }

    [Fact, Trait("S", "S075")]
    public void Every_integer_type_counts_as_an_integer()
    {
        object[] sevens =
        [
            (sbyte)7, (byte)7, (short)7, (ushort)7, 7, 7u, 7L, 7UL, (nint)7, (nuint)7, (Int128)7, (UInt128)7, (BigInteger)7,
        ];
        Assert.All(sevens, seven => Assert.Equal(7, new SystemExitException(seven).Status));
        Assert.Equal(-1, new SystemExitException(ulong.MaxValue).Status);
        Assert.Equal(-1, new SystemExitException(UInt128.MaxValue).Status);
        Assert.Equal(-1, new SystemExitException((Int128)(-1)).Status);
        Assert.Equal(-1, new SystemExitException(((Int128)1 << 70) + 7).Status);
        Assert.Equal(-1, new SystemExitException((UInt128)long.MaxValue + 8).Status);
        Assert.Equal(-1, new SystemExitException((ulong)long.MaxValue + 8).Status);
        Assert.Equal(-1, new SystemExitException(-(BigInteger.One << 70)).Status);
        Assert.Equal(7, new SystemExitException((BigInteger)long.MinValue + 7).Status);
        Assert.Equal(1, new SystemExitException('\a').Status);
    }

    [Fact, Trait("S", "S078")]
    public void The_text_goes_to_the_current_stderr()
    {
        using TestProcess run = ChildProgram.Run("Exit.IntoReplacedStderr");
        Assert.Equal((1, "buffer: message\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S078")]
    public void The_text_goes_to_descriptor_2_when_the_current_stderr_is_closed()
    {
        using TestProcess run = ChildProgram.Run("Exit.IntoClosedStderr");
        Assert.Equal((1, "", "message\n"), Outcome(run));
    }

    [Fact, Trait("S", "S078"), Trait("S", "S090")]
    public void The_trace_goes_to_descriptor_2_when_the_consoles_writer_is_closed()
    {
        using TestProcess run = ChildProgram.Run("Exit.ByErrorAfterClosingConsolesError");
        Assert.Equal((1, ""), (run.ExitCode, run.Stdout));
        Assert.StartsWith("Unhandled exception. System.InvalidOperationException: on purpose\n", run.Stderr);
    }

    [Fact, Trait("S", "S069")]
    public void The_original_streams_are_those_at_the_beginning_of_Run()
    {
        using TestProcess run = ChildProgram.Run("Exit.WithOriginalsOfTheStart");
        Assert.Equal((0, "out", "err"), Outcome(run));
    }

    [Theory, Trait("S", "S087")]
    [InlineData(120, "0", "run")]
    [InlineData(120, "0", "")]
    [InlineData(3, "3", "run")]
    [InlineData(3, "3", "")]
    public void Output_that_can_not_be_written_out_is_told_once_and_makes_120_of_success(int status, string wanted, string run)
    {
        using TestProcess process = ChildProgram.Run("Exit.WithLostOutput", wanted, run);
        Assert.Equal((status, ""), (process.ExitCode, process.Stdout));
        Assert.Matches(@"^Exception ignored while flushing Sys\.Stdout: System\.IO\.IOException: No space left on device.*\n$", process.Stderr);
    }

    [Fact, Trait("S", "S087")]
    public void A_stdout_that_the_program_has_closed_is_no_loss()
    {
        using TestProcess run = ChildProgram.Run("Exit.WithClosedOutput");
        Assert.Equal((0, "", ""), Outcome(run));
    }

    [Fact, Trait("S", "S082")]
    public void Exit_throws_an_exception_that_carries_the_code()
    {
        Assert.Equal(5, Assert.Throws<SystemExitException>(() => Sys.Exit(5)).Code);
        Assert.Equal("text", Assert.Throws<SystemExitException>(() => Sys.Exit("text")).Message);
        Assert.Equal("exit status 3", new SystemExitException(3).Message);
    }

    [Fact, Trait("S", "S083")]
    public void Finally_blocks_run_innermost_first_and_the_status_is_kept()
    {
        using TestProcess run = ChildProgram.Run("Exit.ThroughFinally");
        Assert.Equal((5, "inner\nouter\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S084")]
    public void The_exception_can_be_caught_to_clean_up_and_thrown_on()
    {
        using TestProcess run = ChildProgram.Run("Exit.CaughtAndRethrown");
        Assert.Equal((5, "cleanup\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S082"), Trait("S", "S085")]
    public void Catching_it_for_good_cancels_the_exit()
    {
        using TestProcess run = ChildProgram.Run("Exit.CaughtForGood");
        Assert.Equal((0, "trapped 5\non\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S086")]
    public void It_passes_the_librarys_errors_and_a_filtered_catch_all()
    {
        using TestProcess run = ChildProgram.Run("Exit.PastOrdinaryHandlers");
        Assert.Equal((5, "", ""), Outcome(run));
    }

    [Fact, Trait("S", "S087")]
    public void Pending_output_is_flushed_before_the_end()
    {
        using TestProcess run = ChildProgram.Run("Exit.WithUnflushedWriter");
        Assert.Equal((1, "out", "err\n"), Outcome(run));
    }

    [Fact, Trait("S", "S087")]
    public void A_message_that_is_not_ASCII_is_written()
    {
        using TestProcess run = ChildProgram.Run("Exit.WithText", "café");
        Assert.Equal((1, "out", "café\n"), Outcome(run));
    }

    [Theory, Trait("S", "S089")]
    [InlineData(new string[0], 0, "")]
    [InlineData(new[] { "4" }, 4, "")]
    [InlineData(new[] { "msg" }, 1, "msg\n")]
    public void Throwing_the_exception_directly_does_the_same(string[] arguments, int status, string error)
    {
        using TestProcess run = ChildProgram.Run("Exit.ThrownDirectly", arguments);
        Assert.Equal((status, "", error), Outcome(run));
    }

    [Theory, Trait("S", "S090")]
    [InlineData("Exit.ByError", "finally\n")]
    [InlineData("Exit.ByErrorInTask", "")]
    public void An_error_ends_with_status_1_and_a_trace_of_the_programs_own_frames(string scenario, string output)
    {
        using TestProcess run = ChildProgram.Run(scenario);
        Assert.Equal((1, output), (run.ExitCode, run.Stdout));
        Assert.StartsWith("Unhandled exception. System.InvalidOperationException: on purpose\n", run.Stderr);
        Assert.Contains("Exit.Fail()", run.Stderr);
        Assert.DoesNotContain("Gannet.Sys", run.Stderr);
    }

    [Fact, Trait("S", "S090")]
    public void A_cancelled_body_is_an_error()
    {
        using TestProcess run = ChildProgram.Run("Exit.ByCancelledTask");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("Unhandled exception. System.OperationCanceledException: given up\n", run.Stderr);
    }

    [Fact, Trait("S", "S090")]
    public void An_asynchronous_body_without_a_task_is_an_error()
    {
        using TestProcess run = ChildProgram.Run("Exit.WithoutTask");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("returned no task", run.Stderr);
    }

    [Fact, Trait("S", "S066")]
    public void The_trace_of_an_unhandled_error_follows_the_replaced_stderr()
    {
        using TestProcess run = ChildProgram.Run("Exit.ByErrorIntoReplacedStderr");
        Assert.Equal((1, ""), (run.ExitCode, run.Stderr));
        Assert.StartsWith("buffer: Unhandled exception. System.InvalidOperationException: on purpose\n", run.Stdout);
    }

    [Theory, Trait("S", "S082")]
    [InlineData("Exit.FromTask")]
    [InlineData("Exit.FromWaitedTask")]
    public void An_exit_comes_through_tasks(string scenario)
    {
        using TestProcess run = ChildProgram.Run(scenario);
        Assert.Equal((6, "", ""), Outcome(run));
    }

    [Fact, Trait("S", "S082")]
    public void A_nested_run_ends_its_own_body_and_returns_the_status()
    {
        using TestProcess run = ChildProgram.Run("Exit.Nested");
        Assert.Equal((3, "inner 3\n", ""), Outcome(run));
    }

    [Theory, Trait("S", "S091")]
    [InlineData("Exit.OfThread")]
    [InlineData("Exit.OfThreadOnly")]
    public void In_a_second_thread_it_ends_that_thread_only(string scenario)
    {
        using TestProcess run = ChildProgram.Run(scenario);
        Assert.Equal((0, "main on\n", ""), Outcome(run));
    }

    [Theory, Trait("S", "S090"), Trait("S", "S096")]
    [InlineData("Exit.ByErrorOnThread")]
    [InlineData("Exit.ByErrorOnForegroundThreadAfterBody")]
    public void An_error_on_another_thread_ends_the_process_in_order(string scenario)
    {
        using TestProcess run = ChildProgram.Run(scenario);
        Assert.Equal((1, "hook\n"), (run.ExitCode, run.Stdout));
        Assert.StartsWith("Unhandled exception. System.InvalidOperationException: on purpose\n", run.Stderr);
    }

    [Fact, Trait("S", "S090")]
    public void A_handler_that_the_program_has_set_itself_keeps_its_say()
    {
        using TestProcess run = ChildProgram.Run("Exit.WithForeignHandler");
        Assert.Equal((0, "foreign: on purpose\n", ""), Outcome(run));
    }

    [Fact, Trait("S", "S014")]
    public void Fail_tells_the_user_under_the_programs_name_and_exits()
    {
        using TestProcess run = ChildProgram.Run("Exit.ByFail");
        Assert.Equal((7, "", "Gannet.Tests.Child: no such thing\n"), Outcome(run));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => Sys.Run((Action)null!));
        Assert.Throws<ArgumentNullException>(() => Sys.Run((Func<int>)null!));
        Assert.Throws<ArgumentNullException>(() => { Sys.Run((Func<Task>)null!); });
        Assert.Throws<ArgumentNullException>(() => { Sys.Run((Func<Task<int>>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = Sys.RunAsync((Func<Task>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = Sys.RunAsync((Func<Task<int>>)null!); });
        Assert.Throws<ArgumentNullException>(() => Sys.Warn(null!));
        Assert.Throws<ArgumentNullException>(() => Sys.Fail(null!));
    }

    private static (int Status, string Stdout, string Stderr) Outcome(TestProcess run) => (run.ExitCode, run.Stdout, run.Stderr);
}
