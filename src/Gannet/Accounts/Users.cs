using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// Python's <c>pwd</c>: the users that the system knows, from /etc/passwd and every other source of the name service switch. Anybody
/// may ask. Each call asks anew.
/// </summary>
/// <remarks>Bytes that are not UTF-8 become lone surrogates (U+DC80 to U+DCFF), as everywhere. Source: getpwnam(3), getpwent(3).</remarks>
[SupportedOSPlatform("linux")]
public static unsafe class Users
{
    private const string ShadowFile = "/etc/shadow";

    // getpwent reads on where the last call in this process stopped.
    private static readonly LivingLock s_enumeration = new();

    /// <summary><c>pwd.getpwuid</c>: the user with this id.</summary>
    /// <param name="uid">The id.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="OsException">The name service failed: EIO, EMFILE, ENOMEM and the like.</exception>
    public static UserEntry Get(uint uid) => Find(uid) ?? throw new KeyNotFoundException($"getpwuid: no user has the id {uid}");

    /// <summary><c>pwd.getpwnam</c>: the user of this name.</summary>
    /// <param name="name">The login name.</param>
    /// <exception cref="KeyNotFoundException">There is none; nobody has an empty name.</exception>
    /// <exception cref="ArgumentException">The name holds a NUL.</exception>
    /// <exception cref="OsException">The name service failed.</exception>
    public static UserEntry Get(string name) => Find(name) ?? throw new KeyNotFoundException($"getpwnam: there is no user '{name}'");

    /// <summary>As <see cref="Get(uint)"/>; null when there is none.</summary>
    /// <param name="uid">The id.</param>
    /// <exception cref="OsException">The name service failed.</exception>
    public static UserEntry? Find(uint uid) => AccountDatabase.Find<uint, UserEntry>("getpwuid", uid, Lookup);

    /// <summary>As <see cref="Get(string)"/>; null when there is none.</summary>
    /// <param name="name">The login name.</param>
    /// <exception cref="ArgumentException">The name holds a NUL.</exception>
    /// <exception cref="OsException">The name service failed.</exception>
    public static UserEntry? Find(string name)
    {
        byte[] bytes = OsText.EncodeTerminated(name, nameof(name));
        return name is "" ? null : AccountDatabase.Find<byte[], UserEntry>("getpwnam", bytes, Lookup);
    }

    /// <summary><c>pwd.getpwall</c>: every user, in the order of the sources. Sources that forbid it (large directories mostly do) are
    /// left out: who is not listed may exist.</summary>
    /// <exception cref="OsException">The name service failed.</exception>
    public static IReadOnlyList<UserEntry> All()
    {
        List<UserEntry> users = [];
        using (s_enumeration.Enter())
        {
            Libc.OpenUsers();
            try
            {
                for (Libc.Passwd* next; (next = Next()) is not null;)
                {
                    users.Add(Read(next));
                }
            }
            finally
            {
                Libc.CloseUsers();
            }
        }

        return users;
    }

    /// <summary>
    /// Whether a password is a user's. The hash comes from the shadow file, which only root may read, or from the user's entry where it is
    /// still kept there.
    /// </summary>
    /// <param name="name">The login name.</param>
    /// <param name="password">The password.</param>
    /// <returns>False as well when there is no such user, and for an account that is locked or has no password: there is nothing to
    /// check then, but it takes as long as with a hash of the best method of <see cref="Crypt.Methods"/>.</returns>
    /// <exception cref="ArgumentException">The name or the password holds a NUL.</exception>
    /// <exception cref="OsException">EACCES: the hash is in the shadow file, and this process may not read it. Otherwise the name service
    /// failed.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no libcrypt.</exception>
    /// <remarks>Only the password is looked at, not whether the account has expired, nor what else PAM is set up to ask.
    /// Source: getspnam(3), crypt(3). CPython 3.13 has neither any more.</remarks>
    public static bool CheckPassword(string name, string password)
    {
        using Secret secret = Secret.FromText(password);
        return CheckPassword(name, secret);
    }

    /// <summary>As <see cref="CheckPassword(string, string)"/>, for what <see cref="GetPass.Prompt"/> gives.</summary>
    /// <param name="name">The login name.</param>
    /// <param name="password">The password.</param>
    public static bool CheckPassword(string name, Secret password)
    {
        ArgumentNullException.ThrowIfNull(password);
        string? hash = FindHash(name);
        if (hash is null or "" or ['!' or '*', ..])
        {
            // As much work as for a real hash, so that the time does not tell whose account there is. A salt alone is nobody's hash.
            _ = Crypt.Verify(password, Crypt.MakeSalt());
            return false;
        }

        return Crypt.Verify(password, hash);
    }

    private static string? FindHash(string name)
    {
        string? hash = Find(name)?.Password;
        const string elsewhere = "x";
        if (hash is not elsewhere)
        {
            return hash;
        }

        // Where the file is closed to this process a further source may give a stand-in, which would look like a wrong password.
        if (Libc.IsForbidden(ShadowFile))
        {
            throw new OsException(Errno.EACCES, "getspnam", name);
        }

        byte[] bytes = OsText.EncodeTerminated(name, nameof(name));
        return AccountDatabase.Find<byte[], string>("getspnam", bytes, LookupHash);
    }

    private static int Lookup(uint uid, byte* buffer, nuint size, out UserEntry? user)
    {
        Libc.Passwd entry;
        Libc.Passwd* found;
        int error = Libc.FindUser(uid, &entry, buffer, size, &found);
        user = found is null ? null : Read(found);
        return error;
    }

    private static int Lookup(byte[] name, byte* buffer, nuint size, out UserEntry? user)
    {
        Libc.Passwd entry;
        Libc.Passwd* found;
        fixed (byte* start = name)
        {
            int error = Libc.FindUser(start, &entry, buffer, size, &found);
            user = found is null ? null : Read(found);
            return error;
        }
    }

    private static int LookupHash(byte[] name, byte* buffer, nuint size, out string? hash)
    {
        Libc.Shadow entry;
        Libc.Shadow* found;
        fixed (byte* start = name)
        {
            int error = Libc.FindShadow(start, &entry, buffer, size, &found);
            hash = found is null ? null : OsText.Decode(found->Password);
            new Span<byte>(buffer, (int)size).Clear();
            return error;
        }
    }

    private static Libc.Passwd* Next()
    {
        while (true)
        {
            Libc.Passwd* next = Libc.NextUser();
            Errno error = Libc.LastError;
            if (next is not null || AccountDatabase.IsNotFound(error))
            {
                return next;
            }

            if (error is not Errno.EINTR)
            {
                throw new OsException(error, "getpwent");
            }
        }
    }

    private static UserEntry Read(Libc.Passwd* entry) => new(
        Text(entry->Name), Text(entry->Password), entry->UserId, entry->GroupId, Text(entry->Gecos), Text(entry->Directory), Text(entry->Shell));

    // A source may leave a field out.
    private static string Text(byte* text) => text is null ? "" : OsText.Decode(text);
}
