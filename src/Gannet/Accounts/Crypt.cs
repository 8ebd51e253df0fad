using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// Python's <c>crypt</c>: one-way hashes of passwords, as the shadow file keeps them, by the machine's libcrypt. Safe from any thread.
/// </summary>
/// <remarks>To check a password the salt is the stored hash itself: <see cref="Verify(string, string)"/>. The classic script took
/// the first two letters of what was typed, which never fits. CPython 3.13 has dropped the module. Source: crypt(3), crypt(5).</remarks>
[SupportedOSPlatform("linux")]
public static class Crypt
{
    private const string SaltLetters = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int RandomSize = 64;
    private const int FewestRounds = 1000;
    private const int MostRounds = 999_999_999;
    private const int DefaultRounds = 5000;

    private static readonly Lazy<IReadOnlyList<CryptMethod>> s_methods = new(FindMethods);

    /// <summary><c>crypt.methods</c>: what this machine's libcrypt can do, the best first.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no libcrypt.</exception>
    public static IReadOnlyList<CryptMethod> Methods
    {
        get
        {
            CheckAvailable();
            return s_methods.Value;
        }
    }

    /// <summary><c>crypt.crypt</c>: hashes a password.</summary>
    /// <param name="password">The password, hashed as UTF-8.</param>
    /// <param name="salt">A salt from <see cref="MakeSalt"/>, or a hash, whose salt is then used again.</param>
    /// <returns>The hash, which begins with the salt.</returns>
    /// <exception cref="ArgumentException">The salt is none, or of a method that this libcrypt does not have; the password holds a NUL,
    /// or is longer than the 511 bytes that libcrypt takes. CPython gave <c>*0</c> or None.</exception>
    /// <exception cref="OsException">ENOMEM, for one, which yescrypt and scrypt may need much of.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no libcrypt.</exception>
    public static string Hash(string password, string salt)
    {
        using Secret secret = Secret.FromText(password);
        return Hash(secret, salt);
    }

    /// <summary>As <see cref="Hash(string, string)"/>, for what <see cref="GetPass.Prompt"/> gives.</summary>
    /// <param name="password">The password.</param>
    /// <param name="salt">A salt from <see cref="MakeSalt"/>, or a hash.</param>
    /// <exception cref="ArgumentException">As <see cref="Hash(string, string)"/>.</exception>
    public static string Hash(Secret password, string salt)
    {
        (byte[]? hash, Errno error) = Compute(password, salt);
        if (hash is not null)
        {
            return OsText.Decode(hash);
        }

        throw error switch
        {
            Errno.ERANGE => new ArgumentException("The password is longer than libcrypt takes.", nameof(password)),
            Errno.None or Errno.EINVAL => new ArgumentException("libcrypt takes this for no salt, or does not have its method.", nameof(salt)),
            _ => new OsException(error, "crypt"),
        };
    }

    /// <summary>A hash of a password with a new salt of the best method.</summary>
    /// <param name="password">The password.</param>
    /// <exception cref="ArgumentException">As <see cref="Hash(string, string)"/>.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no libcrypt.</exception>
    public static string Hash(string password) => Hash(password, MakeSalt());

    /// <summary>
    /// Whether a password is the one behind a hash. The hashes are compared in a time that does not depend on where they differ.
    /// </summary>
    /// <param name="password">The password.</param>
    /// <param name="hash">The stored hash.</param>
    /// <returns>False as well for what is no hash: <c>x</c>, <c>*</c>, <c>!</c>, the empty text of an account without a
    /// password.</returns>
    /// <exception cref="ArgumentException">The password or the hash holds a NUL.</exception>
    /// <exception cref="OsException">ENOMEM and the like: it could not be computed.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no libcrypt.</exception>
    public static bool Verify(string password, string hash)
    {
        using Secret secret = Secret.FromText(password);
        return Verify(secret, hash);
    }

    /// <summary>As <see cref="Verify(string, string)"/>, for what <see cref="GetPass.Prompt"/> gives.</summary>
    /// <param name="password">The password.</param>
    /// <param name="hash">The stored hash.</param>
    /// <exception cref="ArgumentException">As <see cref="Verify(string, string)"/>.</exception>
    public static bool Verify(Secret password, string hash)
    {
        byte[] stored = OsText.Encode(hash, nameof(hash));
        (byte[]? computed, Errno error) = Compute(password, hash);
        if (computed is null && error is not (Errno.None or Errno.EINVAL or Errno.ERANGE))
        {
            throw new OsException(error, "crypt");
        }

        return computed is not null && CryptographicOperations.FixedTimeEquals(computed, stored);
    }

    /// <summary><c>crypt.mksalt</c>: a new random salt.</summary>
    /// <param name="method">The method; null for the best that there is.</param>
    /// <param name="cost">How much work a hash takes: rounds for <see cref="CryptMethod.Sha512"/> and
    /// <see cref="CryptMethod.Sha256"/>, a power of two for <see cref="CryptMethod.Bcrypt"/> (4 to 31), a step from 1 to 11 for yescrypt
    /// and 6 to 11 for scrypt; 0 for the method's own choice. MD5 and DES have none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is out of the method's range.</exception>
    /// <exception cref="PlatformNotSupportedException">This libcrypt does not have the method, or there is none.</exception>
    public static string MakeSalt(CryptMethod? method = null, int cost = 0)
    {
        CheckAvailable();
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        CryptMethod chosen = method ?? Methods[0];
        CheckCost(chosen, cost);
        string? salt = LibCrypt.MakesSalts ? MakeByLibrary(chosen, cost) : MakeHere(chosen, cost);
        if (salt is not null)
        {
            return salt;
        }

        throw Methods.Contains(chosen)
            ? new ArgumentOutOfRangeException(nameof(cost), cost, $"{chosen} does not take this cost.")
            : new PlatformNotSupportedException($"The libcrypt of this machine does not have {chosen}.");
    }

