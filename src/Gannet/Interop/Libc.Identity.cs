using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>Who this process is: users, groups, process group, session.</content>
internal static unsafe partial class Libc
{
    // For the kernel, "leave this id as it is".
    private const uint Unchanged = uint.MaxValue;

    /// <summary>The real, the effective and the saved user id.</summary>
    public static (uint Real, uint Effective, uint Saved) UserIds()
    {
        uint real, effective, saved;
        Check(getresuid(&real, &effective, &saved), "getresuid");
        return (real, effective, saved);
    }

    /// <summary>The real, the effective and the saved group id.</summary>
    public static (uint Real, uint Effective, uint Saved) GroupIds()
    {
        uint real, effective, saved;
        Check(getresgid(&real, &effective, &saved), "getresgid");
        return (real, effective, saved);
    }

    /// <summary>Sets the three user ids of every thread; null leaves one as it is.</summary>
    public static void SetUserIds(uint? real, uint? effective, uint? saved) =>
        Check(setresuid(real ?? Unchanged, effective ?? Unchanged, saved ?? Unchanged), "setresuid");

    /// <summary>Sets the three group ids of every thread; null leaves one as it is.</summary>
    public static void SetGroupIds(uint? real, uint? effective, uint? saved) =>
        Check(setresgid(real ?? Unchanged, effective ?? Unchanged, saved ?? Unchanged), "setresgid");

    /// <summary><c>setreuid</c>, which also decides about the saved id.</summary>
    public static void SetRealAndEffectiveUser(uint? real, uint? effective) =>
        Check(setreuid(real ?? Unchanged, effective ?? Unchanged), "setreuid");

    /// <summary><c>setregid</c>, which also decides about the saved id.</summary>
    public static void SetRealAndEffectiveGroup(uint? real, uint? effective) =>
        Check(setregid(real ?? Unchanged, effective ?? Unchanged), "setregid");

    /// <summary>The supplementary groups.</summary>
    public static uint[] SupplementaryGroups()
    {
        while (true)
        {
            uint[] groups = new uint[Check(getgroups(0, null), "getgroups")];
            fixed (uint* start = groups)
            {
                int count = getgroups(groups.Length, start);
                // EINVAL: another thread has set more of them meanwhile.
                if (count >= 0 || LastError is not Errno.EINVAL)
                {
                    return groups[..Check(count, "getgroups")];
                }
            }
        }
    }

    /// <summary>Sets the supplementary groups of every thread.</summary>
    public static void SetSupplementaryGroups(ReadOnlySpan<uint> groups)
    {
        fixed (uint* start = groups)
        {
            Check(setgroups((nuint)groups.Length, start), "setgroups");
        }
    }

    /// <summary>Sets the supplementary groups to those that the group database has for a user, and one more.</summary>
    public static void InitializeGroups(string user, uint group)
    {
        fixed (byte* name = OsText.EncodeTerminated(user, nameof(user)))
        {
            Check(initgroups(name, group), "initgroups", user);
        }
    }

    [LibraryImport(Library, EntryPoint = "getuid")]
    [SuppressGCTransition]
    public static partial uint RealUserId();

    [LibraryImport(Library, EntryPoint = "getgid")]
    [SuppressGCTransition]
    public static partial uint RealGroupId();

    [LibraryImport(Library, EntryPoint = "getegid")]
    [SuppressGCTransition]
    public static partial uint EffectiveGroupId();

    [LibraryImport(Library, EntryPoint = "getppid")]
    [SuppressGCTransition]
    public static partial int ParentId();

    [LibraryImport(Library, EntryPoint = "getsid", SetLastError = true)]
    public static partial int SessionOf(int pid);

    [LibraryImport(Library, EntryPoint = "setpgid", SetLastError = true)]
    public static partial int SetProcessGroup(int pid, int group);

    [LibraryImport(Library, EntryPoint = "setsid", SetLastError = true)]
    public static partial int StartSession();

    [LibraryImport(Library, EntryPoint = "setuid", SetLastError = true)]
    public static partial int SetUser(uint user);

    [LibraryImport(Library, EntryPoint = "setgid", SetLastError = true)]
    public static partial int SetGroup(uint group);

    [LibraryImport(Library, EntryPoint = "seteuid", SetLastError = true)]
    public static partial int SetEffectiveUser(uint user);

    [LibraryImport(Library, EntryPoint = "setegid", SetLastError = true)]
    public static partial int SetEffectiveGroup(uint group);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getresuid(uint* real, uint* effective, uint* saved);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getresgid(uint* real, uint* effective, uint* saved);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int setresuid(uint real, uint effective, uint saved);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int setreuid(uint real, uint effective);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int setregid(uint real, uint effective);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getgroups(int count, uint* groups);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int setgroups(nuint count, uint* groups);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int initgroups(byte* user, uint group);
}
