using System.Globalization;
using Gannet.Interop;
using Gannet.Testing;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Processes;

/// <summary>What the kernel knows of a child: mask, limits, group, session, terminal, user, signals.</summary>
[Collection(Spawned.Collection)]
public sealed class CommandProcessTests : ChildrenTest
{
    private const uint Nobody = 65534;

    [Fact]
    public void Mask_nice_value_and_limits_are_as_said()
    {
        Command show = Commands.Script("umask; nice; ulimit -S -n; ulimit -H -n; ulimit -c")
            .WithUmask(UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute)
            .WithNice(7)
            .WithLimit(ResourceLimit.RLIMIT_NOFILE, 500, 1000)
            .WithLimit(ResourceLimit.RLIMIT_CORE, 0);
        Assert.Equal("0027\n7\n500\n1000\n0\n", show.Capture().Output);
        Assert.Equal("0027\n9\n40\n40\n0\n", show.WithNice(9).WithLimit(ResourceLimit.RLIMIT_NOFILE, 40).Capture().Output);
        Assert.Equal("0000\n", Commands.Script("umask").WithUmask(UnixFileMode.None).Capture().Output);
    }

    [Fact]
    public void A_limit_that_the_program_hits_ends_it() =>
        Assert.Equal(Signal.SIGXFSZ, Command.Of("/bin/dd", "if=/dev/zero", $"of={At("large")}", "bs=1000", "count=10")
            .WithLimit(ResourceLimit.RLIMIT_FSIZE, 1000).WithStderr(Stdio.Null).Run().Status.TermSignal);

    [Fact]
    public void A_limit_of_descriptors_hinders_neither_pipes_nor_mappings()
    {
        using SafeFileHandle source = File.OpenHandle("/dev/null");
        Assert.Equal("4\n", Commands.Script("ulimit -n").WithDescriptor(source, 90).WithLimit(ResourceLimit.RLIMIT_NOFILE, 4).Capture().Output);
    }

    [Fact]
    public void A_child_is_in_this_programs_group_and_session_unless_said_otherwise()
    {
        string[] ours = Fields(File.ReadAllText("/proc/self/stat"));
        string[] childs = Fields(Commands.Show("stat").Capture().Output);
        Assert.Equal((ours[4], ours[5]), (childs[4], childs[5]));
    }

    [Fact]
    public void A_group_of_its_own_has_its_number()
    {
        string[] ours = Fields(File.ReadAllText("/proc/self/stat"));
        string[] stat = Fields(Commands.Show("stat").WithProcessGroup().Capture().Output);
        Assert.Equal((stat[0], ours[5]), (stat[4], stat[5]));
        stat = Fields(Commands.Show("stat").WithTermination(Signal.SIGTERM, TimeSpan.Zero, wholeGroup: true).Capture().Output);
        Assert.Equal(stat[0], stat[4]);
    }

    [Fact]
    public void A_group_can_be_joined()
    {
        using Child leader = Commands.Sleeper.WithProcessGroup().Start();
        Assert.Equal($"{leader.Pid}", Fields(Commands.Show("stat").WithProcessGroup(leader.Pid).Capture().Output)[4]);
        leader.Kill();
        leader.Wait();
        OsException error = Assert.Throws<OsException>(() => Command.Of("/bin/true").WithProcessGroup(leader.Pid).Run());
        Assert.Equal((Errno.EPERM, "setpgid"), (error.Errno, error.Operation));
    }

    [Fact]
    public void A_session_of_its_own_has_no_terminal()
    {
        string[] stat = Fields(Commands.Show("stat").WithNewSession().Capture().Output);
        Assert.Equal((stat[0], stat[0], "0"), (stat[4], stat[5], stat[6]));
        stat = Fields(Commands.Show("stat").WithNewSession().WithTermination(Signal.SIGTERM, TimeSpan.Zero, wholeGroup: true).Capture().Output);
        Assert.Equal((stat[0], stat[0]), (stat[4], stat[5]));
    }

