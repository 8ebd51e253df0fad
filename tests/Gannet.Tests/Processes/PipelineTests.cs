using System.Text;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>Commands of which each reads what the one before it writes.</summary>
[Collection(Spawned.Collection)]
public sealed class PipelineTests : ChildrenTest
{
    private static readonly Command s_fail = Commands.Script("cat; exit 3");
    private static readonly Command s_cat = Command.Of("cat");
    private static readonly Command s_yes = Command.Of("yes");
    private static readonly Command s_head = Command.Of("head", "-n1");

    public static TheoryData<bool> Both { get; } = [false, true];

    [Fact]
    public void All_join_one_group_however_soon_the_first_ends_and_whoever_waits_for_any()
    {
        using Timer timer = new(_ => Record.Exception(() => Os.WaitPid(-1, WaitOptions.WNOHANG)), null, 0, 1);
        Pipeline pipeline = Command.Of("true").WithStdin(Stdio.Stream(new EndlessStream())) | s_cat;
        for (int i = 0; i < 14; i++)
        {
            pipeline |= s_cat;
        }

        for (int i = 0; i < 5; i++)
        {
            using ChildPipeline running = pipeline.WithProcessGroup().Start();
            Assert.Equal(0, running.Wait(TimeSpan.FromSeconds(30))?.ExitStatus);
        }
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Each_reads_what_the_one_before_it_writes(bool isAsync)
    {
        Pipeline pipeline = Command.Of("printf", @"b\na\nb\n") | Command.Of("sort") | Command.Of("uniq", "-c") | Command.Of("tr", "-d", " ");
        CapturedText result = isAsync ? await pipeline.CaptureAsync() : pipeline.Capture();
        Assert.Equal(("1a\n2b\n", "", true), (result.Output, result.Error, result.Succeeded));
        Assert.Equal(["printf", "sort", "uniq", "tr"], result.Members.Select(member => member.Command.Program));
        Assert.All(result.Members, member => Assert.Equal("exit 0", member.Status.ToString()));
        Assert.Equal(4, result.Members.Select(member => member.Pid).Distinct().Count());
        Assert.Equal(result.Members[3].Pid, result.Pid);
    }

    [Fact]
    public void Pipelines_are_joined_in_every_way_and_stay_what_they_are()
    {
        Command a = Command.Of("a"), b = Command.Of("b", "x y"), c = Command.Of("c"), d = Command.Of("d");
        Pipeline first = a | b, second = c | d;
        Assert.Equal("a | b 'x y' | c | d", (first | second).ToString());
        Assert.Equal("a | b 'x y' | c", (first | c).ToString());
        Assert.Equal("a | c | d", (a | second).ToString());
        Assert.Equal("a | c | d", a.PipeTo(c).PipeTo(d).ToString());
        Assert.Equal("a | b 'x y'", first.ToString());
        Assert.Equal([a, b, c, d], (first | second).Members);
    }

    [Fact]
    public void What_is_null_or_goes_elsewhere_is_refused_at_once()
    {
        Command none = null!;
        Pipeline nothing = null!;
        Assert.Throws<ArgumentNullException>(() => none | s_cat);
        Assert.Throws<ArgumentNullException>(() => s_cat | none);
        Assert.Throws<ArgumentNullException>(() => nothing | s_cat);
        Assert.Throws<ArgumentNullException>(() => s_cat | nothing);
        Assert.Throws<ArgumentException>(() => s_cat.WithStdout(Stdio.Null) | s_cat);
        Assert.Throws<ArgumentException>(() => s_cat | s_cat.WithInput("text"));
        Assert.Throws<ArgumentException>(() => s_cat | s_cat.WithStdin(Stdio.Inherit));
        using FileStream file = new(At("file"), FileMode.Create);
        Assert.Throws<ArgumentException>(() => s_cat.WithDescriptor(file.SafeFileHandle, 1) | s_cat);
        Assert.Throws<ArgumentException>(() => s_cat | s_cat.WithDescriptor(file.SafeFileHandle, 0));
        Assert.Throws<InvalidOperationException>(() => (s_cat | s_cat.WithStdout(Stdio.Null)).Capture());
        Assert.Throws<InvalidOperationException>(() => (s_cat | s_cat.WithStdout(Stdio.Pipe)).Run());
        Assert.Throws<InvalidOperationException>(() => (s_cat.WithStdin(Stdio.Pipe) | s_cat).Capture());
        Assert.Throws<InvalidOperationException>(() => (s_cat.WithStderr(Stdio.Pipe) | s_cat).Run());
        Assert.Throws<ArgumentOutOfRangeException>(() => (s_cat | s_cat).Run(TimeSpan.FromSeconds(-2)));
        Assert.Throws<InvalidOperationException>(() => (s_cat | s_cat.WithNewSession()).WithProcessGroup());
        Assert.Throws<InvalidOperationException>(() => (s_cat | s_cat).WithProcessGroup() | s_cat.WithProcessGroup());
    }

    [Theory, MemberData(nameof(Both))]
    public async Task The_status_is_the_last_ones_and_every_members_is_told(bool isAsync)
    {
        Pipeline pipeline = Commands.Script("exit 3") | Commands.Script("kill -KILL $$") | s_cat;
        CommandResult result = isAsync ? await pipeline.RunAsync() : pipeline.Run();
        Assert.Equal(["exit 3", "signal 9 (SIGKILL)", "exit 0"], result.Members.Select(member => member.Status.ToString()));
        Assert.True(result.EnsureSuccess().Succeeded);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task With_pipefail_the_last_failure_is_the_status(bool isAsync)
    {
        Pipeline pipeline = (Commands.Script("exit 3") | Commands.Script("cat; echo bad >&2; exit 4") | s_cat).WithPipeFail();
        CapturedText result = isAsync ? await pipeline.CaptureAsync() : pipeline.Capture();
        Assert.Equal(("exit 4", false, "bad\n"), (result.Status.ToString(), result.Succeeded, result.Error));
        CommandFailedException error = Assert.Throws<CommandFailedException>(() => result.EnsureSuccess());
        Assert.Equal($"{pipeline}: exit 4, by {pipeline.Members[1]}: bad", error.Message);
        Assert.Equal(result.Members[1].Pid, result.Pid);
    }

    [Fact]
    public void A_failure_of_the_last_one_is_the_failure_of_the_whole() =>
        Assert.Equal("true | sh -c 'exit 5': exit 5", Assert.Throws<CommandFailedException>(
            () => (Command.Of("true") | Command.Of("sh", "-c", "exit 5")).Run().EnsureSuccess()).Message);

    [Theory, MemberData(nameof(Both))]
    public async Task Who_is_ended_by_SIGPIPE_because_the_next_one_has_read_enough_has_not_failed(bool isAsync)
    {
        Pipeline pipeline = (s_yes | s_head).WithPipeFail();
        CapturedText result = isAsync ? await pipeline.CaptureAsync() : pipeline.Capture();
        Assert.Equal(("y\n", true, Signal.SIGPIPE), (result.Output, result.Succeeded, result.Members[0].Status.TermSignal));
        Assert.Equal(ChildEnding.ByItself, result.Members[0].Ending);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Input_of_the_first_and_output_of_the_last_are_what_the_commands_say(bool isAsync)
    {
        using MemoryStream output = new(), errors = new();
        Command first = Commands.Script("cat; echo e1 >&2").WithInput("text\n").WithStderr(Stdio.File(At("errors")));
        Command last = Commands.Script("tr a-z A-Z; echo e2 >&2").WithStdout(Stdio.Stream(output)).WithStderr(Stdio.Stream(errors));
        CommandResult result = isAsync ? await (first | last).RunAsync() : (first | last).Run();
        Assert.True(result.EnsureSuccess().Succeeded);
        Assert.Equal(("TEXT\n", "e2\n", "e1\n"), (Text(output), Text(errors), File.ReadAllText(At("errors"))));
        Pipeline files = s_cat.WithStdin(Stdio.File(At("errors"))) | s_cat.WithStdout(Stdio.Append(At("errors")));
        Assert.True(files.Run().Succeeded);
        Assert.Equal("e1\ne1\n", File.ReadAllText(At("errors")));
    }

    [Fact]
    public void Merged_error_output_goes_into_the_pipe_and_other_error_output_is_captured_apart()
    {
        Pipeline pipeline = Commands.Script("echo o; echo e >&2").WithMergedOutput() | Commands.Script("tr a-z A-Z; echo x >&2");
        CapturedText result = pipeline.Capture();
        Assert.Equal(("O\nE\n", "x\n"), (result.Output, result.Error));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Input_of_any_size_goes_through_while_output_is_read(bool isAsync)
    {
        byte[] input = new byte[20_000_000];
        new Random(1).NextBytes(input);
        Pipeline pipeline = s_cat.WithInput(input) | s_cat | s_cat;
        CapturedBytes result = isAsync ? await pipeline.CaptureBytesAsync() : pipeline.CaptureBytes();
        Assert.True(result.Output.Span.SequenceEqual(input));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Streams_at_both_ends_do_not_hang_whatever_the_members_do(bool isAsync)
    {
        using EndlessStream endless = new();
        Assert.Equal("xxx", await CaptureAsync(s_cat.WithStdin(Stdio.Stream(endless)) | Command.Of("head", "-c3"), isAsync));
        using BlockedStream blocked = new();
        Assert.Equal("", await CaptureAsync(Command.Of("true").WithStdin(Stdio.Stream(blocked)) | s_cat, isAsync));
        Assert.Equal("", await CaptureAsync(s_yes | Command.Of("true"), isAsync));
        Assert.Equal("x\n", await CaptureAsync(Command.Of("true").WithInput(new string('x', 5_000_000)) | Command.Of("echo", "x"), isAsync));
        Assert.Equal("x\n", await CaptureAsync(Commands.Script("exec >&-; exec <&-") | Command.Of("echo", "x"), isAsync));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Error_output_of_all_members_at_once_stops_nobody(bool isAsync)
    {
        Command noisy = Commands.Script("cat; head -c 2000000 /dev/zero >&2");
        Pipeline pipeline = noisy.WithInput("x") | noisy | noisy;
        CapturedText result = isAsync ? await pipeline.CaptureAsync() : pipeline.Capture();
        Assert.Equal(("x", 6_000_000), (result.Output, result.Error.Length));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task One_time_counts_for_all_and_all_are_ended(bool isAsync)
    {
        Pipeline pipeline = Commands.Sleeper | Commands.Sleeper | Commands.Sleeper;
        CommandTimeoutException error = await Assert.ThrowsAsync<CommandTimeoutException>(
            () => isAsync ? pipeline.RunAsync(Commands.Short) : Task.Run(() => pipeline.Run(Commands.Short)));
        Assert.All(error.Result.Members, member => Assert.Equal((Signal.SIGTERM, ChildEnding.OnSignal), (member.Status.TermSignal, member.Ending)));
        Assert.Equal("/bin/sleep 60 | /bin/sleep 60 | /bin/sleep 60: not over after 0.05 s; ended: signal 15 (SIGTERM)", error.Message);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task One_cancellation_counts_for_all_and_who_does_not_follow_is_killed(bool isAsync)
    {
        using CancellationTokenSource cancel = new();
        Command stubborn = Commands.Sleeper.WithIgnoredSignals(Signal.SIGTERM).WithTermination(Signal.SIGTERM, Commands.Short);
        Pipeline pipeline = stubborn | Commands.Script("echo; echo > \"$0\"; exec sleep 60", At("ready")) | stubborn;
        Task<CapturedText> run = isAsync ? pipeline.CaptureAsync(null, cancel.Token) : Task.Run(() => pipeline.Capture(null, cancel.Token));
        AwaitLine("ready");
        cancel.Cancel();
        CommandCanceledException error = await Assert.ThrowsAsync<CommandCanceledException>(() => run);
        Assert.Equal([ChildEnding.OnKill, ChildEnding.OnSignal, ChildEnding.OnKill], error.Result.Members.Select(member => member.Ending));
        Assert.IsType<CapturedText>(error.Result);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Who_has_ended_before_the_time_was_over_keeps_his_status(bool isAsync)
    {
        Pipeline pipeline = Commands.Script("echo > \"$0\"; exit 7", At("ended")) | Commands.Sleeper;
        for (int milliseconds = 100; ; milliseconds *= 2)
        {
            TimeSpan time = TimeSpan.FromMilliseconds(milliseconds);
            CommandResult result = (await Assert.ThrowsAsync<CommandTimeoutException>(
                () => isAsync ? pipeline.RunAsync(time) : Task.Run(() => pipeline.Run(time)))).Result;
            Assert.Equal(Signal.SIGTERM, result.Members[1].Status.TermSignal);
            if (result.Members[0].Status.ExitStatus is 7)
            {
                Assert.Equal(ChildEnding.ByItself, result.Members[0].Ending);
                return;
            }
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task A_member_that_cannot_be_started_ends_those_before_it_and_leaves_nothing(int missing, bool isAsync)
    {
        // They would neither end by themselves nor by SIGPIPE.
        Command[] members = [.. Enumerable.Range(0, 3).Select(i => i == missing ? Command.Of("/nothing") : Commands.Sleeper)];
        Pipeline pipeline = members[0] | members[1] | members[2];
        HashSet<string> before = Spawned.Descriptors();
        OsException[] errors =
        [
            await Assert.ThrowsAsync<OsException>(() => isAsync ? pipeline.RunAsync() : Task.Run(() => pipeline.Run())),
            await Assert.ThrowsAsync<OsException>(() => isAsync ? pipeline.CaptureAsync() : Task.Run(() => pipeline.Capture())),
            Assert.Throws<OsException>(() => pipeline.Lines().Count()),
            Assert.Throws<OsException>(() => pipeline.Start()),
        ];
        Assert.All(errors, error => Assert.Equal((Errno.ENOENT, "/nothing"), (error.Errno, error.Path)));
        AssertNoPipeLeft(before);
        Assert.Throws<OsException>(() => Os.Wait());
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_told_before_anything_is_started()
    {
        HashSet<string> before = Spawned.Descriptors();
        Pipeline pipeline = Commands.Script("echo > \"$0\"", At("started")) | s_cat.WithStdout(Stdio.File(At("no/file")));
        Assert.Equal(Errno.ENOENT, Assert.Throws<OsException>(() => pipeline.Run()).Errno);
        Assert.False(File.Exists(At("started")));
        AssertNoPipeLeft(before);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task More_than_the_limit_ends_all_members(bool isAsync)
    {
        Pipeline pipeline = s_yes | s_cat.WithOutputLimit(10);
        OutputLimitException error = await Assert.ThrowsAsync<OutputLimitException>(
            () => isAsync ? pipeline.CaptureAsync() : Task.Run(() => pipeline.Capture()));
        Assert.Equal("y\ny\ny\ny\ny\n", ((CapturedText)error.Result).Output);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_broken_stream_ends_all_members_and_is_told(bool isAsync)
    {
        using BrokenStream broken = new();
        Pipeline output = s_yes | s_cat.WithStdout(Stdio.Stream(broken)), input = s_cat.WithStdin(Stdio.Stream(broken)) | Commands.Sleeper;
        await Assert.ThrowsAsync<InvalidDataException>(() => isAsync ? output.RunAsync() : Task.Run(() => output.Run()));
        await Assert.ThrowsAsync<InvalidDataException>(() => isAsync ? input.RunAsync() : Task.Run(() => input.Run()));
    }

    [Fact]
    public void Lines_of_the_last_one_are_read_while_all_run()
    {
        Assert.Equal(["y", "y"], (s_yes | s_cat).Lines().Take(2));
        Assert.Equal(["1", "2"], (Command.Of("seq", "3") | Command.Of("head", "-n2")).Lines());
        List<string> lines = [];
        foreach (ReadOnlySpan<byte> line in (s_yes | Command.Of("head", "-n3")).Utf8Lines())
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }

        Assert.Equal(["y", "y", "y"], lines);
        Assert.Throws<CommandFailedException>(() => (s_fail.WithInput("x") | s_cat).WithPipeFail().Lines().Count());
        CommandResult result = (s_yes | s_cat).ForEachLine(_ => false);
        Assert.All(result.Members, member => Assert.NotNull(member.Status.TermSignal));
    }

    [Fact]
    public async Task Many_pipelines_run_at_once()
    {
        Task<CapturedText>[] runs = [.. Enumerable.Range(0, 20).Select(i => (Command.Of("echo", $"{i}") | s_cat | s_cat).CaptureAsync())];
        for (int i = 0; i < runs.Length; i++)
        {
            Assert.Equal($"{i}\n", (await runs[i]).Output);
        }
    }

    [Fact]
    public void A_pipeline_of_many_members_works()
    {
        Pipeline pipeline = s_cat.WithInput("through") | s_cat;
        for (int i = 0; i < 30; i++)
        {
            pipeline |= s_cat;
        }

        CapturedText result = pipeline.Capture();
        Assert.Equal(("through", 32), (result.Output, result.Members.Count(member => member.Succeeded)));
    }

    [Fact]
    public void Members_share_one_group_when_asked_and_this_programs_when_not()
    {
        Command show = Commands.Script("cat >&2; echo $$ $(ps -o pgid= -p $$) >&2").WithStdin(Stdio.Null);
        Command next = Commands.Script("cat >&2; echo $$ $(ps -o pgid= -p $$) >&2");
        CapturedText own = (show | next | next).WithProcessGroup().Capture();
        int leader = own.Members[0].Pid;
        Assert.Equal(
            own.Members.Select(member => $"{member.Pid} {leader}").Order(), own.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        CapturedText none = (show | next).Capture();
        string[] groups = [.. none.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[1]).Distinct()];
        Assert.DoesNotContain($"{none.Members[0].Pid}", Assert.Single(groups));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_whole_group_is_ended_with_all_that_its_members_have_started(bool isAsync)
    {
        Pipeline pipeline = StartsOthers().WithTermination(Signal.SIGTERM, TimeSpan.FromMinutes(1), wholeGroup: true);
        using CancellationTokenSource cancel = new();
        Task<CommandResult> run = isAsync ? pipeline.RunAsync(null, cancel.Token) : Task.Run(() => pipeline.Run(null, cancel.Token));
        string pid = AwaitLine("pid");
        cancel.Cancel();
        CommandResult result = (await Assert.ThrowsAsync<CommandCanceledException>(() => run)).Result;
        Assert.All(result.Members, member => Assert.Equal((Signal.SIGTERM, ChildEnding.OnSignal), (member.Status.TermSignal, member.Ending)));
        Spawned.Await(() => !Commands.IsAlive(pid), "A process of the group has been left.");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_whole_group_that_was_started_is_ended_likewise(bool isAsync)
    {
        using ChildPipeline children = StartsOthers().WithTermination(Signal.SIGTERM, TimeSpan.FromMinutes(1), wholeGroup: true).Start();
        string pid = AwaitLine("pid");
        Assert.Equal(Signal.SIGTERM, (isAsync ? await children.TerminateAsync() : children.Terminate()).TermSignal);
        Assert.All(children.Members, member => Assert.Equal(ChildEnding.OnSignal, member.Ending));
        Spawned.Await(() => !Commands.IsAlive(pid), "A process of the group has been left.");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Started_it_is_written_to_and_read_from_and_waited_for(bool isAsync)
    {
        using ChildPipeline children = (s_cat.WithStdin(Stdio.Pipe) | Command.Of("tr", "a-z", "A-Z").WithStdout(Stdio.Pipe)).Start();
        Assert.Equal(2, children.Members.Count);
        Assert.Null(isAsync ? await children.WaitAsync(TimeSpan.Zero) : children.Wait(TimeSpan.Zero));
        children.Stdin.Write("shout"u8);
        children.Stdin.Dispose();
        using StreamReader reader = new(children.Stdout);
        Assert.Equal("SHOUT", await reader.ReadToEndAsync());
        Assert.Equal(0, (isAsync ? await children.WaitAsync() : children.Wait()).ExitStatus);
        Assert.All(children.Members, child => Assert.Equal(0, child.Poll()!.Value.ExitStatus));
        Assert.False(children.SendSignal(Signal.None));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Started_all_its_members_are_ended_at_once_each_in_its_way(bool isAsync)
    {
        Command stubborn = Commands.Sleeper.WithIgnoredSignals(Signal.SIGTERM).WithTermination(Signal.SIGTERM, Commands.Short);
        using ChildPipeline children = (stubborn | Commands.Sleeper).WithPipeFail().Start();
        Assert.Equal(Signal.SIGTERM, (isAsync ? await children.TerminateAsync() : children.Terminate()).TermSignal);
        Assert.Equal([ChildEnding.OnKill, ChildEnding.OnSignal], children.Members.Select(child => child.Ending));
        using ChildPipeline others = (Commands.Sleeper | Commands.Sleeper).Start();
        Assert.True(others.Kill());
        Assert.Equal(Signal.SIGKILL, others.Wait().TermSignal);
        using ChildPipeline waited = (Commands.Sleeper | Commands.Sleeper).Start();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waited.WaitAsync(new CancellationToken(canceled: true)));
        waited.Kill();
        waited.Wait();
    }

    [Fact]
    public void Streams_of_a_started_pipeline_are_copied_in_the_background()
    {
        using MemoryStream output = new();
        using ChildPipeline children = (s_cat.WithInput(new string('x', 1_000_000)) | s_cat.WithStdout(Stdio.Stream(output))).Start();
        Assert.Equal(0, children.Wait().ExitStatus);
        Assert.Equal(1_000_000, output.Length);
    }

    [Fact, Trait("S", "S272")]
    public void Writing_to_a_child_that_has_ended_is_EPIPE_and_its_status_is_told()
    {
        using Child child = Commands.Script("exit 4").WithStdin(Stdio.Pipe).Start();
        Assert.Equal(4, child.Wait().ExitStatus);
        OsException error = Assert.Throws<OsException>(() => child.Stdin.Write(new byte[1_000_000]));
        Assert.Equal((Errno.EPIPE, "Broken pipe"), (error.Errno, Os.StrError((int)error.Errno)));
        Assert.Equal(4, child.Poll()!.Value.ExitStatus);
        using ChildPipeline children = (Command.Of("true").WithStdin(Stdio.Pipe) | s_fail).Start();
        Assert.Equal(3, children.Wait().ExitStatus);
        Assert.Equal(Errno.EPIPE, Assert.Throws<OsException>(() => children.Stdin.Write("x"u8)).Errno);
    }

    [Fact, Trait("S", "S283")]
    public void A_child_sees_the_end_of_its_input_only_when_that_is_closed()
    {
        using ChildPipeline children = (s_cat.WithStdin(Stdio.Pipe) | s_cat.WithStdout(Stdio.Pipe)).Start();
        // A later child has none of the ends that would keep it open.
        using ChildPipeline other = (s_cat.WithStdin(Stdio.Pipe) | s_cat.WithStdout(Stdio.Pipe)).Start();
        Assert.Null(children.Wait(Commands.Short));
        children.Stdin.Dispose();
        Assert.Equal(-1, children.Stdout.ReadByte());
        Assert.Equal(0, children.Wait().ExitStatus);
        other.Stdin.Dispose();
        Assert.Equal(0, other.Wait().ExitStatus);
    }

    [Fact, Trait("S", "S236")]
    public void What_a_shell_does_with_a_bar_is_done_without_a_shell() =>
        Assert.Equal("2", (Command.Of("echo", "a b") | Command.Of("wc", "-w")).Capture().Output.Trim());

    [Fact, Trait("S", "S275")]
    public void Text_written_to_a_command_comes_back()
    {
        using Child child = s_cat.WithStdin(Stdio.Pipe).WithStdout(Stdio.Pipe).Start();
        using StreamReader reader = new(child.Stdout);
        for (int i = 0; i < 3; i++)
        {
            child.Stdin.Write(Encoding.UTF8.GetBytes($"line {i}\n"));
            Assert.Equal($"line {i}", reader.ReadLine());
        }

        child.Stdin.Dispose();
        Assert.Equal(0, child.Wait().ExitStatus);
    }

    [Theory]
    [InlineData(FileAccess.Read)]
    [InlineData(FileAccess.Write)]
    public void A_thread_that_waits_for_a_pipe_hears_that_it_is_disposed(FileAccess access)
    {
        using Child child = Commands.Sleeper.WithStdin(Stdio.Pipe).WithStdout(Stdio.Pipe).Start();
        Stream end = access is FileAccess.Read ? child.Stdout : child.Stdin;
        Exception? error = null;
        Thread thread = new(() => error = Record.Exception(() =>
        {
            if (access is FileAccess.Read)
            {
                _ = end.ReadByte();
            }
            else
            {
                end.Write(new byte[1_000_000]);
            }
        }));
        thread.Start();
        // Whether it waits by then or is only about to, it ends in the same way.
        Thread.Sleep(Commands.Short);
        end.Dispose();
        thread.Join();
        Assert.IsType<ObjectDisposedException>(error);
        child.Terminate();
    }

    [Fact]
    public void Pipes_are_as_wide_as_the_user_may_have_them_and_work_when_he_may_not()
    {
        using TestProcess process = ChildProgram.Run("Piping.WithoutPagesForPipes");
        Assert.Equal(("", 0), (process.Stderr, process.ShellStatus));
        Assert.Equal("3000000 3000000\n", process.Stdout);
    }

    [Fact]
    public void Memory_stays_steady_however_much_flows_through_three_members()
    {
        using TestProcess process = ChildProgram.Run("Piping.ThroughThree", $"{128L << 20}");
        Assert.Equal(("", 0), (process.Stderr, process.ShellStatus));
        string[] report = process.Stdout.Trim().Split(' ');
        Assert.Equal(128L << 20, long.Parse(report[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(long.Parse(report[1], System.Globalization.CultureInfo.InvariantCulture), 0, 16L << 20);
    }

    // A first member that leaves a process behind which follows no SIGTERM, in the group but in no pipe.
    private Pipeline StartsOthers() => Commands.Script(
        $"(trap '' TERM; exec >/dev/null; echo $(exec sh -c 'echo $PPID') > \"$0\"; exec sleep {Commands.Long}) & exec sleep {Commands.Long}", At("pid"))
        | Commands.Sleeper;

    private static async Task<string> CaptureAsync(Pipeline pipeline, bool isAsync) =>
        (isAsync ? await pipeline.CaptureAsync() : pipeline.Capture()).Output;

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());

    private static void AssertNoPipeLeft(HashSet<string> before) =>
        Spawned.Await(() => !Spawned.Descriptors().Except(before).Any(name => name.Contains("pipe:", StringComparison.Ordinal)), "A pipe was left open.");
}
