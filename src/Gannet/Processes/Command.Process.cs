using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <content>What the kernel knows of a process: group, session, ids, limits, signals.</content>
public sealed partial class Command
{
    private const string NotItsOwnGroup = "A child that joins another's group can't be ended with its whole group; only with one of its own.";

    /// <summary><c>setpgid</c>: in a process group of its own, or in another one of this session. A background group of a terminal
    /// can't read from it.</summary>
    /// <param name="group">The group to join; 0 for a new one, whose number is the child's pid.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    /// <exception cref="ArgumentException">The command is to lead a session already; or it is to be ended with its whole group
    /// (<see cref="WithTermination"/>), and that is another's.</exception>
    public Command WithProcessGroup(int group = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(group);
        if (_settings.NewSession)
        {
            throw new ArgumentException("The leader of a new session is the leader of a new group as well; it can join no other.", nameof(group));
        }

        return _settings.Ending.WholeGroup && group != 0
            ? throw new ArgumentException(NotItsOwnGroup, nameof(group))
            : new(_settings with { ProcessGroup = group });
    }

    /// <summary><c>setsid</c>: as the leader of a session and a group of its own, without a terminal.</summary>
    /// <exception cref="InvalidOperationException">The command is to join a group already.</exception>
    public Command WithNewSession() => _settings.ProcessGroup is not null
        ? throw new InvalidOperationException("The leader of a new session is the leader of a new group as well; it can join no other.")
        : new(_settings with { NewSession = true });

    /// <summary>With a terminal as the controlling one of a session of its own (<see cref="WithNewSession"/> is implied): its
    /// Ctrl-C goes there.</summary>
    /// <param name="descriptor">The child's descriptor that is the terminal.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    /// <exception cref="InvalidOperationException">The command is to join a group already.</exception>
    public Command WithControllingTerminal(int descriptor = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(descriptor);
        return new(WithNewSession()._settings with { ControllingTerminal = descriptor, Terminal = null });
    }

