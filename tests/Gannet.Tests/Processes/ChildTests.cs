using System.Text;
using Gannet.Interop;
using Gannet.Testing;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Processes;

/// <summary>A child that has been started: its end, its signals, its pipes.</summary>
[Collection(Spawned.Collection)]
public sealed class ChildTests : ChildrenTest
{
    private static readonly Command Cat = Command.Of("/bin/cat").WithStdin(Stdio.Pipe).WithStdout(Stdio.Pipe);

    [Fact]
    public void A_child_that_runs_has_a_number_a_descriptor_and_no_status()
    {
        using Child child = Commands.Sleeper.Start();
        Assert.True(Commands.IsAlive($"{child.Pid}"));
        Assert.Contains($"Pid:\t{child.Pid}\n", File.ReadAllText($"/proc/self/fdinfo/{child.PidFd!.DangerousGetHandle()}"));
        Assert.Null(child.Poll());
        Assert.Null(child.Usage);
        Assert.Null(child.Wait(TimeSpan.Zero));
        child.Kill();
        Assert.Equal(Signal.SIGKILL, child.Wait().TermSignal);
        Assert.True(child.PidFd.IsClosed);
        Assert.NotNull(child.Usage);
        Assert.Equal(ChildEnding.ByItself, child.Ending);
    }

    [Fact]
    public async Task The_status_is_told_to_all_who_ask_however_late()
    {
        using Child child = Commands.Script("exit 7").Start();
        Assert.Equal(7, child.Wait().ExitStatus);
        Assert.Equal(7, child.Poll()?.ExitStatus);
        Assert.Equal(7, child.Wait(TimeSpan.Zero)?.ExitStatus);
        Assert.Equal(7, (await child.WaitAsync()).ExitStatus);
        Assert.Equal(7, (await child.WaitAsync(TimeSpan.Zero))?.ExitStatus);
        Assert.Equal(7, child.Terminate().ExitStatus);
        child.Dispose();
        Assert.Equal(7, child.Wait().ExitStatus);
        Assert.Equal(7, (await child.TerminateAsync()).ExitStatus);
        Assert.Equal(ChildEnding.ByItself, child.Ending);
    }

    [Fact]
    public void Poll_learns_of_the_end_without_waiting()
    {
        using Child child = Command.Of("/bin/true").Start();
        Spawned.Await(() => child.Poll() is not null, "The end was not told.");
        Assert.Equal(0, child.Poll()?.ExitStatus);
    }

