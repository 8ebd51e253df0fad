using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Processes;

[Collection(Spawned.Collection)]
public class SpawnTests
{
    private const int ManyDescriptors = 300;

    [Theory, Trait("S", "S334")]
    [InlineData("exit 7", 0x0700)]
    [InlineData("exit 0", 0x0000)]
    [InlineData("kill -15 $$", 0x000f)]
    [InlineData("kill -9 $$", 0x0009)]
    public void A_child_is_started_and_its_status_told(string script, int raw) =>
        Assert.Equal(new WaitStatus(raw), Spawned.Run(Spawned.Script(script)));

    [Fact]
    public void The_resources_that_a_child_used_are_told()
    {
        SpawnedChild child = Spawner.Start(Spawned.Script("i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done"));
        using SafeFileHandle? pidFd = child.PidFd;
        (WaitStatus status, ResourceUsage usage) = ChildWait.ForEnd(child);
        Assert.Equal(0, status.ExitStatus);
        Assert.InRange(usage.UserTime + usage.SystemTime, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(60));
        Assert.InRange(usage.MaxResidentBytes, 100_000, long.MaxValue);
    }

    [Fact]
    public void A_child_that_has_been_waited_for_is_gone()
    {
        SpawnedChild child = Spawner.Start(Spawned.Script("exit 0"));
        using SafeFileHandle? pidFd = child.PidFd;
        ChildWait.ForEnd(child);
        Assert.Equal(Errno.ECHILD, Assert.Throws<OsException>(() => ChildWait.ForEnd(child)).Errno);
    }

    [Fact]
    public void Arguments_that_are_not_UTF_8_arrive_unchanged() =>
        Assert.Equal("caf\udce9|\ud83d\ude00||x y|", Spawned.Capture(output => new()
        {
            Program = "/usr/bin/printf",
            Arguments = ["printf", "%s|", "caf\udce9", "\ud83d\ude00", "", "x y"],
            Descriptors = [new(output, 1)],
        }));

    [Fact]
    public void An_environment_is_passed_byte_by_byte() =>
        Assert.Equal("A=caf\udce9\nB=\n", Spawned.Capture(output => new()
        {
            Program = "/usr/bin/env",
            Arguments = ["env"],
            Environment = [[.. "A=caf"u8, 0xE9], "B="u8.ToArray()],
            Descriptors = [new(output, 1)],
        }));