    [Fact]
    public void A_terminal_interrupts_the_child_that_it_controls()
    {
        using TestTerminal terminal = new();
        using SafeFileHandle handle = new(terminal.Child, ownsHandle: false);
        using Child child = Commands.Script($"cat /proc/$$/stat > \"$0\"; exec sleep {Commands.Long}", At("stat"))
            // A runner that was started in the background of a shell ignores it.
            .WithDefaultSignals(Signal.SIGINT)
            .WithStdin(Stdio.Handle(handle)).WithControllingTerminal().WithForeground().Start();
        string[] stat = Fields(AwaitLine("stat"));
        Assert.Equal(($"{child.Pid}", $"{child.Pid}", $"{child.Pid}"), (stat[4], stat[5], stat[7]));
        Assert.NotEqual("0", stat[6]);
        // Ctrl-C
        terminal.Type("\u0003");
        Assert.Equal(Signal.SIGINT, child.Wait().TermSignal);
    }

    [Fact]
    public void The_terminal_may_be_any_descriptor_of_the_child()
    {
        using TestTerminal terminal = new();
        using SafeFileHandle handle = new(terminal.Child, ownsHandle: false);
        string[] stat = Fields(Commands.Show("stat").WithDescriptor(handle, 8).WithControllingTerminal(8).Capture().Output);
        Assert.NotEqual("0", stat[6]);
    }

    [Fact]
    public void What_is_no_terminal_can_not_control()
    {
        OsException error = Assert.Throws<OsException>(() => Command.Of("/bin/true").WithStdin(Stdio.Null).WithControllingTerminal().Run());
        Assert.Equal((Errno.ENOTTY, "ioctl(TIOCSCTTY)"), (error.Errno, error.Operation));
        error = Assert.Throws<OsException>(() => Command.Of("/bin/true").WithStdin(Stdio.Null).WithForeground().Run());
        Assert.Equal((Errno.ENOTTY, "tcsetpgrp"), (error.Errno, error.Operation));
        error = Assert.Throws<OsException>(() => Command.Of("/bin/true").WithControllingTerminal(77).Run());
        Assert.Equal((Errno.EBADF, "ioctl(TIOCSCTTY)"), (error.Errno, error.Operation));
    }

    [Fact]
    public void A_program_gains_no_privileges_when_it_must_not() =>
        Assert.Contains("\nNoNewPrivs:\t1\n", Commands.Show("status").WithNoNewPrivileges().Capture().Output);

    [Fact]
    public void Signals_are_at_their_default_unless_said_otherwise()
    {
        string status = Commands.Show("status").Capture().Output;
        Assert.Equal((false, false), (Has(status, "SigIgn", Signal.SIGPIPE), Has(status, "SigIgn", Signal.SIGTERM)));
        Assert.Contains("SigBlk:\t0000000000000000\n", status);
        Assert.Contains("SigCgt:\t0000000000000000\n", status);
    }

    [Fact]
    public void A_child_that_writes_to_nobody_dies_of_it_unless_it_ignores_that()
    {
        Command yes = Commands.Script("exec 2>/dev/null; yes | head -n 1 >/dev/null; exit 0");
        Assert.True(yes.Run().Succeeded);
        (SafeFileHandle reader, SafeFileHandle writer) = Libc.Pipe();
        reader.Dispose();
        using (writer)
        {
            Command write = Command.Of("/bin/cat").WithInput("x").WithStderr(Stdio.Null).WithStdout(Stdio.Handle(writer));
            Assert.Equal(Signal.SIGPIPE, write.Run().Status.TermSignal);
            Assert.Equal(1, write.WithIgnoredSignals(Signal.SIGPIPE).Run().Status.ExitStatus);
        }
    }

    [Fact]
    public void Signals_are_ignored_and_blocked_as_said()
    {
        string status = Commands.Show("status").WithIgnoredSignals(Signal.SIGHUP, Signal.SIGPIPE).WithBlockedSignals(Signal.SIGUSR1, Signal.SIGTERM).Capture().Output;
        Assert.Equal((true, true, false), (Has(status, "SigIgn", Signal.SIGHUP), Has(status, "SigIgn", Signal.SIGPIPE), Has(status, "SigIgn", Signal.SIGUSR1)));
        Assert.Contains("SigBlk:\t0000000000004200\n", status);
        Assert.False(Has(Commands.Show("status").WithDefaultSignals(Signal.SIGHUP).Capture().Output, "SigIgn", Signal.SIGHUP));
    }

