using System.Globalization;
using Gannet.Testing;
using Gannet.Tests.Processes;

namespace Gannet.Tests;

/// <summary>Signals to other processes, and what these do by default.</summary>
[Collection(Spawned.Collection)]
public class SignalSendingTests
{
    private const int NoSuchProcess = (1 << 22) + 1;

    [Fact, Trait("S", "S378")]
    public void Signal_0_only_asks_whether_the_process_is_there()
    {
        Os.Kill(Environment.ProcessId, Signal.None);
        Signals.Queue(Environment.ProcessId, Signal.None);
    }

    [Fact, Trait("S", "S382")]
    public void A_missing_process_and_a_bad_number_are_the_systems_errors()
    {
        Assert.Equal(Errno.ESRCH, Assert.Throws<OsException>(() => Os.Kill(NoSuchProcess, Signal.None)).Errno);
        Assert.Equal(Errno.ESRCH, Assert.Throws<OsException>(() => Os.KillPg(NoSuchProcess, Signal.None)).Errno);
        Assert.Equal(Errno.ESRCH, Assert.Throws<OsException>(() => Signals.Queue(NoSuchProcess, Signal.None)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<OsException>(() => Os.Kill(Environment.ProcessId, (Signal)9999)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<OsException>(() => Os.Kill(Environment.ProcessId, (Signal)(-1))).Errno);
        OsException error = Assert.Throws<OsException>(() => Os.Kill(NoSuchProcess, Signal.SIGTERM));
        Assert.Equal(("kill", $"{NoSuchProcess}"), (error.Operation, error.Path));
        Assert.Throws<ArgumentOutOfRangeException>(() => Signals.Raise((Signal)65));
    }

    [RootFact, Trait("S", "S382")]
    public void Another_users_process_is_refused()
    {
        using TestProcess child = ChildProgram.Run("SignalSends.AsNobody", $"{Environment.ProcessId}");
        Assert.Equal((0, "kill EPERM\nkill EPERM\nsigqueue EPERM\n"), (child.ExitCode, child.Stdout));
    }

    [Fact, Trait("S", "S383")]
    public void A_group_is_signalled_by_0_by_its_negative_number_and_by_killpg()
    {
        using TestProcess child = TestProcess.Run("/usr/bin/setsid", [ChildProgram.Executable, "SignalSends.ToItsGroup"]);
        Assert.Equal((0, "4\n"), (child.ExitCode, child.Stdout));
    }

    [Fact, Trait("S", "S384")]
    public void A_child_can_signal_its_parent()
    {
        using TestProcess child = ChildProgram.Run("SignalSends.FromAChild");
        Assert.Equal((0, "True\n"), (child.ExitCode, child.Stdout));
    }

    [Fact]
    public void Queued_values_arrive_in_their_order()
    {
        using TestProcess child = ChildProgram.Run("SignalSends.Queued");
        Assert.Equal((0, "True True\n"), (child.ExitCode, child.Stdout));
    }

    [Fact, Trait("S", "S412")]
    public void A_started_program_ignores_neither_SIGPIPE_nor_a_handled_signal_and_has_none_blocked()
    {
        using TestProcess child = ChildProgram.Run("SignalSends.ChildOfAHandler");
        Assert.Equal(0, child.ExitCode);
        string[] lines = child.Stdout.Split('\n');
        Assert.Equal("SigBlk:\t0000000000000000", lines[0]);
        // Of the standard signals: what stands on the C library's own is inherited from whoever started the tests.
        Assert.Equal(1ul << ((int)Signal.SIGUSR2 - 1), ulong.Parse(lines[1].Split('\t')[1], NumberStyles.HexNumber, null) & 0x7FFF_FFFF);
    }

    [Theory, Trait("S", "S375"), Trait("S", "S352")]
    [InlineData(6), Trait("S", "S356")]
    [InlineData(14), Trait("S", "S357")]
    [InlineData(8), Trait("S", "S358")]
    [InlineData(1), Trait("S", "S359")]
    [InlineData(4), Trait("S", "S360")]
    [InlineData(2), Trait("S", "S361")]
    [InlineData(9), Trait("S", "S362")]
    [InlineData(13), Trait("S", "S363")]
    [InlineData(3), Trait("S", "S364")]
    [InlineData(11), Trait("S", "S365")]
    [InlineData(15), Trait("S", "S366")]
    [InlineData(10), Trait("S", "S367")]
    [InlineData(12), Trait("S", "S368")]
    public void By_default_it_ends_a_program(int signal)
    {
        SpawnedChild child = Sleeper();
        Os.Kill(child.Pid, (Signal)signal);
        using Microsoft.Win32.SafeHandles.SafeFileHandle? pidFd = child.PidFd;
        Assert.Equal((Signal)signal, (Signal?)ChildWait.ForEnd(child).Status.TermSignal);
    }

    [Theory]
    [InlineData(19), Trait("S", "S371")]
    [InlineData(20), Trait("S", "S372")]
    [InlineData(21), Trait("S", "S373")]
    [InlineData(22), Trait("S", "S374")]
    public void By_default_it_stops_a_program_which_SIGCONT_lets_go_on(int signal)
    {
        SpawnedChild child = Sleeper();
        Os.Kill(child.Pid, (Signal)signal);
        AwaitState(child.Pid, 'T');
        Os.Kill(child.Pid, Signal.SIGCONT);
        AwaitState(child.Pid, 'S');
        Kill(child);
    }

    [Theory]
    [InlineData(17), Trait("S", "S369")]
    [InlineData(18), Trait("S", "S370")]
    public void By_default_it_does_nothing_to_a_program(int signal)
    {
        SpawnedChild child = Sleeper();
        Os.Kill(child.Pid, (Signal)signal);
        Thread.Sleep(50);
        AwaitState(child.Pid, 'S');
        Kill(child);
    }

    // In a group of its own that is not orphaned, so that the terminal's stop signals take effect; without core dumps.
    private static SpawnedChild Sleeper()
    {
        SpawnedChild child = Spawner.Start(new SpawnRequest
        {
            Program = Spawned.Shell,
            Arguments = [Spawned.Shell, "-c", "ulimit -c 0; exec sleep 30"],
            ProcessGroup = 0,
        });
        SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{child.Pid}/comm") is "sleep\n");
        AwaitState(child.Pid, 'S');
        return child;
    }

    private static void Kill(SpawnedChild child)
    {
        Os.Kill(child.Pid, Signal.SIGKILL);
        using Microsoft.Win32.SafeHandles.SafeFileHandle? pidFd = child.PidFd;
        ChildWait.ForEnd(child);
    }

    private static void AwaitState(int pid, char state) => Assert.True(
        SpinWait.SpinUntil(
            () =>
            {
                string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
                return stat[stat.LastIndexOf(')') + 2] == state;
            },
            TimeSpan.FromSeconds(20)));
}