    [Fact]
    public void A_child_that_ended_before_the_wait_is_waited_for_all_the_same()
    {
        using Child child = Commands.Script("exit 3").Start();
        Spawned.Await(() => Commands.StateOf(child.Pid) is 'Z', "The child did not end.");
        Assert.Equal(3, child.Wait().ExitStatus);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(-1_000_000)]
    public async Task A_negative_time_is_refused(int seconds)
    {
        using Child child = Command.Of("/bin/true").Start();
        TimeSpan time = TimeSpan.FromSeconds(seconds);
        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => child.Wait(time));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("timeout", () => child.WaitAsync(time));
        Assert.Equal(0, child.Wait().ExitStatus);
        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => child.Wait(time));
    }

    [Fact]
    public async Task A_time_that_is_over_leaves_the_child_alone()
    {
        using Child child = Commands.Sleeper.Start();
        Assert.Null(child.Wait(Commands.Short));
        Assert.Null(await child.WaitAsync(Commands.Short));
        Assert.Null(await child.WaitAsync(TimeSpan.Zero));
        Assert.True(Commands.IsAlive($"{child.Pid}"));
        Assert.Equal(Signal.SIGTERM, child.Terminate().TermSignal);
        Assert.Equal(ChildEnding.OnSignal, child.Ending);
    }

    [Fact]
    public async Task A_time_without_an_end_is_never_over()
    {
        foreach (TimeSpan time in new[] { TimeSpan.MaxValue, Timeout.InfiniteTimeSpan, TimeSpan.FromDays(36_500), TimeSpan.FromDays(30) })
        {
            using Child first = Commands.Script("exit 5").Start(), second = Commands.Script("exit 6").Start();
            Assert.Equal(5, first.Wait(time)?.ExitStatus);
            Assert.Equal(6, (await second.WaitAsync(time))?.ExitStatus);
        }
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_loses_nothing()
    {
        using Child child = Cat.Start();
        for (int i = 0; i < 3; i++)
        {
            using CancellationTokenSource cancel = new(Commands.Short);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => child.WaitAsync(cancel.Token));
            using CancellationTokenSource again = new(Commands.Short);
            Assert.ThrowsAny<OperationCanceledException>(() => child.Wait(again.Token));
        }

        CancellationToken cancelled = new(canceled: true);
        Assert.ThrowsAny<OperationCanceledException>(() => child.Wait(TimeSpan.MaxValue, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => child.WaitAsync(TimeSpan.MaxValue, cancelled));
        Task<WaitStatus> left = child.WaitAsync();
        child.Stdin.Dispose();
        Assert.Equal(0, (await left).ExitStatus);
        Assert.Equal(0, child.Wait().ExitStatus);
    }

    [Fact]
    public async Task Many_may_wait_in_many_ways()
    {
        using Child child = Cat.WithArg0("cat").Start();
        Task<WaitStatus>[] tasks = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? child.WaitAsync() : Waited(child.WaitAsync(TimeSpan.MaxValue)))];
        WaitStatus?[] statuses = new WaitStatus?[10];
        Thread[] threads = [.. Enumerable.Range(0, statuses.Length).Select(i => new Thread(() => statuses[i] = child.Wait(TimeSpan.FromMinutes(1))))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(tasks, task => Assert.False(task.IsCompleted));
        child.Stdin.Dispose();
        Assert.All(await Task.WhenAll(tasks), status => Assert.Equal(0, status.ExitStatus));
        Array.ForEach(threads, thread => thread.Join());
        Assert.All(statuses, status => Assert.Equal(0, status?.ExitStatus));
    }

    [Fact]
    public async Task What_follows_a_wait_may_wait_itself()
    {
        // It does not run on the thread that waits for all children.
        using Child first = Commands.Script("exit 1").Start(), second = Commands.Script("sleep 0.05; exit 2").Start();
        await first.WaitAsync();
        Assert.Equal(2, await first.WaitAsync().ContinueWith(_ => second.WaitAsync().GetAwaiter().GetResult().ExitStatus!.Value, TaskScheduler.Default));
    }

    [Fact]
    public void A_signal_reaches_it()
    {
        using Child child = Commands.Script("trap 'exit 9' USR1; echo > \"$0\"; while :; do sleep 0.01; done", At("ready")).Start();
        AwaitLine("ready");
        Assert.True(child.SendSignal(Signal.None));
        Assert.True(child.SendSignal(Signal.SIGUSR1));
        Assert.Equal(9, child.Wait().ExitStatus);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("exit 3")]
    [InlineData("kill -KILL $$")]
    public void A_signal_after_the_end_hits_nobody_and_is_no_error(string script)
    {
        using Child child = Commands.Script(script).Start();
        WaitStatus status = child.Wait();
        Assert.False(child.SendSignal(Signal.SIGTERM));
        Assert.False(child.SendSignal(Signal.None));
        Assert.False(child.Kill());
        Assert.Equal(status, child.Terminate());
    }

    [Fact]
    public void A_signal_to_one_that_has_ended_and_is_not_reaped_changes_nothing()
    {
        using Child child = Commands.Script("exit 3").Start();
        Spawned.Await(() => Commands.StateOf(child.Pid) is 'Z', "The child did not end.");
        child.SendSignal(Signal.SIGTERM);
        child.Kill();
        Assert.Equal(3, child.Wait().ExitStatus);
    }

    [Fact]
    public void A_signal_that_races_with_the_end_hits_nobody_else()
    {
        // The one reaps, the other signals: whichever comes first, neither fails.
        for (int i = 0; i < 100; i++)
        {
            using Child child = Command.Of("/bin/true").Start();
            Thread signals = new(() =>
            {
                while (child.SendSignal(Signal.SIGCONT))
                {
                }
            });
            signals.Start();
            Assert.Equal(0, child.Wait().ExitStatus);
            signals.Join();
        }
    }

    [Fact]
    public void A_child_that_somebody_else_has_reaped_is_told_as_such_and_gets_no_signal()
    {
        Child child = Commands.Script("exit 3").Start();
        Assert.Equal(child.Pid, TestLibc.Reap(child.Pid));
        OsException error = Assert.Throws<OsException>(() => child.Wait());
        Assert.Equal((Errno.ECHILD, "waitid"), (error.Errno, error.Operation));
        Assert.Throws<OsException>(() => child.Poll());
        Assert.False(child.SendSignal(Signal.SIGTERM));
        child.Dispose();
    }

    [Fact]
    public async Task A_child_that_somebody_else_reaps_meanwhile_ends_the_waits_for_it()
    {
        using Child child = Cat.Start();
        Task<WaitStatus> wait = child.WaitAsync();
        // Whether the loop or this call comes first is open; neither may hang.
        child.Stdin.Dispose();
        int reaped = TestLibc.Reap(child.Pid);
        if (reaped == child.Pid)
        {
            Assert.Equal(Errno.ECHILD, (await Assert.ThrowsAsync<OsException>(() => wait)).Errno);
        }
        else
        {
            Assert.Equal(0, (await wait).ExitStatus);
        }
    }

    [Fact]
    public void Children_of_others_are_left_to_them()
    {
        using TestProcess other = TestProcess.Start("/bin/sh", ["-c", "exit 4"]);
        Spawned.Await(() => Commands.StateOf(other.Pid) is 'Z', "The child did not end.");
        using Child child = Commands.Script("exit 3").Start();
        Assert.Equal(3, child.Wait().ExitStatus);
        other.Wait();
        Assert.Equal(4, other.ExitCode);
    }

    [Fact]
    public void A_child_that_is_stopped_has_not_ended()
    {
        using Child child = Commands.Sleeper.Start();
        child.SendSignal(Signal.SIGSTOP);
        Spawned.Await(() => Commands.StateOf(child.Pid) is 'T', "The child was not stopped.");
        Assert.Null(child.Poll());
        Assert.Null(child.Wait(Commands.Short));
        child.SendSignal(Signal.SIGCONT);
        Spawned.Await(() => Commands.StateOf(child.Pid) is 'S', "The child did not go on.");
        Assert.Null(child.Poll());
        child.SendSignal(Signal.SIGSTOP);
        child.Kill();
        Assert.Equal(Signal.SIGKILL, child.Wait().TermSignal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Terminated_it_has_its_time_and_is_killed_after_it(bool isAsync)
    {
        using Child stubborn = Commands.Sleeper.WithIgnoredSignals(Signal.SIGTERM).WithTermination(Signal.SIGTERM, Commands.Short).Start();
        WaitStatus status = isAsync ? await stubborn.TerminateAsync() : stubborn.Terminate();
        Assert.Equal((Signal.SIGKILL, ChildEnding.OnKill), (status.TermSignal, stubborn.Ending));
        using Child orderly = Commands.Script("trap 'exit 9' INT; echo > \"$0\"; while :; do sleep 0.01; done", At("ready"))
            .WithTermination(Signal.SIGINT, TimeSpan.FromMinutes(1)).Start();
        AwaitLine("ready");
        status = isAsync ? await orderly.TerminateAsync() : orderly.Terminate();
        Assert.Equal((9, ChildEnding.OnSignal), (status.ExitStatus, orderly.Ending));
    }

    [Fact]
    public void Terminated_with_its_group_it_takes_all_with_it()
    {
        string script = $"trap '' TERM; sleep {Commands.Long} & echo $! > \"$0\"; trap - TERM; wait";
        using Child child = Commands.Script(script, At("pid")).WithTermination(Signal.SIGTERM, TimeSpan.FromMinutes(1), wholeGroup: true).Start();
        string pid = AwaitLine("pid");
        child.Terminate();
        Spawned.Await(() => !Commands.IsAlive(pid), "A process of the group has been left.");
    }

    [Fact]
    public async Task Terminated_by_many_at_once_it_ends_once()
    {
        using Child child = Commands.Sleeper.Start();
        WaitStatus[] statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => child.TerminateAsync()));
        Assert.All(statuses, status => Assert.Equal(Signal.SIGTERM, status.TermSignal));
    }

    [Fact]
    public void Disposed_while_it_runs_it_goes_on_and_is_reaped_when_it_ends()
    {
        Child child = Cat.Start();
        int pid = child.Pid;
        child.Dispose();
        // Its input has ended by that.
        Spawned.Await(() => Commands.StateOf(pid) is null, "The child was not reaped.");
        child.Dispose();
    }

    [Fact]
    public void Disposed_while_it_runs_it_is_no_child_of_anybody_any_more()
    {
        Child child = Commands.Sleeper.Start();
        child.Dispose();
        Assert.True(Commands.IsAlive($"{child.Pid}"));
        Assert.Null(child.Poll());
        Assert.True(child.Kill());
        Assert.Equal(Signal.SIGKILL, child.Wait().TermSignal);
    }

    [Fact]
    public void Lost_to_the_collector_it_goes_on_and_is_reaped_when_it_ends()
    {
        int pid = Lose();
        Spawned.Await(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return Commands.StateOf(pid) is null;
            },
            "The child was not reaped.");
    }

    [Fact]
    public void A_stream_that_is_no_pipe_is_not_there()
    {
        using Child child = Command.Of("/bin/true").Start();
        Assert.Throws<InvalidOperationException>(() => child.Stdin);
        Assert.Throws<InvalidOperationException>(() => child.Stdout);
        Assert.Throws<InvalidOperationException>(() => child.Stderr);
        child.Wait();
    }

    [Fact]
    public void Its_pipes_carry_what_is_written_at_once()
    {
        using Child child = Commands.Script("while read line; do echo out $line; echo error $line >&2; done")
            .WithStdin(Stdio.Pipe).WithStdout(Stdio.Pipe).WithStderr(Stdio.Pipe).Start();
        for (int i = 0; i < 3; i++)
        {
            child.Stdin.Write(Encoding.UTF8.GetBytes($"{i}\n"));
            Assert.Equal($"out {i}\n", ReadLine(child.Stdout));
            Assert.Equal($"error {i}\n", ReadLine(child.Stderr));
        }

        child.Stdin.Dispose();
        Assert.Equal(0, child.Stdout.Read(new byte[1]));
        Assert.Equal(0, child.Wait().ExitStatus);
    }

    [Fact]
    public async Task Its_pipes_are_read_and_written_at_once_without_a_thread()
    {
        byte[] bytes = new byte[5_000_000];
        new Random(3).NextBytes(bytes);
        using Child child = Cat.Start();
        using MemoryStream output = new();
        Task reading = child.Stdout.CopyToAsync(output);
        await child.Stdin.WriteAsync(bytes);
        await child.Stdin.FlushAsync();
        child.Stdin.Dispose();
        await reading;
        Assert.True(output.ToArray().AsSpan().SequenceEqual(bytes));
        Assert.Equal(0, (await child.WaitAsync()).ExitStatus);
    }

    [Fact]
    public async Task A_hundred_pipes_that_are_waited_for_park_no_thread()
    {
        Child[] children = [.. Enumerable.Range(0, 100).Select(_ => Cat.Start())];
        int before = ThreadPool.ThreadCount;
        Task<int>[] reads = [.. children.Select(child => child.Stdout.ReadAsync(new byte[10]).AsTask())];
        Assert.All(reads, read => Assert.False(read.IsCompleted));
        Assert.InRange(ThreadPool.ThreadCount, 0, before + 20);
        foreach (Child child in children)
        {
            await child.Stdin.WriteAsync("x"u8.ToArray());
        }

        Assert.All(await Task.WhenAll(reads), count => Assert.Equal(1, count));
        foreach (Child child in children)
        {
            child.Stdin.Dispose();
            Assert.Equal(0, (await child.WaitAsync()).ExitStatus);
            child.Dispose();
        }
    }

    [Fact]
    public async Task A_read_that_is_cancelled_loses_nothing()
    {
        using Child child = Cat.Start();
        using CancellationTokenSource cancel = new(Commands.Short);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => child.Stdout.ReadAsync(new byte[10], cancel.Token).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => child.Stdout.ReadAsync(new byte[10], new CancellationToken(canceled: true)).AsTask());
        child.Stdin.Write("abc"u8);
        byte[] buffer = new byte[10];
        Assert.Equal(3, await child.Stdout.ReadAsync(buffer));
        Assert.Equal("abc"u8, buffer.AsSpan(0, 3));
        child.Stdin.Dispose();
        child.Wait();
    }

    [Fact]
    public async Task A_write_waits_until_there_is_room_and_can_be_cancelled()
    {
        using Child child = Commands.Sleeper.WithStdin(Stdio.Pipe).Start();
        using CancellationTokenSource cancel = new(Commands.Short);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => child.Stdin.WriteAsync(new byte[10_000_000], cancel.Token).AsTask());
        child.Kill();
        child.Wait();
        Assert.Equal(Errno.EPIPE, (await Assert.ThrowsAsync<OsException>(() => child.Stdin.WriteAsync(new byte[1]).AsTask())).Errno);
        Assert.Equal(Errno.EPIPE, Assert.Throws<OsException>(() => child.Stdin.Write(new byte[1])).Errno);
    }

    [Fact]
    public async Task Two_reads_at_once_are_refused()
    {
        using Child child = Cat.Start();
        ValueTask<int> read = child.Stdout.ReadAsync(new byte[10]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => child.Stdout.ReadAsync(new byte[10]).AsTask());
        child.Stdin.Dispose();
        Assert.Equal(0, await read);
        child.Wait();
    }

    [Fact]
    public async Task A_pipe_has_one_direction_and_no_position()
    {
        using Child child = Cat.Start();
        Assert.Equal((false, true, false), (child.Stdin.CanRead, child.Stdin.CanWrite, child.Stdin.CanSeek));
        Assert.Equal((true, false, false), (child.Stdout.CanRead, child.Stdout.CanWrite, child.Stdout.CanSeek));
        Assert.Throws<NotSupportedException>(() => child.Stdin.Read(new byte[1]));
        Assert.Throws<NotSupportedException>(() => child.Stdout.Write(new byte[1]));
        await Assert.ThrowsAsync<NotSupportedException>(() => child.Stdin.ReadAsync(new byte[1]).AsTask());
        Assert.Throws<NotSupportedException>(() => child.Stdout.Position);
        Assert.Throws<NotSupportedException>(() => child.Stdout.Length);
        Assert.Throws<NotSupportedException>(() => child.Stdout.Seek(0, SeekOrigin.Begin));
        child.Stdin.Dispose();
        child.Wait();
    }

    [Fact]
    public async Task A_pipe_that_is_disposed_can_not_be_used()
    {
        using Child child = Cat.Start();
        Stream stdin = child.Stdin, stdout = child.Stdout;
        Task<int> read = stdout.ReadAsync(new byte[1]).AsTask();
        child.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read);
        Assert.Throws<ObjectDisposedException>(() => stdout.Read(new byte[1]));
        Assert.Throws<ObjectDisposedException>(() => stdin.Write(new byte[1]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stdin.WriteAsync(new byte[1]).AsTask());
        Assert.Equal((false, false), (stdin.CanWrite, stdout.CanRead));
        stdin.Dispose();
        child.Wait();
    }

    [Fact]
    public async Task Streams_of_this_program_are_copied_in_the_background()
    {
        byte[] bytes = new byte[1_000_000];
        new Random(4).NextBytes(bytes);
        using MemoryStream input = new(bytes), output = new(), error = new();
        Command copy = Commands.Script("cat; echo error >&2").WithStdout(Stdio.Stream(output)).WithStderr(Stdio.Stream(error));
        using (Child child = copy.WithStdin(Stdio.Stream(input)).Start())
        {
            Assert.Equal(0, child.Wait(TimeSpan.FromMinutes(1))?.ExitStatus);
        }

        using (Child child = copy.WithInput(bytes).Start())
        {
            Assert.Equal(0, (await child.WaitAsync(TimeSpan.FromMinutes(1)))?.ExitStatus);
            Assert.False(child.OutputAbandoned);
        }

        Assert.True(output.ToArray().AsSpan().SequenceEqual([.. bytes, .. bytes]));
        Assert.Equal("error\nerror\n", Encoding.UTF8.GetString(error.ToArray()));
    }

    [Fact]
    public async Task A_wait_for_the_copies_ends_by_its_time_and_its_token_too()
    {
        using BlockedStream input = new();
        using MemoryStream output = new();
        using Child child = Commands.Script($"echo x; exec sleep {Commands.Long}").WithStdin(Stdio.Stream(input)).WithStdout(Stdio.Stream(output)).Start();
        Assert.Null(child.Wait(Commands.Short));
        Assert.Null(await child.WaitAsync(Commands.Short));
        using CancellationTokenSource cancel = new(Commands.Short);
        Assert.ThrowsAny<OperationCanceledException>(() => child.Wait(cancel.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => child.WaitAsync(cancel.Token));
        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => child.Wait(TimeSpan.FromSeconds(-2)));
        Spawned.Await(() => output.Length == 2, "The output was not copied while the child runs.");
        Assert.Equal(Signal.SIGTERM, child.Terminate().TermSignal);
        Assert.Equal(Signal.SIGTERM, (await child.TerminateAsync()).TermSignal);
        Assert.Equal(ChildEnding.OnSignal, child.Ending);
    }

    [Fact]
    public async Task A_stream_that_fails_in_the_background_is_told_at_the_wait()
    {
        using BrokenStream broken = new();
        using Child child = Command.Of("yes").WithStdout(Stdio.Stream(broken)).Start();
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidDataException>(() => child.WaitAsync())).Message);
        Assert.Throws<InvalidDataException>(() => child.Wait());
        Assert.Throws<InvalidDataException>(() => child.Wait(TimeSpan.FromMinutes(1)));
        Assert.Equal(Signal.SIGTERM, child.Poll()?.TermSignal);
    }

    [Fact]
    public void What_is_left_behind_with_a_stream_is_waited_for_no_longer_than_said()
    {
        using MemoryStream output = new();
        using Child child = Commands.Script($"sleep {Commands.Long} & echo $!").WithStdout(Stdio.Stream(output)).WithDrainTime(Commands.Short).Start();
        Assert.Equal(0, child.Wait().ExitStatus);
        Assert.True(child.OutputAbandoned);
        Commands.Kill(OsText.Decode(output.ToArray()));
    }

    [Fact]
    public void A_start_that_fails_leaves_no_pipe_behind()
    {
        HashSet<string> before = [.. Pipes()];
        for (int i = 0; i < 20; i++)
        {
            Assert.Throws<OsException>(() => Command.Of("/no/such").WithStdin(Stdio.Pipe).WithStdout(Stdio.Pipe).WithStderr(Stdio.Pipe).Start());
        }

        // Those of other tests come and go.
        Spawned.Await(() => Pipes().Count(pipe => !before.Contains(pipe)) < 20, "Pipes were left open.");
    }

    private static IEnumerable<string> Pipes() => Spawned.Descriptors().Where(descriptor => descriptor.Contains("pipe:"));

    private static async Task<WaitStatus> Waited(Task<WaitStatus?> wait) => (await wait)!.Value;

    private static string ReadLine(Stream stream)
    {
        List<byte> line = [];
        while (line is not [.., (byte)'\n'] && stream.ReadByte() is >= 0 and int value)
        {
            line.Add((byte)value);
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    // In a method of its own, so that nothing here keeps it alive.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static int Lose() => Commands.Script("sleep 0.1").Start().Pid;
}
