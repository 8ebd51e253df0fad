using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// Python's <c>grp</c>: the groups that the system knows, from /etc/group and every other source of the name service switch. Anybody
/// may ask. Each call asks anew.
/// </summary>
/// <remarks>Bytes that are not UTF-8 become lone surrogates (U+DC80 to U+DCFF), as everywhere. Source: getgrnam(3), getgrent(3).</remarks>
[SupportedOSPlatform("linux")]
public static unsafe class Groups
{
    private const int UsualCount = 32;

    // getgrent reads on where the last call in this process stopped.
    private static readonly LivingLock s_enumeration = new();

    /// <summary><c>grp.getgrgid</c>: the group with this id.</summary>
    /// <param name="gid">The id.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="OsException">The name service failed: EIO, EMFILE, ENOMEM and the like.</exception>
    public static GroupEntry Get(uint gid) => Find(gid) ?? throw new KeyNotFoundException($"getgrgid: no group has the id {gid}");

    /// <summary><c>grp.getgrnam</c>: the group of this name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">There is none; no group has an empty name.</exception>
    /// <exception cref="ArgumentException">The name holds a NUL.</exception>
    /// <exception cref="OsException">The name service failed.</exception>
    public static GroupEntry Get(string name) => Find(name) ?? throw new KeyNotFoundException($"getgrnam: there is no group '{name}'");

    /// <summary>As <see cref="Get(uint)"/>; null when there is none.</summary>
    /// <param name="gid">The id.</param>
    /// <exception cref="OsException">The name service failed.</exception>
    public static GroupEntry? Find(uint gid) => AccountDatabase.Find<uint, GroupEntry>("getgrgid", gid, Lookup);

    /// <summary>As <see cref="Get(string)"/>; null when there is none.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">The name holds a NUL.</exception>
    /// <exception cref="OsException">The name service failed.</exception>
    public static GroupEntry? Find(string name)
    {
        byte[] bytes = OsText.EncodeTerminated(name, nameof(name));
        return name is "" ? null : AccountDatabase.Find<byte[], GroupEntry>("getgrnam", bytes, Lookup);
    }

    /// <summary><c>grp.getgrall</c>: every group, in the order of the sources, but for those sources that forbid it.</summary>
    /// <exception cref="OsException">The name service failed.</exception>
    public static IReadOnlyList<GroupEntry> All()
    {
        List<GroupEntry> groups = [];
        using (s_enumeration.Enter())
        {
            Libc.OpenGroups();
            try
            {
                for (Libc.Group* next; (next = Next()) is not null;)
                {
                    groups.Add(Read(next));
                }
            }
            finally
            {
                Libc.CloseGroups();
            }
        }

        return groups;
    }

    /// <summary>The groups that a user has after a login: the user's own first, then those that list the user as a member.</summary>
    /// <param name="user">The login name.</param>
    /// <exception cref="KeyNotFoundException">There is no such user.</exception>
    /// <exception cref="ArgumentException">The name holds a NUL.</exception>
    /// <exception cref="OsException">The name service failed.</exception>
    /// <remarks>Source: getgrouplist(3).</remarks>
    public static IReadOnlyList<uint> ForUser(string user) => ForUser(user, Users.Get(user).Gid);

    /// <summary><c>os.getgrouplist</c>: the groups that list a user as a member, and one more, which comes first.</summary>
    /// <param name="user">The name, which need not be that of a user.</param>
    /// <param name="gid">The group to have besides.</param>
    /// <exception cref="ArgumentException">The name holds a NUL.</exception>
    /// <exception cref="OsException">The name service failed.</exception>
    /// <remarks>Source: getgrouplist(3).</remarks>
    public static IReadOnlyList<uint> ForUser(string user, uint gid)
    {
        uint[] groups = new uint[UsualCount];
        fixed (byte* name = OsText.EncodeTerminated(user, nameof(user)))
        {
            while (true)
            {
                int count = groups.Length;
                fixed (uint* start = groups)
                {
                    if (Libc.GroupsOf(name, gid, start, &count) >= 0)
                    {
                        return groups[..count];
                    }
                }

                // Only too small an array makes the count grow.
                groups = count > groups.Length ? new uint[count] : throw new OsException(Libc.LastError, "getgrouplist", user);
            }
        }
    }

    private static int Lookup(uint gid, byte* buffer, nuint size, out GroupEntry? group)
    {
        Libc.Group entry;
        Libc.Group* found;
        int error = Libc.FindGroup(gid, &entry, buffer, size, &found);
        group = found is null ? null : Read(found);
        return error;
    }

    private static int Lookup(byte[] name, byte* buffer, nuint size, out GroupEntry? group)
    {
        Libc.Group entry;
        Libc.Group* found;
        fixed (byte* start = name)
        {
            int error = Libc.FindGroup(start, &entry, buffer, size, &found);
            group = found is null ? null : Read(found);
            return error;
        }
    }

    private static Libc.Group* Next()
    {
        while (true)
        {
            Libc.Group* next = Libc.NextGroup();
            Errno error = Libc.LastError;
            if (next is not null || AccountDatabase.IsNotFound(error))
            {
                return next;
            }

            if (error is not Errno.EINTR)
            {
                throw new OsException(error, "getgrent");
            }
        }
    }

    private static GroupEntry Read(Libc.Group* entry)
    {
        List<string> members = [];
        for (byte** member = entry->Members; member is not null && *member is not null; member++)
        {
            members.Add(OsText.Decode(*member));
        }

        return new(
            OsText.Decode(entry->Name), entry->Password is null ? "" : OsText.Decode(entry->Password), entry->GroupId, members.AsReadOnly());
    }
}