    [Fact]
    public void A_child_dies_with_its_parent_but_not_with_the_thread_that_started_it()
    {
        using TestProcess parent = ChildProgram.Start("Commanding.WithDeathSignal");
        parent.WaitForOutput(".\n");
        string pid = parent.Stdout.Split(' ', '.')[1];
        Assert.True(Commands.IsAlive(pid));
        parent.Kill((int)Signal.SIGKILL);
        parent.Wait();
        Spawned.Await(() => !Commands.IsAlive(pid), "The child has outlived its parent.");
    }

    [RootFact]
    public void A_user_is_named_with_all_his_groups()
    {
        Assert.Equal(
            Command.Of("id", "nobody").Capture().Output, Command.Of("id").WithUser("nobody").Capture().EnsureSuccess().Output);
        Assert.Throws<KeyNotFoundException>(() => Command.Of("id").WithUser("no-such-user"));
    }

    [RootFact]
    public void A_child_runs_as_another_user()
    {
        Command id = Commands.Script("echo $(id -u; id -g; id -G); grep -E '^(Uid|Gid)' /proc/self/status");
        Assert.Equal("1234 2345 2345 11 12\nUid:\t1234\t1234\t1234\t1234\nGid:\t2345\t2345\t2345\t2345\n", id.WithUser(1234, 2345, 11, 12).Capture().Output);
        Assert.StartsWith("1234 2345 2345\n", id.WithUser(1234, 2345).Capture().Output);
        Assert.StartsWith("0 2345 ", id.WithGroup(2345).Capture().Output);
        Assert.StartsWith("0 0 0 11\n", id.WithGroups(11).Capture().Output);
        Assert.StartsWith("0 0 0\n", id.WithGroups().Capture().Output);
    }

    [RootFact]
    public void Another_user_has_no_more_rights_than_his_own()
    {
        string secret = Write("secret", "x");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead);
        Assert.False(Command.Of("/bin/cat", secret).WithUser(Nobody, Nobody).WithStderr(Stdio.Null).Run().Succeeded);
        OsException error = Assert.Throws<OsException>(() => Command.Of(WriteProgram("own", "#!/bin/sh\n")).WithUser(Nobody, Nobody).Run());
        Assert.Equal((Errno.EACCES, "execve"), (error.Errno, error.Operation));
    }

    [RootFact]
    public void This_program_may_not_signal_what_it_may_not_touch_and_is_told()
    {
        using TestProcess run = ChildProgram.Run("Commanding.SignalsAnotherUsersChild");
        Assert.Equal((0, "EPERM kill\n"), (run.ShellStatus, run.Stdout));
    }

    [ControlGroupTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_child_starts_in_a_control_group(bool isOld)
    {
        string name = $"gannet-test-{Guid.NewGuid():N}";
        string directory = Path.Combine(ControlGroupTheoryAttribute.Root!, name);
        Directory.CreateDirectory(directory);
        try
        {
            Command show = Commands.Show("cgroup").WithControlGroup(directory);
            show = isOld ? new(show.Settings with { Fallbacks = SpawnOptions.WithoutClone3 }) : show;
            Assert.Contains($"/{name}\n", show.Capture().Output);
        }
        finally
        {
            Directory.Delete(directory);
        }
    }

    [Fact]
    public void A_control_group_that_is_missing_is_told()
    {
        OsException error = Assert.Throws<OsException>(() => Command.Of("/bin/true").WithControlGroup(At("missing")).Run());
        Assert.Equal((Errno.ENOENT, "cgroup", At("missing")), (error.Errno, error.Operation, error.Path));
    }

    // The program's name, in brackets, may hold anything.
    private static string[] Fields(string stat) =>
        [stat.Split(' ')[0], "name", .. stat[(stat.LastIndexOf(')') + 2)..].Trim().Split(' ')];

    private static bool Has(string status, string set, Signal signal)
    {
        string line = status.Split('\n').Single(line => line.StartsWith($"{set}:"));
        return (ulong.Parse(line[(set.Length + 1)..].Trim(), NumberStyles.HexNumber) & (1ul << ((int)signal - 1))) != 0;
    }
}
