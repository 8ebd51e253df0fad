using System.Diagnostics;
using Gannet.Interop;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

[Collection(Spawned.Collection)]
public sealed class WaitTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<string> _before;

    public WaitTests()
    {
        // What a test before has left would be "any child" here.
        Os.WaitAll(s_patience);
        _before = Spawned.Descriptors();
    }

    public void Dispose()
    {
        Assert.Empty(Os.WaitAll(s_patience));
        Assert.DoesNotContain(Spawned.Descriptors().Except(_before), name => name.Contains("pidfd", StringComparison.Ordinal));
    }

    [Fact, Trait("S", "S310")]
    public void An_ended_child_stays_in_the_process_table_until_it_is_waited_for()
    {
        int pid = Exits(0);
        Assert.True(SpinWait.SpinUntil(() => StateOf(pid) is 'Z', s_patience));
        Os.WaitPid(pid);
        Assert.Null(StateOf(pid));
    }

    [Fact, Trait("S", "S311"), Trait("S", "S312"), Trait("S", "S331")]
    public void Wait_gives_a_child_and_its_status()
    {
        int pid = Exits(7);
        Assert.Equal((pid, new WaitStatus(1792)), Os.Wait());
    }

    [Fact, Trait("S", "S313"), Trait("S", "S314")]
    public void Wait_returns_after_the_first_child_not_after_all()
    {
        using Child lasting = Lasting();
        int pid = Exits(1);
        Assert.Equal(pid, Os.Wait().Pid);
        lasting.Terminate();
    }

    [Fact, Trait("S", "S315")]
    public void Each_wait_tells_one_child_and_the_last_is_followed_by_ECHILD()
    {
        HashSet<int> pids = [Exits(1), Exits(2), Exits(3)];
        HashSet<int> told = [Os.Wait().Pid, Os.Wait().Pid, Os.Wait().Pid];
        Assert.Equal(pids, told);
        OsException error = Assert.Throws<OsException>(() => Os.Wait());
        Assert.Equal((Errno.ECHILD, "wait: No child processes (ECHILD)"), (error.Errno, error.Message));
    }

    [Fact, Trait("S", "S316")]
    public void WaitPid_waits_for_the_child_that_is_named_though_another_ended_first()
    {
        int first = Exits(1);
        Assert.True(SpinWait.SpinUntil(() => StateOf(first) is 'Z', s_patience));
        int second = Exits(2);
        Assert.Equal((second, new WaitStatus(0x200)), Os.WaitPid(second));
        Assert.Equal((first, new WaitStatus(0x100)), Os.WaitPid(first));
    }

    [Fact, Trait("S", "S317")]
    public void The_caller_is_blocked_until_the_child_has_ended()
    {
        long start = Stopwatch.GetTimestamp();
        Os.WaitPid(Start("sleep 0.3"));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(0.2), s_patience);
    }

    [Fact, Trait("S", "S318")]
    public void Minus_one_means_any_child()
    {
        int pid = Exits(4);
        Assert.Equal((pid, new WaitStatus(0x400)), Os.WaitPid(-1));
    }

    [Fact, Trait("S", "S319"), Trait("S", "S320"), Trait("S", "S335")]
    public void WNOHANG_gives_zeros_then_the_status_once_then_ECHILD()
    {
        using Child child = Command.Of("sh", "-c", "read x; exit 6").WithStdin(Stdio.Pipe).Start();
        Assert.Equal((0, default(WaitStatus)), Os.WaitPid(child.Pid, WaitOptions.WNOHANG));
        child.Stdin.Dispose();
        (int Pid, WaitStatus Status) found = default;
        Assert.True(SpinWait.SpinUntil(() => (found = Os.WaitPid(child.Pid, WaitOptions.WNOHANG)).Pid != 0, s_patience));
        Assert.Equal((child.Pid, new WaitStatus(1536)), found);
        AssertNoChild(() => Os.WaitPid(child.Pid, WaitOptions.WNOHANG));
    }

    [Fact, Trait("S", "S321")]
    public void Zero_means_a_child_of_the_own_group_and_a_negative_number_one_of_that_group()
    {
        using Child other = Command.Of("sh", "-c", "exit 2").WithProcessGroup().Start();
        int own = Exits(1);
        Assert.Equal((own, new WaitStatus(0x100)), Os.WaitPid(0));
        AssertNoChild(() => Os.WaitPid(0));
        Assert.Equal((other.Pid, new WaitStatus(0x200)), Os.WaitPid(-other.Pid));
        AssertNoChild(() => Os.WaitPid(-other.Pid));
    }

    [Fact, Trait("S", "S322")]
    public void A_process_that_is_no_child_is_ECHILD_and_unknown_options_are_EINVAL()
    {
        AssertNoChild(() => Os.WaitPid(1));
        AssertNoChild(() => Os.WaitPid(int.MaxValue));
        AssertNoChild(() => Os.WaitPid(int.MinValue + 1));
        Assert.Equal(Errno.EINVAL, Assert.Throws<OsException>(() => Os.WaitPid(-1, (WaitOptions)0x40)).Errno);
    }

    [Fact, Trait("S", "S322")]
    public void Wait3_and_wait4_tell_what_the_child_has_used()
    {
        const string Work = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 3";
        int pid = Start(Work);
        (int waited, WaitStatus status) = Os.Wait3();
        Assert.Equal((pid, new WaitStatus(0x300)), (waited, status));
        pid = Start(Work);
        (waited, status, ResourceUsage usage) = Os.Wait4(pid);
        Assert.Equal((pid, new WaitStatus(0x300)), (waited, status));
        Assert.InRange(usage.UserTime + usage.SystemTime, TimeSpan.FromMilliseconds(1), s_patience);
        Assert.InRange(usage.MinorFaults, 1, long.MaxValue);
    }

    [Fact, Trait("S", "S324"), Trait("S", "S325"), Trait("S", "S326")]
    public void A_server_loop_reaps_all_its_children_by_their_numbers()
    {
        List<int> children = [Exits(0), Exits(0), Exits(0)];
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                children.RemoveAll(pid => Os.WaitPid(pid, WaitOptions.WNOHANG).Pid == pid);
                return children.Count == 0;
            },
            s_patience));
        Assert.Empty(Spawned.Zombies());
    }

    [Fact, Trait("S", "S328"), Trait("S", "S329")]
    public void A_loop_without_waiting_finds_all_children_that_ended_together()
    {
        const int Count = 10;
        List<int> pids = [.. Enumerable.Range(0, Count).Select(_ => Exits(0))];
        Assert.True(SpinWait.SpinUntil(() => pids.TrueForAll(pid => StateOf(pid) is 'Z'), s_patience));
        int told = 0;
        while (told < Count && Os.WaitPid(-1, WaitOptions.WNOHANG).Pid != 0)
        {
            told++;
        }

        Assert.Equal(Count, told);
        AssertNoChild(() => Os.WaitPid(-1, WaitOptions.WNOHANG));
    }

    [Fact, Trait("S", "S345")]
    public void A_stop_and_its_end_are_told_only_to_who_asks()
    {
        using Child child = Lasting();
        child.SendSignal(Signal.SIGSTOP);
        Assert.True(SpinWait.SpinUntil(() => StateOf(child.Pid) is 'T', s_patience));
        Assert.Equal(0, Os.WaitPid(child.Pid, WaitOptions.WNOHANG).Pid);
        Assert.Equal((child.Pid, new WaitStatus(0x137f)), Os.WaitPid(child.Pid, WaitOptions.WUNTRACED));
        Assert.Equal(0, Os.WaitPid(child.Pid, WaitOptions.WUNTRACED | WaitOptions.WNOHANG).Pid);

        child.SendSignal(Signal.SIGCONT);
        Assert.Equal((child.Pid, new WaitStatus(0xffff)), Os.WaitPid(-1, WaitOptions.WCONTINUED));
        child.Kill();
        Assert.Equal((child.Pid, new WaitStatus(9)), Os.WaitPid(-1, WaitOptions.WUNTRACED | WaitOptions.WCONTINUED));
    }

    [Fact, Trait("S", "S346"), Trait("S", "S347")]
    public void A_loop_until_death_by_signal_ends_at_any_end()
    {
        using Child child = Lasting();
        child.SendSignal(Signal.SIGTERM);
        WaitStatus status = Os.WaitPid(child.Pid).Status;
        Assert.Equal((true, Signal.SIGTERM, false, false), (status.Signaled, status.TermSignal, status.Exited, status.Stopped));

        int pid = Exits(0);
        Assert.True(Os.WaitPid(pid).Status.Exited);
        AssertNoChild(() => Os.WaitPid(pid));
    }

    [Fact]
    public void A_time_that_is_over_is_null_and_loses_nothing()
    {
        using Child child = Command.Of("sh", "-c", "read x; exit 5").WithStdin(Stdio.Pipe).Start();
        Assert.Null(Os.WaitPid(child.Pid, TimeSpan.Zero));
        Assert.Null(Os.WaitPid(-1, s_moment));
        Assert.Null(Os.WaitAny([child.Pid], s_moment));
        Assert.Empty(Os.WaitAll(s_moment));
        child.Stdin.Dispose();
        Assert.Equal((child.Pid, new WaitStatus(0x500)), Os.WaitPid(child.Pid, TimeSpan.MaxValue));
    }

    [Fact]
    public void A_negative_time_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Os.WaitPid(-1, TimeSpan.FromSeconds(-5)));

    [Fact]
    public void A_cancelled_wait_leaves_the_child_to_the_next_one()
    {
        using Child child = Lasting();
        using CancellationTokenSource cancellation = new(s_moment);
        Assert.ThrowsAny<OperationCanceledException>(() => Os.Wait(cancellation.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Os.WaitPid(child.Pid, cancellationToken: cancellation.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Os.WaitAll(cancellationToken: cancellation.Token));
        child.Kill();
        Assert.Equal((child.Pid, new WaitStatus(9)), Os.Wait());
    }

    [Fact]
    public async Task A_wait_for_any_hears_of_a_child_that_is_started_meanwhile()
    {
        using Child lasting = Lasting();
        Task<(int Pid, WaitStatus Status)> wait = Task.Run(() => Os.Wait());
        await Task.Delay(s_moment);
        Assert.False(wait.IsCompleted);
        int pid = Exits(8);
        Assert.Equal((pid, new WaitStatus(0x800)), await wait.WaitAsync(s_patience));
        lasting.Terminate();
    }

    [Fact]
    public async Task All_who_wait_for_a_child_learn_its_status_whoever_reaped_it()
    {
        using Child child = Lasting();
        Task<WaitStatus> asynchronous = child.WaitAsync();
        Task<Errno> any = Task.Run(WaitForAny);
        Task<WaitStatus> synchronous = Task.Run(() => child.Wait());
        await Task.Delay(s_moment);
        child.SendSignal(Signal.SIGTERM);
        Assert.Equal(new WaitStatus(15), await asynchronous.WaitAsync(s_patience));
        Assert.Equal(new WaitStatus(15), await synchronous.WaitAsync(s_patience));
        await any.WaitAsync(s_patience);
    }

    [Fact]
    public void WaitAny_looks_at_the_named_children_only()
    {
        int first = Exits(1);
        using Child lasting = Lasting();
        int third = Exits(3);
        Assert.Equal((third, new WaitStatus(0x300)), Os.WaitAny([lasting.Pid, third]));
        AssertNoChild(() => Os.WaitAny([third]));
        AssertNoChild(() => Os.WaitAny([]));
        lasting.Kill();
        Assert.Equal((lasting.Pid, new WaitStatus(9)), Os.WaitAny([lasting.Pid]));
        Assert.Equal(first, Os.Wait().Pid);
    }

    [Fact, Trait("S", "S314")]
    public void WaitAll_waits_for_every_child()
    {
        HashSet<int> pids = [Start("sleep 0.2; exit 1"), Exits(2), Exits(3)];
        Assert.Equal(pids, [.. Os.WaitAll().Select(child => child.Pid)]);
        Assert.Empty(Os.WaitAll());
    }

    [Fact]
    public async Task The_child_of_a_run_is_nobody_elses_to_wait_for()
    {
        Task<CommandResult> run = Command.Of("sleep", "0.2").RunAsync();
        AssertNoChild(() => Os.Wait());
        Assert.True((await run.WaitAsync(s_patience)).Succeeded);
    }

    [Fact]
    public void A_child_that_somebody_else_started_is_waited_for_when_it_is_named()
    {
        // Started, and not entered among Gannet's children.
        SpawnedChild foreign = Spawner.Start(Spawned.Script("exit 9"));
        foreign.PidFd?.Dispose();
        AssertNoChild(() => Os.Wait());
        Assert.Equal((foreign.Pid, new WaitStatus(0x900)), Os.WaitPid(foreign.Pid));
        AssertNoChild(() => Os.WaitPid(foreign.Pid));
    }

    [Fact, Trait("S", "S323")]
    public void A_signal_does_not_end_a_wait() => AssertScenario("Waits.GoesOnAfterSignals", "exit 4\n");

    [Fact, Trait("S", "S330")]
    public void A_program_that_ignores_SIGCHLD_has_no_children_to_wait_for() =>
        AssertScenario(
        "Waits.IgnoresChildSignal", $"ECHILD\nECHILD\n{(Environment.OSVersion.Version >= new Version(6, 15) ? "exit 3" : "ECHILD")}\n");

    [Fact]
    public void A_program_that_was_started_with_SIGCHLD_ignored_has()
    {
        CapturedText started = Command.Of(ChildProgram.Executable, "Waits.ForAChildOfEachKind").WithIgnoredSignals(Signal.SIGCHLD).Capture(s_patience);
        Assert.Equal(("exit 3\nexit 3\nexit 3\n3\n", "", "exit 0"), (started.Output, started.Error, started.Status.ToString()));
    }

    [Fact]
    public void Orphans_are_reaped_beside_the_children_of_Process() => AssertScenario("Waits.ReapsOrphans", "adopted\nreaped\n3\nexit 5\n");

    [NamespaceFact]
    public void The_init_process_of_a_container_waits_for_its_own_and_reaps_orphans()
    {
        CapturedText init = Command.Of("unshare", "-p", "-f", "--mount-proc", ChildProgram.Executable, "Waits.ReapsOrphans").Capture(s_patience);
        Assert.Equal(("adopted\nreaped\n3\nexit 5\n", "", "exit 0"), (init.Output, init.Error, init.Status.ToString()));
    }

    [NamespaceFact("6.15")]
    public void The_init_process_of_a_container_learns_the_status_although_Process_reaps_all()
    {
        CapturedText init = Command.Of("unshare", "-p", "-f", "--mount-proc", ChildProgram.Executable, "Waits.ForAChildOfEachKind").Capture(s_patience);
        Assert.Equal(("exit 3\nexit 3\nexit 3\n3\n", "", "exit 0"), (init.Output, init.Error, init.Status.ToString()));
    }

    private static void AssertScenario(string scenario, string output)
    {
        using TestProcess run = ChildProgram.Run(scenario);
        Assert.Equal((output, "", 0), (run.Stdout, run.Stderr, run.ExitCode));
    }

    private static void AssertNoChild(Action wait) => Assert.Equal(Errno.ECHILD, Assert.Throws<OsException>(wait).Errno);

    // Who asks for any may find that the only child has been told already.
    private static Errno WaitForAny()
    {
        try
        {
            Assert.Equal(new WaitStatus(15), Os.Wait().Status);
            return Errno.None;
        }
        catch (OsException error) when (error.Errno is Errno.ECHILD)
        {
            return error.Errno;
        }
    }

    private static int Exits(int status) => Start($"exit {status}");

    private static int Start(string script) => ChildRecord.Start(Spawned.Script(script)).Pid;

    private static Child Lasting() => Command.Of("sleep", "100").Start();

    private static char? StateOf(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
