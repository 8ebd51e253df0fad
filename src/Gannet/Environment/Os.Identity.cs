using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <content>
/// Who this process is. Ids are changed through the C library, which does it for every thread: the kernel keeps them for each.
/// </content>
public static partial class Os
{
    // To the kernel, and to chown, this id says that nothing is to change.
    private const uint NoId = uint.MaxValue;

    /// <summary><c>os.getuid</c>: the real user id: who started this process. Source: getuid(2).</summary>
    [SupportedOSPlatform("linux")]
    public static uint GetUid() => Libc.RealUserId();

    /// <summary><c>os.geteuid</c>: the effective user id: whose rights this process has. Source: getuid(2).</summary>
    [SupportedOSPlatform("linux")]
    public static uint GetEUid() => Libc.EffectiveUserId();

    /// <summary><c>os.getgid</c>: the real group id. Source: getgid(2).</summary>
    [SupportedOSPlatform("linux")]
    public static uint GetGid() => Libc.RealGroupId();

    /// <summary><c>os.getegid</c>: the effective group id. Source: getgid(2).</summary>
    [SupportedOSPlatform("linux")]
    public static uint GetEGid() => Libc.EffectiveGroupId();

    /// <summary><c>os.getresuid</c>: all three user ids. Source: getresuid(2).</summary>
    [SupportedOSPlatform("linux")]
    public static IdTriple GetResUid()
    {
        (uint real, uint effective, uint saved) = Libc.UserIds();
        return new(real, effective, saved);
    }

    /// <summary><c>os.getresgid</c>: all three group ids. Source: getresgid(2).</summary>
    [SupportedOSPlatform("linux")]
    public static IdTriple GetResGid()
    {
        (uint real, uint effective, uint saved) = Libc.GroupIds();
        return new(real, effective, saved);
    }

    /// <summary><c>os.getgroups</c>: the supplementary groups; the effective group may be among them or not.</summary>
    /// <exception cref="OsException">The kernel refused.</exception>
    /// <remarks>Source: getgroups(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static IReadOnlyList<uint> GetGroups() => Libc.SupplementaryGroups();

    /// <summary><c>os.setuid</c>: sets the user id. Root sets all three, and has no way back; others set the effective one, to their real
    /// or saved one.</summary>
    /// <param name="uid">The user.</param>
    /// <exception cref="ArgumentOutOfRangeException">4294967295 is no id; nothing has been asked of the kernel.</exception>
    /// <exception cref="OsException">EPERM: not privileged, and not one's own id.</exception>
    /// <remarks>The supplementary groups and the group id stay: see <see cref="DropPrivileges"/>. Source: setuid(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static void SetUid(uint uid) => Libc.Check(Libc.SetUser(Id(uid)), "setuid");

    /// <summary><c>os.setgid</c>: sets the group id, as <see cref="SetUid"/> does the user's. The supplementary groups stay.</summary>
    /// <param name="gid">The group.</param>
    /// <exception cref="ArgumentOutOfRangeException">4294967295 is no id.</exception>
    /// <exception cref="OsException">EPERM: not privileged, and not one's own id.</exception>
    /// <remarks>Source: setgid(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static void SetGid(uint gid) => Libc.Check(Libc.SetGroup(Id(gid)), "setgid");

    /// <summary><c>os.seteuid</c>: sets the effective user id, from which there is a way back to the real and the saved one.</summary>
    /// <param name="uid">The user.</param>
    /// <exception cref="ArgumentOutOfRangeException">4294967295 is no id.</exception>
    /// <exception cref="OsException">EPERM: not privileged, and not one's own id.</exception>
    /// <remarks>Source: seteuid(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static void SetEUid(uint uid) => Libc.Check(Libc.SetEffectiveUser(Id(uid)), "seteuid");

    /// <summary><c>os.setegid</c>: sets the effective group id.</summary>
    /// <param name="gid">The group.</param>
    /// <exception cref="ArgumentOutOfRangeException">4294967295 is no id.</exception>
    /// <exception cref="OsException">EPERM: not privileged, and not one's own id.</exception>
    /// <remarks>Source: setegid(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static void SetEGid(uint gid) => Libc.Check(Libc.SetEffectiveGroup(Id(gid)), "setegid");

    /// <summary><c>os.setreuid</c>: sets the real and the effective user id.</summary>
    /// <param name="real">The real one; null leaves it. Python writes -1.</param>
    /// <param name="effective">The effective one; null leaves it.</param>
    /// <exception cref="ArgumentOutOfRangeException">4294967295 is no id.</exception>
    /// <exception cref="OsException">EPERM: not privileged, and not one's own id.</exception>
    /// <remarks>The saved one becomes the new effective one if the real one is set, or if the effective one is set to anything but the
    /// old real one. Source: setreuid(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static void SetReUid(uint? real, uint? effective) => Libc.SetRealAndEffectiveUser(Id(real), Id(effective));