    /// <summary>Whether a stored hash was made in another way than new ones are to be: the moment to hash anew is when its password has
    /// just been verified.</summary>
    /// <param name="hash">The stored hash.</param>
    /// <param name="method">The method that new hashes have; null for the best that there is.</param>
    /// <param name="cost">Their cost; 0 for the method's own choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is out of the method's range.</exception>
    /// <exception cref="PlatformNotSupportedException">This libcrypt does not have the method, or there is none.</exception>
    public static bool NeedsRehash(string hash, CryptMethod? method = null, int cost = 0)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return Parameters(hash) != Parameters(MakeSalt(method, cost));
    }

    /// <summary>A salt made without libcrypt's help, for those that give none; null for methods whose salts are more than letters.</summary>
    internal static string? MakeHere(CryptMethod method, int cost)
    {
        string rounds = cost is 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"rounds={cost}$");
        return method switch
        {
            CryptMethod.Sha512 => $"$6${rounds}{RandomNumberGenerator.GetString(SaltLetters, 16)}",
            CryptMethod.Sha256 => $"$5${rounds}{RandomNumberGenerator.GetString(SaltLetters, 16)}",
            CryptMethod.Md5 => $"$1${RandomNumberGenerator.GetString(SaltLetters, 8)}",
            CryptMethod.Des => RandomNumberGenerator.GetString(SaltLetters, 2),
            _ => null,
        };
    }

    private static string? MakeByLibrary(CryptMethod method, int cost)
    {
        Span<byte> random = stackalloc byte[RandomSize];
        RandomNumberGenerator.Fill(random);
        return LibCrypt.MakeSalt(OsText.EncodeTerminated(Prefix(method)), (ulong)cost, random);
    }

    private static (byte[]? Hash, Errno Error) Compute(Secret password, string salt)
    {
        ArgumentNullException.ThrowIfNull(password);
        byte[] setting = OsText.EncodeTerminated(salt, nameof(salt));
        CheckAvailable();
        if (password.AsSpan().Contains((byte)0))
        {
            throw new ArgumentException("The password holds a NUL, at which libcrypt would cut it off.", nameof(password));
        }

        (byte[]? hash, Errno error) = LibCrypt.Hash(password.AsSpan(), setting);
        return hash is null or [(byte)'*', ..] ? (null, error) : (hash, Errno.None);
    }

    private static string Prefix(CryptMethod method) => method switch
    {
        CryptMethod.Yescrypt => "$y$",
        CryptMethod.GostYescrypt => "$gy$",
        CryptMethod.Scrypt => "$7$",
        CryptMethod.Bcrypt => "$2b$",
        CryptMethod.Sha512 => "$6$",
        CryptMethod.Sha256 => "$5$",
        CryptMethod.Md5 => "$1$",
        CryptMethod.Des => "",
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "There is no such method."),
    };

    private static void CheckCost(CryptMethod method, int cost)
    {
        bool allowed = cost is 0 || method switch
        {
            CryptMethod.Sha512 or CryptMethod.Sha256 => cost is >= FewestRounds and <= MostRounds,
            CryptMethod.Md5 or CryptMethod.Des => false,
            _ => true,
        };
        if (!allowed)
        {
            throw new ArgumentOutOfRangeException(nameof(cost), cost, $"{method} does not take this cost.");
        }
    }

    private static List<CryptMethod> FindMethods() =>
        [.. Enum.GetValues<CryptMethod>().Where(method => (LibCrypt.MakesSalts ? MakeByLibrary(method, 0) : MakeHere(method, 0)) is not null)];

    /// <summary>The method and the cost: what stands before the random part.</summary>
    private static string Parameters(string hash)
    {
        string[] fields = hash.Split('$');
        if (fields.Length < 3)
        {
            return "des";
        }

        const string rounds = "rounds=";
        bool hasParameters = fields[1] is "y" or "gy" or "2a" or "2b" or "2x" or "2y" || fields[2].StartsWith(rounds, StringComparison.Ordinal);
        // scrypt's eleven letters of parameters are not set off from its salt.
        const int scryptParameters = 11;
        string parameters = fields[1] is "7" ? fields[2][..Math.Min(scryptParameters, fields[2].Length)] : hasParameters ? fields[2] : "";
        return parameters == string.Create(CultureInfo.InvariantCulture, $"{rounds}{DefaultRounds}") ? fields[1] : $"{fields[1]}${parameters}".TrimEnd('$');
    }

    private static void CheckAvailable()
    {
        if (!LibCrypt.IsAvailable)
        {
            throw new PlatformNotSupportedException("There is no libcrypt on this machine: neither libcrypt.so.2 nor libcrypt.so.1.");
        }
    }
}
