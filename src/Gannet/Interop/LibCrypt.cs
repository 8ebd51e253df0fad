using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gannet.Interop;

/// <summary>
/// The system's libcrypt: <c>libcrypt.so.2</c> or <c>libcrypt.so.1</c> of libxcrypt, the latter of older glibc too, and musl's libc. They
/// are looked for when they are first needed, because a system need not have any.
/// </summary>
internal static unsafe class LibCrypt
{
    // struct crypt_data: 32 KiB in libxcrypt, 128 KiB in glibc.
    private const int DataSize = 256 * 1024;
    private const int OutputSize = 384;

    private static readonly string[] s_names = ["libcrypt.so.2", "libcrypt.so.1", "libc.so"];
    private static readonly nint s_library = Load();
    private static readonly nint s_crypt = Find("crypt_r");
    private static readonly nint s_makeSalt = Find("crypt_gensalt_rn");

    /// <summary>Whether salts for the costly methods can be made here.</summary>
    public static bool MakesSalts => s_makeSalt is not 0;

    /// <summary>Whether there is one.</summary>
    public static bool IsAvailable => s_crypt is not 0;

    /// <summary><c>crypt_r</c>. Safe from any thread.</summary>
    /// <param name="phrase">The password, without a NUL.</param>
    /// <param name="setting">The salt, terminated.</param>
    /// <returns>The hash as bytes, and null or a text that begins with <c>*</c> on failure, with its errno.</returns>
    public static (byte[]? Hash, Errno Error) Hash(ReadOnlySpan<byte> phrase, ReadOnlySpan<byte> setting)
    {
        byte* data = (byte*)NativeMemory.AllocZeroed(DataSize);
        byte* terminated = (byte*)NativeMemory.Alloc((nuint)phrase.Length + 1);
        try
        {
            phrase.CopyTo(new Span<byte>(terminated, phrase.Length));
            terminated[phrase.Length] = 0;
            fixed (byte* salt = setting)
            {
                Marshal.SetLastSystemError(0);
                byte* hash = ((delegate* unmanaged<byte*, byte*, byte*, byte*>)s_crypt)(terminated, salt, data);
                Errno error = (Errno)Marshal.GetLastSystemError();
                return (hash is null ? null : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(hash).ToArray(), error);
            }
        }
        finally
        {
            // Both hold the password, and what was computed on the way.
            CryptographicOperations.ZeroMemory(new Span<byte>(terminated, phrase.Length));
            CryptographicOperations.ZeroMemory(new Span<byte>(data, DataSize));
            NativeMemory.Free(terminated);
            NativeMemory.Free(data);
        }
    }

    /// <summary><c>crypt_gensalt_rn</c>: null when the method or the cost is not known.</summary>
    public static string? MakeSalt(ReadOnlySpan<byte> prefix, ulong cost, ReadOnlySpan<byte> random)
    {
        byte* output = stackalloc byte[OutputSize];
        fixed (byte* prefixStart = prefix, randomStart = random)
        {
            byte* salt = ((delegate* unmanaged<byte*, nuint, byte*, int, byte*, int, byte*>)s_makeSalt)(
                prefixStart, (nuint)cost, randomStart, random.Length, output, OutputSize);
            return salt is null || *salt is (byte)'*' ? null : OsText.Decode(salt);
        }
    }

    private static nint Load()
    {
        foreach (string name in s_names)
        {
            if (OperatingSystem.IsLinux()
                && NativeLibrary.TryLoad(name, out nint library)
                && NativeLibrary.TryGetExport(library, "crypt_r", out _))
            {
                return library;
            }
        }

        return 0;
    }

    private static nint Find(string function) =>
        s_library is not 0 && NativeLibrary.TryGetExport(s_library, function, out nint address) ? address : 0;
}