    /// <summary><c>os.setregid</c>: sets the real and the effective group id. As <see cref="SetReUid"/>.</summary>
    /// <param name="real">The real one; null leaves it.</param>
    /// <param name="effective">The effective one; null leaves it.</param>
    /// <exception cref="ArgumentOutOfRangeException">4294967295 is no id.</exception>
    /// <exception cref="OsException">EPERM: not privileged, and not one's own id.</exception>
    [SupportedOSPlatform("linux")]
    public static void SetReGid(uint? real, uint? effective) => Libc.SetRealAndEffectiveGroup(Id(real), Id(effective));

    /// <summary><c>os.setresuid</c>: sets each of the three user ids.</summary>
    /// <param name="real">The real one; null leaves it. Python writes -1.</param>
    /// <param name="effective">The effective one; null leaves it.</param>
    /// <param name="saved">The saved one; null leaves it.</param>
    /// <exception cref="ArgumentOutOfRangeException">4294967295 is no id.</exception>
    /// <exception cref="OsException">EPERM: not privileged, and not one of one's own three.</exception>
    /// <remarks>Source: setresuid(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static void SetResUid(uint? real, uint? effective, uint? saved) => Libc.SetUserIds(Id(real), Id(effective), Id(saved));

    /// <summary><c>os.setresgid</c>: sets each of the three group ids. As <see cref="SetResUid"/>.</summary>
    /// <param name="real">The real one; null leaves it.</param>
    /// <param name="effective">The effective one; null leaves it.</param>
    /// <param name="saved">The saved one; null leaves it.</param>
    /// <exception cref="ArgumentOutOfRangeException">4294967295 is no id.</exception>
    /// <exception cref="OsException">EPERM: not privileged, and not one of one's own three.</exception>
    [SupportedOSPlatform("linux")]
    public static void SetResGid(uint? real, uint? effective, uint? saved) => Libc.SetGroupIds(Id(real), Id(effective), Id(saved));

    /// <summary><c>os.setgroups</c>: sets the supplementary groups; none at all is allowed.</summary>
    /// <param name="groups">The group ids.</param>
    /// <exception cref="ArgumentException">One of them is 4294967295, which is no id.</exception>
    /// <exception cref="OsException">EPERM: not privileged; EINVAL: more than 65,536.</exception>
    /// <remarks>Source: setgroups(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static void SetGroups(params IEnumerable<uint> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        uint[] all = [.. groups];
        if (all.Contains(NoId))
        {
            throw new ArgumentOutOfRangeException(nameof(groups), NoId, "The largest id is 4294967294.");
        }

