using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>Becoming an ordinary user for good.</summary>
[SupportedOSPlatform("linux")]
internal static class Privileges
{
    private const uint Root = 0;

    /// <summary>Takes a user's groups, group and user id, in this order: after the last one nothing could be changed any more.</summary>
    public static void Drop(UserEntry user)
    {
        if (user.Uid is Root)
        {
            throw new ArgumentException($"'{user.Name}' is root by another name; there would be nothing to drop.", nameof(user));
        }

        // The first step fails without privilege, and has changed nothing then.
        Libc.InitializeGroups(user.Name, user.Gid);
        try
        {
            Libc.SetGroupIds(user.Gid, user.Gid, user.Gid);
            Libc.SetUserIds(user.Uid, user.Uid, user.Uid);
        }
        catch (OsException error)
        {
            throw new PrivilegeException(error.Errno, error.Operation, user.Name);
        }

        Prove(user);
    }

    // The kernel is asked, not believed: kept capabilities or a user namespace might have left a way back.
    private static void Prove(UserEntry user)
    {
        bool ids = Libc.UserIds() == (user.Uid, user.Uid, user.Uid) && Libc.GroupIds() == (user.Gid, user.Gid, user.Gid);
        bool userIsStuck = Libc.SetEffectiveUser(Root) < 0 && Libc.SetUser(Root) < 0;
        bool groupIsStuck = user.Gid is Root || (Libc.SetEffectiveGroup(Root) < 0 && Libc.SetGroup(Root) < 0);
        if (!ids || !userIsStuck || !groupIsStuck)
        {
            throw new PrivilegeException(Errno.None, ids ? "setuid" : "getresuid", user.Name);
        }
    }
}