    /// <summary><c>tcsetpgrp</c>: with its process group in the foreground of the controlling terminal, which has to be this session's
    /// or the child's own. Whoever starts it takes the foreground back when it has ended.</summary>
    /// <param name="descriptor">The child's descriptor that is the terminal.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public Command WithForeground(int descriptor = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(descriptor);
        return new(_settings with { ForegroundTerminal = descriptor });
    }

    /// <summary>In a control group.</summary>
    /// <param name="directory">Its directory under <c>/sys/fs/cgroup</c>, which must exist.</param>
    /// <exception cref="ArgumentException">It is empty or holds a NUL.</exception>
    /// <remarks>The kernel starts it there at once (<c>CLONE_INTO_CGROUP</c>, Linux 5.7); an older one moves it there before it
    /// runs. Source: cgroups(7).</remarks>
    public Command WithControlGroup(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _ = OsText.GetByteCount(directory, nameof(directory));
        return new(_settings with { ControlGroup = directory });
    }

    /// <summary><c>setrlimit</c>: with a resource limited.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="soft">The limit that counts; <see cref="ulong.MaxValue"/> for none.</param>
    /// <param name="hard">Up to where it may be raised; null for the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">The soft limit is above the hard one.</exception>
    public Command WithLimit(ResourceLimit resource, ulong soft, ulong? hard = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(soft, hard ?? soft);
        NativeResourceLimit limit = new() { Resource = (int)resource, Soft = soft, Hard = hard ?? soft };
        return new(_settings with { Limits = [.. _settings.Limits.Where(other => other.Resource != limit.Resource), limit] });
    }

    /// <summary>With a nice value: how much it leaves the processor to others.</summary>
    /// <param name="value">The value itself, -20 (leaves nothing) to 19, not a difference. Below this program's own takes rights.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of that range.</exception>
    public Command WithNice(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, SpawnChecks.LowestNice);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, SpawnChecks.HighestNice);
        return new(_settings with { Nice = value });
    }

    /// <summary>With a file mode creation mask.</summary>
    /// <param name="mask">The permissions that new files do not get; the nine permission bits only.</param>
    /// <exception cref="ArgumentOutOfRangeException">Other bits.</exception>
    public Command WithUmask(UnixFileMode mask)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)mask, SpawnChecks.LargestUmask, nameof(mask));
        return new(_settings with { Umask = (uint)mask });
    }

    /// <summary>As another user: real, effective and saved user and group, and the supplementary groups, set in the right order in the
    /// child. Takes root's rights.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="groups">The supplementary groups; none unless said.</param>
    /// <exception cref="ArgumentNullException"><paramref name="groups"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">4294967295, which means "as it is" to the kernel and is no user.</exception>
    /// <remarks>Such a child starts by itself, one at a time, and this process can't be looked into by other users meanwhile: see
    /// <c>docs/processes.md</c>. CPython's <c>user</c>, <c>group</c>, <c>extra_groups</c>.</remarks>
    public Command WithUser(uint userId, uint groupId, params IEnumerable<uint> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return new(_settings with { UserId = CheckId(userId), GroupId = CheckId(groupId), Groups = [.. groups.Select(CheckId)] });
    }

    /// <summary>As another user, with the group and the supplementary groups that the user and group databases have for him now. Takes
    /// root's rights.</summary>
    /// <param name="user">The user's name.</param>
    /// <exception cref="ArgumentException">The name is empty or holds a NUL.</exception>
    /// <exception cref="KeyNotFoundException">There is no such user.</exception>
    /// <exception cref="OsException">The name service failed.</exception>
    [SupportedOSPlatform("linux")]
    public Command WithUser(string user)
    {
        UserEntry entry = Users.Get(user);
        return WithUser(entry.Uid, entry.Gid, Groups.ForUser(user, entry.Gid));
    }

    /// <summary>With another group; user and supplementary groups stay.</summary>
    /// <param name="groupId">The real, effective and saved group.</param>
    /// <exception cref="ArgumentOutOfRangeException">4294967295, which is no group.</exception>
    public Command WithGroup(uint groupId) => new(_settings with { GroupId = CheckId(groupId) });

    /// <summary>With other supplementary groups; user and group stay.</summary>
    /// <param name="groups">The groups; empty for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="groups"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">4294967295, which is no group.</exception>
    public Command WithGroups(params IEnumerable<uint> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return new(_settings with { Groups = [.. groups.Select(CheckId)] });
    }

    /// <summary>Without a way to gain rights by running a set-user-id program, for it and all that it starts
    /// (<c>PR_SET_NO_NEW_PRIVS</c>).</summary>
    public Command WithNoNewPrivileges() => new(_settings with { NoNewPrivileges = true });

    /// <summary>With a signal that it gets when this process ends, however it ends (<c>PR_SET_PDEATHSIG</c>). The kernel forgets
    /// it when the child changes its ids or runs a set-user-id program.</summary>
    /// <param name="signal">The signal.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such signal.</exception>
    public Command WithParentDeathSignal(Signal signal)
    {
        CheckSignal(signal);
        return new(_settings with { DeathSignal = signal });
    }

    /// <summary>With these signals ignored instead of those said before, and no other change. SIGPIPE among them has the child ignore it as .NET does.</summary>
    /// <param name="signals">The signals.</param>
    /// <exception cref="ArgumentOutOfRangeException">SIGKILL or SIGSTOP, or no signal.</exception>
    public Command WithIgnoredSignals(params IEnumerable<Signal> signals) =>
        new(_settings with { IgnoredSignals = SignalSet.Of(signals) });

    /// <summary>With these signals at their default besides those that this program handles and SIGPIPE: those too that it has
    /// been started with ignored. They take the place of those said before.</summary>
    /// <param name="signals">The signals.</param>
    /// <exception cref="ArgumentOutOfRangeException">SIGKILL or SIGSTOP, or no signal.</exception>
    public Command WithDefaultSignals(params IEnumerable<Signal> signals) =>
        new(_settings with { DefaultSignals = SignalSet.Pipe | SignalSet.Of(signals) });

    /// <summary>With these signals blocked, and no other, whatever was said before.</summary>
    /// <param name="signals">The signals.</param>
    /// <exception cref="ArgumentOutOfRangeException">SIGKILL or SIGSTOP, or no signal.</exception>
    public Command WithBlockedSignals(params IEnumerable<Signal> signals) =>
        new(_settings with { BlockedSignals = SignalSet.Of(signals) });

    /// <summary>
    /// With another way to be ended, by a timeout, a cancellation or <see cref="Child.Terminate"/>: a signal that it may handle, time to
    /// do so, then SIGKILL. Unless said, SIGTERM and 5 seconds, for the child alone.
    /// </summary>
    /// <param name="signal">The first signal.</param>
    /// <param name="grace">How long it may take to end by it; zero for SIGKILL at once after it,
    /// <see cref="Timeout.InfiniteTimeSpan"/> for never.</param>
    /// <param name="wholeGroup">Whether its process group gets the signals, and SIGKILL whoever of it is left when the child has ended.
    /// The child then leads a group of its own, in the background of the terminal: reading from that would stop it.</param>
    /// <exception cref="ArgumentOutOfRangeException">No signal, or a negative time.</exception>
    /// <exception cref="ArgumentException">The whole group is meant, and the command is to join another's
    /// (<see cref="WithProcessGroup"/>).</exception>
    public Command WithTermination(Signal signal, TimeSpan grace, bool wholeGroup = false)
    {
        CheckSignal(signal);
        _ = Deadline.After(grace);
        return wholeGroup && _settings.ProcessGroup > 0
            ? throw new ArgumentException(NotItsOwnGroup, nameof(wholeGroup))
            : new(_settings with { Ending = new(signal, grace, wholeGroup) });
    }

    private static void CheckSignal(Signal signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual((int)signal, (int)Signal.None, nameof(signal));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)signal, (int)SpawnChecks.LastSignal, nameof(signal));
    }

    private static uint CheckId(uint id) => id != uint.MaxValue
        ? id
        : throw new ArgumentOutOfRangeException(nameof(id), id, "4294967295 means \"as it is\" to the kernel.");
}