        Libc.SetSupplementaryGroups(all);
    }

    /// <summary><c>os.initgroups</c>: sets the supplementary groups to those that the group database has for a user, and one
    /// more.</summary>
    /// <param name="user">The name of the user, who need not exist.</param>
    /// <param name="group">The group to have besides, usually the user's own.</param>
    /// <exception cref="ArgumentException">The name is empty or holds a NUL.</exception>
    /// <exception cref="ArgumentOutOfRangeException">4294967295 is no id.</exception>
    /// <exception cref="OsException">EPERM: not privileged.</exception>
    /// <remarks>Source: initgroups(3).</remarks>
    [SupportedOSPlatform("linux")]
    public static void InitGroups(string user, uint group)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        Libc.InitializeGroups(user, Id(group));
    }

    /// <summary>
    /// Becomes an ordinary user for good: takes the user's groups, group and user id, in this order, and then proves that root can't be
    /// had back. What is open stays open.
    /// </summary>
    /// <param name="user">The login name.</param>
    /// <exception cref="KeyNotFoundException">There is no such user. Nothing has changed.</exception>
    /// <exception cref="ArgumentException">The name holds a NUL, or the user is root. Nothing has changed.</exception>
    /// <exception cref="PrivilegeException">A later step failed: the process is in between, and must end.</exception>
    /// <exception cref="OsException">EPERM: not privileged. Nothing has changed. Or the name service failed.</exception>
    /// <remarks>The kernel takes the dumpable flag away at such a change: from then on only root may look into the process.
    /// CPython has no such function. Source: credentials(7), setresuid(2), initgroups(3).</remarks>
    [SupportedOSPlatform("linux")]
    public static void DropPrivileges(string user) => Privileges.Drop(Users.Get(user));

    /// <summary><c>os.getpid</c>: this process's id.</summary>
    public static int GetPid() => Environment.ProcessId;

    /// <summary><c>os.getppid</c>: the id of the process that started this one, or of the one that has adopted it since.
    /// Source: getppid(2).</summary>
    [SupportedOSPlatform("linux")]
    public static int GetPPid() => Libc.ParentId();

    /// <summary><c>os.getpgrp</c>: the id of this process's group. Source: getpgrp(2).</summary>
    [SupportedOSPlatform("linux")]
    public static int GetPgrp() => GetPgid(0);

    /// <summary><c>os.getpgid</c>: the id of a process's group.</summary>
    /// <param name="pid">The process; 0 for this one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pid"/> is negative.</exception>
    /// <exception cref="OsException">ESRCH: no such process.</exception>
    /// <remarks>Source: getpgid(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static int GetPgid(int pid) => Libc.Check(Libc.GroupOf(Pid(pid)), "getpgid");

    /// <summary><c>os.getsid</c>: the id of a process's session.</summary>
    /// <param name="pid">The process; 0 for this one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pid"/> is negative.</exception>
    /// <exception cref="OsException">ESRCH: no such process.</exception>
    /// <remarks>Source: getsid(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static int GetSid(int pid = 0) => Libc.Check(Libc.SessionOf(Pid(pid)), "getsid");

    /// <summary><c>os.setpgrp</c>: makes this process the leader of a process group of its own. Needs no privilege.</summary>
    /// <returns>The id of the group, which is that of the process; CPython returns nothing.</returns>
    /// <exception cref="OsException">EPERM: this process leads a session.</exception>
    /// <remarks>Source: setpgid(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static int SetPgrp()
    {
        Libc.Check(Libc.SetProcessGroup(0, 0), "setpgrp");
        return GetPgrp();
    }

    /// <summary><c>os.setpgid</c>: puts this process, or a child before it has replaced its program, into a process group of the same
    /// session. Needs no privilege.</summary>
    /// <param name="pid">The process; 0 for this one.</param>
    /// <param name="group">The group; 0 for a new one with the id of the process.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="OsException">ESRCH: neither this process nor a child; EACCES: the child has replaced its program; EPERM: no such
    /// group in this session, or the process leads a session.</exception>
    /// <remarks>Source: setpgid(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static void SetPgid(int pid, int group) => Libc.Check(Libc.SetProcessGroup(Pid(pid), Pid(group)), "setpgid");

    /// <summary><c>os.setsid</c>: starts a session, led by this process and without a terminal. Needs no privilege.</summary>
    /// <returns>The id of the session, which is that of the process; CPython returns nothing.</returns>
    /// <exception cref="OsException">EPERM: this process leads a process group, as every program does that a shell has started in
    /// the foreground. <see cref="Daemonize"/> is the way then.</exception>
    /// <remarks>Source: setsid(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static int SetSid() => Libc.Check(Libc.StartSession(), "setsid");

    /// <summary><c>os.strerror</c>: the text of an error number. An unknown one gives <c>Unknown error 9999</c>, 0 gives
    /// <c>Success</c>.</summary>
    /// <param name="errno">The number.</param>
    /// <remarks>Source: strerror(3).</remarks>
    public static string StrError(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    /// <summary><c>os.strerror</c>: the text of an error number.</summary>
    /// <param name="errno">The number.</param>
    public static string StrError(Errno errno) => StrError((int)errno);

    /// <summary><c>os.chdir</c>: changes the working directory of the process, that is of all its threads; children inherit
    /// it.</summary>
    /// <param name="path">The directory.</param>
    /// <exception cref="ArgumentException">The path is empty or holds a NUL.</exception>
    /// <exception cref="OsException">ENOENT: it is not there; ENOTDIR: it is none; EACCES: it may not be entered. The path is in
    /// the error.</exception>
    /// <remarks>Source: chdir(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static void ChDir(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Libc.ChangeDirectory(path);
    }

    /// <summary><c>os.getcwd</c>: the working directory, with symbolic links resolved. Bytes that are not UTF-8 survive, which
    /// <see cref="Environment.CurrentDirectory"/> loses.</summary>
    /// <exception cref="OsException">ENOENT: it has been removed; EACCES: a directory above it may not be read.</exception>
    /// <remarks>Source: getcwd(3).</remarks>
    [SupportedOSPlatform("linux")]
    public static string GetCwd() => Libc.GetCwd();

    private static uint Id(uint id, [CallerArgumentExpression(nameof(id))] string? parameter = null) =>
        id is NoId ? throw new ArgumentOutOfRangeException(parameter, id, "The largest id is 4294967294.") : id;

    private static uint? Id(uint? id, [CallerArgumentExpression(nameof(id))] string? parameter = null) =>
        id is null ? null : Id(id.Value, parameter);

    private static int Pid(int id, [CallerArgumentExpression(nameof(id))] string? parameter = null) =>
        id < 0 ? throw new ArgumentOutOfRangeException(parameter, id, "An id is not negative.") : id;
}
