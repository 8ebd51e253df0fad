using System.Security.Cryptography;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// A password in memory: bytes that the collector never moves or copies, and that are wiped when it is disposed. Its text form does
/// not show it.
/// </summary>
public sealed class Secret : IDisposable
{
    private const int FirstCapacity = 256;

    private byte[] _bytes = Allocate(FirstCapacity);
    private bool _disposed;

    internal Secret()
    {
    }

    /// <summary>Copies a secret. The original is the caller's to wipe.</summary>
    /// <param name="bytes">The bytes, of a text mostly UTF-8.</param>
    public Secret(ReadOnlySpan<byte> bytes)
        : this() => bytes.CopyTo(Extend(bytes.Length));

    /// <summary>How many bytes it has.</summary>
    public int Length { get; private set; }

    /// <summary>A secret from a text, as UTF-8. The text itself stays in memory until the collector gets to it.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">It holds a NUL, at which the system would cut it off.</exception>
    public static Secret FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int count = OsText.GetByteCount(text, nameof(text));
        Secret secret = new();
        OsText.Encode(text, secret.Extend(count));
        return secret;
    }

    /// <summary>The bytes, until it is disposed.</summary>
    /// <exception cref="ObjectDisposedException">It has been.</exception>
    public ReadOnlySpan<byte> AsSpan()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _bytes.AsSpan(0, Length);
    }

    /// <summary>The text, for those who need one. From then on a copy is in memory that nobody can wipe.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    public string Reveal() => OsText.Decode(AsSpan());

    /// <summary>Whether two secrets are the same. How long the answer takes tells their length, and nothing more.</summary>
    /// <param name="other">The other one.</param>
    /// <exception cref="ObjectDisposedException">One has been disposed.</exception>
    public bool IsSame(Secret other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return CryptographicOperations.FixedTimeEquals(AsSpan(), other.AsSpan());
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => "(secret)";

    /// <summary>Wipes it.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
        Length = 0;
    }

    /// <summary>Room for some more bytes at the end.</summary>
    internal Span<byte> Extend(int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Length + count > _bytes.Length)
        {
            byte[] larger = Allocate(Math.Max(Length + count, _bytes.Length * 2));
            AsSpan().CopyTo(larger);
            CryptographicOperations.ZeroMemory(_bytes);
            _bytes = larger;
        }

        Span<byte> room = _bytes.AsSpan(Length, count);
        Length += count;
        return room;
    }

    /// <summary>Wipes what is beyond a length.</summary>
    internal void Truncate(int length)
    {
        CryptographicOperations.ZeroMemory(_bytes.AsSpan(length, Length - length));
        Length = length;
    }

    private static byte[] Allocate(int capacity) => GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
}
