using System.Globalization;
using Gannet.Interop;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>Spawning from a process in an unusual state, which is a process of its own.</summary>
public class SpawnScenarioTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void The_standard_descriptors_change_places_in_every_order_also_when_one_is_closed()
    {
        string orders = "012 021 102 120 201 210 ";
        Assert.Equal(orders + orders + orders + orders, Output("Spawn.PermutesStandardDescriptors"));
    }

    [Fact]
    public void Standard_descriptors_that_are_closed_stay_closed() =>
        Assert.Equal("4 above", Output("Spawn.WithStandardDescriptorsClosed"));

    [Fact]
    public void Everything_is_closed_also_above_a_limit_that_was_lowered()
    {
        const string standard = "/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 ";
        Assert.All(Lines("Spawn.WithLoweredLimit", 4), line => Assert.Equal(standard, line.Replace("/proc/self/fd/3 ", "")));
    }

    [Fact]
    public void A_spawn_without_a_free_descriptor_fails_at_clone() =>
        Assert.Equal(["execve ENOENT", "clone EMFILE", "True"], Lines("Spawn.WithoutFreeDescriptor", 3));

    [RootFact]
    public void An_ordinary_user_is_told_which_step_was_refused() =>
        Assert.Equal(
            ["setuid EPERM", "setgid EPERM", "setgroups EPERM", "setpriority EACCES", "setrlimit EPERM", "clone EAGAIN", "True"],
            Lines("Spawn.AsOrdinaryUser", 7));

    [RootTheory]
    [InlineData("0")]
    [InlineData("1")]
    public void Children_of_other_users_leave_the_dumpable_flag_as_it_was(string flag) =>
        Assert.Equal([$"dumpable {flag} owner 0"], Lines("Spawn.KeepsDumpable", 1, flag));

    [Fact]
    public void Ignored_signals_stay_ignored_and_handled_ones_become_default()
    {
        string[] lines = Lines("Spawn.WithIgnoredSignals", 6);
        Assert.Equal(lines[..3], lines[3..]);
        Assert.Equal("SigBlk:\t0000000000000000", lines[0]);
        ulong ignored = Convert.ToUInt64(lines[1].Split('\t')[1], 16);
        Assert.Equal((1ul << 0) | (1ul << 9), ignored & ((1ul << 0) | (1ul << 9) | (1ul << 12) | (1ul << 14)));
        Assert.Equal("SigCgt:\t0000000000000000", lines[2]);
    }

    [Fact]
    public void A_child_with_a_death_signal_dies_with_its_parent()
    {
        using TestProcess parent = ChildProgram.Start("Spawn.WithDeathSignal");
        parent.WaitForOutput(".\n");
        string pid = parent.Stdout.Split(' ', '.')[1];
        Assert.True(IsAlive(pid));
        parent.Kill((int)Signal.SIGKILL);
        parent.Wait();
        Assert.True(SpinWait.SpinUntil(() => !IsAlive(pid), Patience));
    }

    [RootFact]
    public void A_child_takes_ids_and_groups()
    {
        Assert.Equal("1234 2345 2345 11 12", Ids(new() { Program = "", Arguments = [], UserId = 1234, GroupId = 2345, Groups = [11, 12] }));
        Assert.Equal("1234 2345 2345", Ids(new() { Program = "", Arguments = [], UserId = 1234, GroupId = 2345, Groups = [] }));
        Assert.Equal("0 2345", Ids(new() { Program = "", Arguments = [], GroupId = 2345 })[..6]);
    }

    [ControlGroupTheory]
    [InlineData((int)SpawnOptions.None)]
    [InlineData((int)SpawnOptions.WithoutClone3)]
    public void A_child_starts_in_a_control_group(int fallbacks)
    {
        string name = $"gannet-test-{Guid.NewGuid():N}";
        string directory = Path.Combine(ControlGroupTheoryAttribute.Root!, name);
        Directory.CreateDirectory(directory);
        try
        {
            Assert.Contains($"/{name}\n", Spawned.Capture(output => new()
            {
                Program = "/bin/cat",
                Arguments = ["cat", "/proc/self/cgroup"],
                Descriptors = [new(output, 1)],
                ControlGroup = directory,
                Fallbacks = (SpawnOptions)fallbacks,
            }));
        }
        finally
        {
            Directory.Delete(directory);
        }
    }

    private static string Ids(SpawnRequest wishes) => Spawned.Capture(output => new()
    {
        Program = Spawned.Shell,
        Arguments = ["sh", "-c", "echo $(id -u; id -g; id -G)"],
        Descriptors = [new(output, 1)],
        UserId = wishes.UserId,
        GroupId = wishes.GroupId,
        Groups = wishes.Groups,
    }).Trim();

    private static bool IsAlive(string pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{int.Parse(pid, CultureInfo.InvariantCulture)}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string[] Lines(string scenario, int count, params string[] arguments)
    {
        string[] lines = Output(scenario, arguments).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(count, lines.Length);
        return lines;
    }

    private static string Output(string scenario, params string[] arguments)
    {
        using TestProcess process = ChildProgram.Run(scenario, arguments);
        Assert.Equal(("", 0), (process.Stderr, process.ShellStatus));
        return process.Stdout;
    }
}