    [Fact]
    public void Without_an_environment_the_child_gets_the_live_one()
    {
        string name = $"GANNET_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(name, "set");
        try
        {
            Assert.Equal("set", Spawned.Output($"printf %s \"${name}\""));
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Assert.Equal("", Spawned.Output($"printf %s \"${name}\""));
    }

    [Fact]
    public void The_program_sees_the_name_that_argv_0_gives_it() =>
        Assert.Equal("another", Spawned.Capture(output => new()
        {
            Program = Spawned.Shell,
            Arguments = ["another", "-c", "printf %s \"$0\""],
            Descriptors = [new(output, 1)],
        }));

    [Fact]
    public void The_working_directory_is_the_childs_alone()
    {
        string before = Environment.CurrentDirectory;
        Assert.Equal("/usr\n", Spawned.Capture(output => new()
        {
            Program = "/bin/pwd", Arguments = ["pwd"], WorkingDirectory = "/usr", Descriptors = [new(output, 1)],
        }));
        Assert.Equal(before, Environment.CurrentDirectory);
    }

    [Fact]
    public void A_relative_program_counts_from_the_childs_working_directory() =>
        Assert.Equal("found", Spawned.Capture(output => new()
        {
            Program = "bin/printf", Arguments = ["printf", "found"], WorkingDirectory = "/usr", Descriptors = [new(output, 1)],
        }));

    [Fact]
    public void Two_descriptors_change_places()
    {
        using ScratchFile a = new("a"), b = new("b");
        Assert.Equal("b-a", Read(new(b.Fd, a.Fd), new(a.Fd, b.Fd)));
    }

    [Fact]
    public void Three_descriptors_change_places_in_a_circle()
    {
        using ScratchFile a = new("a"), b = new("b"), c = new("c");
        Assert.Equal("b-c-a", Read(new(b.Fd, a.Fd), new(c.Fd, b.Fd), new(a.Fd, c.Fd)));
    }

    [Fact]
    public void A_descriptor_can_keep_its_number_and_have_others()
    {
        using ScratchFile a = new("a"), b = new("b");
        const string path = "/proc/self/fd/";
        Assert.Equal("a-a-b", Spawned.Output(
            $"read x <{path}{a.Fd}; read y <{path}{b.Fd}; read z <{path}900; printf %s-%s-%s $x $y $z",
            new(a.Fd, a.Fd), new(a.Fd, b.Fd), new(b.Fd, 900)));
        Assert.True(Libc.IsCloseOnExec(a.Fd));
    }

    [Theory]
    [InlineData((int)SpawnOptions.None)]
    [InlineData((int)SpawnOptions.WithoutCloseRange)]
    [InlineData((int)(SpawnOptions.WithoutCloseRange | SpawnOptions.WithoutProc))]
    public void Nothing_but_0_to_2_and_what_is_named_stays_open(int fallbacks)
    {
        using ScratchFile kept = new("x");
        List<int> open = [.. Enumerable.Range(0, ManyDescriptors).Select(_ => TestLibc.Duplicate(kept.Fd))];
        try
        {
            string listed = Spawned.Capture(output => new()
            {
                Program = "/bin/ls",
                Arguments = ["ls", "/proc/self/fd"],
                Descriptors = [new(0, 0), new(output, 1), new(1, 2), new(kept.Fd, 7), new(kept.Fd, 200), new(kept.Fd, 201)],
                Fallbacks = (SpawnOptions)fallbacks,
            });
            // ls opens the directory itself, on the lowest free number.
            Assert.Equal(["0", "1", "2", "200", "201", "3", "7"], listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        }
        finally
        {
            open.ForEach(Libc.Close);
        }
    }

    [Fact]
    public void On_wish_descriptors_that_are_not_close_on_exec_are_left_open()
    {
        using ScratchFile file = new("inherited");
        int inherited = TestLibc.Duplicate(file.Fd);
        try
        {
            Assert.Equal("inherited", Spawned.Capture(output => new()
            {
                Program = "/bin/cat",
                Arguments = ["cat", $"/proc/self/fd/{inherited}"],
                Descriptors = [new(output, 1)],
                CloseOthers = false,
            }));
        }
        finally
        {
            Libc.Close(inherited);
        }
    }

    [Theory]
    [InlineData((int)SpawnOptions.None, true)]
    [InlineData((int)SpawnOptions.WithoutClone3, true)]
    [InlineData((int)SpawnOptions.WithoutClonePidFd, true)]
    [InlineData((int)(SpawnOptions.WithoutClone3 | SpawnOptions.WithoutClonePidFd), true)]
    [InlineData((int)(SpawnOptions.WithoutClone3 | SpawnOptions.WithoutClonePidFd | SpawnOptions.WithoutPidFdOpen), false)]
    public void Older_kernels_are_served_too(int fallbacks, bool hasPidFd)
    {
        SpawnedChild child = Spawner.Start(new()
        {
            Program = Spawned.Shell, Arguments = ["sh", "-c", "exit 5"], Fallbacks = (SpawnOptions)fallbacks,
        });
        using SafeFileHandle? pidFd = child.PidFd;
        Assert.Equal(hasPidFd, pidFd is not null);
        if (pidFd is not null)
        {
            Assert.True(Libc.IsCloseOnExec((int)pidFd.DangerousGetHandle()));
            Assert.Contains($"Pid:\t{child.Pid}\n", File.ReadAllText($"/proc/self/fdinfo/{pidFd.DangerousGetHandle()}"));
        }

        Assert.Equal(5, ChildWait.ForEnd(child).Status.ExitStatus);
    }

    [Fact]
    public void A_child_joins_a_group_of_its_own_or_of_another()
    {
        SpawnedChild leader = Spawner.Start(new() { Program = "/bin/sleep", Arguments = ["sleep", "60"], ProcessGroup = 0 });
        using SafeFileHandle? leaderFd = leader.PidFd;
        SpawnedChild member = Spawner.Start(new() { Program = "/bin/sleep", Arguments = ["sleep", "60"], ProcessGroup = leader.Pid });
        using SafeFileHandle? memberFd = member.PidFd;
        Assert.Equal(leader.Pid, TestLibc.getpgid(leader.Pid));
        Assert.Equal(leader.Pid, TestLibc.getpgid(member.Pid));
        Assert.NotEqual(leader.Pid, TestLibc.getpgid(0));
        Assert.Equal(0, TestLibc.kill(-leader.Pid, (int)Signal.SIGTERM));
        Assert.Equal(Signal.SIGTERM, ChildWait.ForEnd(leader).Status.TermSignal);
        Assert.Equal(Signal.SIGTERM, ChildWait.ForEnd(member).Status.TermSignal);
    }

    [Fact]
    public void A_child_leads_a_session_of_its_own()
    {
        string[] stat = Stat();
        Assert.Equal((stat[0], stat[0]), (stat[4], stat[5]));
    }

    [Fact]
    public void A_child_takes_a_terminal_and_its_foreground()
    {
        using TestTerminal terminal = new();
        string[] stat = Stat(terminal.Child);
        // Fields 7 and 8: the terminal's device, and the group in its foreground.
        Assert.NotEqual("0", stat[6]);
        Assert.Equal(stat[0], stat[7]);
    }

    [Fact]
    public void Umask_nice_and_limits_are_the_childs_alone()
    {
        Assert.Equal("0027\n7\n4321\n1234\n", Spawned.Capture(output => new()
        {
            Program = Spawned.Shell,
            Arguments = ["sh", "-c", "umask; nice; ulimit -H -n; ulimit -S -n"],
            Descriptors = [new(output, 1)],
            Umask = 0x17,
            Nice = 7,
            Limits = [new() { Resource = TestLibc.RLIMIT_NOFILE, Soft = 1234, Hard = 4321 }],
        }));
        Assert.Equal("0", Spawned.Output("nice").Trim());
    }

    [Fact]
    public void A_limit_of_descriptors_does_not_hinder_their_mapping() =>
        Assert.Equal("4\n", Spawned.Capture(output => new()
        {
            Program = Spawned.Shell,
            Arguments = ["sh", "-c", "ulimit -n"],
            Descriptors = [new(output, 50), new(output, 1)],
            Limits = [new() { Resource = TestLibc.RLIMIT_NOFILE, Soft = 4, Hard = 4 }],
        }));

    [Fact]
    public void A_program_gains_no_privileges_when_it_must_not()
    {
        Assert.Contains("NoNewPrivs:\t1\n", Status(new() { Program = "", Arguments = [], NoNewPrivileges = true }));
        Assert.Contains("NoNewPrivs:\t0\n", Status(new() { Program = "", Arguments = [] }));
    }

    [Theory]
    [InlineData((int)SpawnOptions.None)]
    [InlineData((int)SpawnOptions.WithoutClone3)]
    public void Signals_start_at_their_default_with_none_blocked(int fallbacks)
    {
        // The runtime itself handles several, and ignores SIGPIPE.
        string status = Status(new() { Program = "", Arguments = [], Fallbacks = (SpawnOptions)fallbacks });
        Assert.Contains("SigBlk:\t0000000000000000\n", status);
        Assert.Contains("SigCgt:\t0000000000000000\n", status);
        Assert.Equal("0", Bit(status, "SigIgn", Signal.SIGPIPE));
    }

    [Theory]
    [InlineData((int)SpawnOptions.None)]
    [InlineData((int)SpawnOptions.WithoutClone3)]
    public void Signals_are_blocked_and_ignored_on_wish(int fallbacks)
    {
        string status = Status(new()
        {
            Program = "",
            Arguments = [],
            IgnoredSignals = Bit(Signal.SIGHUP) | Bit(Signal.SIGPIPE) | Bit((Signal)64),
            BlockedSignals = Bit(Signal.SIGUSR1) | Bit(Signal.SIGTERM),
            Fallbacks = (SpawnOptions)fallbacks,
        });
        Assert.Contains("SigBlk:\t0000000000004200\n", status);
        Assert.Equal("111", Bit(status, "SigIgn", Signal.SIGHUP) + Bit(status, "SigIgn", Signal.SIGPIPE) + Bit(status, "SigIgn", (Signal)64));
        Assert.Equal("0", Bit(status, "SigIgn", Signal.SIGUSR2));
    }

    [Fact]
    public void The_parents_own_signal_mask_and_actions_are_untouched()
    {
        string before = Lines(File.ReadAllText("/proc/thread-self/status"), "Sig", "Shd");
        Spawned.Run(Spawned.Script("exit 0"));
        Assert.Equal(before, Lines(File.ReadAllText("/proc/thread-self/status"), "Sig", "Shd"));
    }

    [Fact]
    public void A_death_signal_outlives_the_thread_that_asked_for_it()
    {
        SpawnedChild child = default;
        Thread thread = new(() => child = Spawner.Start(
            new() { Program = "/bin/sleep", Arguments = ["sleep", "60"], DeathSignal = Signal.SIGTERM }));
        thread.Start();
        thread.Join();
        using SafeFileHandle? pidFd = child.PidFd;
        Thread.Sleep(100);
        Assert.Equal(0, TestLibc.kill(child.Pid, (int)Signal.SIGKILL));
        Assert.Equal(Signal.SIGKILL, ChildWait.ForEnd(child).Status.TermSignal);
    }

    private static ulong Bit(Signal signal) => 1ul << ((int)signal - 1);

    private static string Bit(string status, string set, Signal signal) =>
        (Convert.ToUInt64(Lines(status, set)[(set.Length + 2)..].Trim(), 16) & Bit(signal)) == 0 ? "0" : "1";

    private static string Lines(string status, params string[] prefixes) =>
        string.Join('\n', status.Split('\n').Where(line => prefixes.Any(prefix => line.StartsWith(prefix, StringComparison.Ordinal))
            && !line.StartsWith("SigQ", StringComparison.Ordinal)));

    private static string Read(params DescriptorMapping[] descriptors) => Spawned.Output(
        string.Concat(descriptors.Select((entry, i) => $"read v{i} </proc/self/fd/{entry.Target}; "))
            + $"printf %s {string.Join('-', descriptors.Select((_, i) => $"$v{i}"))}",
        descriptors);

    // /proc/self/status of a program that is not a shell, which sets signals up by itself.
    private static string Status(SpawnRequest wishes) => Spawned.Capture(output => new()
    {
        Program = "/bin/cat",
        Arguments = ["cat", "/proc/self/status"],
        Descriptors = [new(output, 1)],
        NoNewPrivileges = wishes.NoNewPrivileges,
        IgnoredSignals = wishes.IgnoredSignals,
        BlockedSignals = wishes.BlockedSignals,
        Fallbacks = wishes.Fallbacks,
    });

    // /proc/self/stat of the leader of a session.
    private static string[] Stat(int? terminal = null) => Spawned.Capture(output => new()
        {
            Program = "/bin/cat",
            Arguments = ["cat", "/proc/self/stat"],
            Descriptors = terminal is int fd ? [new(output, 1), new(fd, 0)] : [new(output, 1)],
            NewSession = true,
            TakesTerminal = terminal is not null,
            Foreground = terminal is not null,
        }).Split(' ');

    /// <summary>A file with one line, open for reading.</summary>
    private sealed class ScratchFile : IDisposable
    {
        private readonly SafeFileHandle _handle;

        public ScratchFile(string text)
        {
            string path = Path.GetTempFileName();
            File.WriteAllText(path, text);
            _handle = File.OpenHandle(path);
            File.Delete(path);
        }

        public int Fd => (int)_handle.DangerousGetHandle();

        public void Dispose() => _handle.Dispose();
    }
}
