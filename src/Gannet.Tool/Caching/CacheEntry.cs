using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Gannet.Tool.Running;

namespace Gannet.Tool.Caching;

/// <summary>
/// The file that makes a folder an entry of the cache. It is written last, and tells enough to notice damage: the length of
/// every file, and a checksum of the assembly that is run.
/// </summary>
internal static class CacheEntry
{
    public const string FileName = "gannet.entry";

    private const int Format = 1;

    /// <summary>Describes the folder of <paramref name="script"/>, which holds all its other files already.</summary>
    public static void Write(Stream entry, CompiledScript script, ReadOnlySpan<byte> fingerprint)
    {
        List<FileInfo> files = [.. new DirectoryInfo(script.Directory).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Name != FileName)];
        using BinaryWriter writer = new(entry, Encoding.UTF8, leaveOpen: true);
        writer.Write(Format);
        writer.Write(fingerprint.Length);
        writer.Write(fingerprint);
        writer.Write(script.AssemblyFile);
        writer.Write((int)script.By);
        writer.Write(script.FollowsNativeAotRules);
        writer.Write(script.RunsInPlace);
        writer.Write(Checksum(File.ReadAllBytes(script.AssemblyPath)));
        writer.Write(files.Count);
        foreach (FileInfo file in files)
        {
            writer.Write(Path.GetRelativePath(script.Directory, file.FullName));
            writer.Write(file.Length);
        }
    }

    /// <summary>Reads an entry; null when it is damaged, of another format, or of another fingerprint.</summary>
    public static CompiledScript? TryRead(Stream entry, string directory, ReadOnlySpan<byte> fingerprint)
    {
        try
        {
            using BinaryReader reader = new(entry, Encoding.UTF8, leaveOpen: true);
            return TryReadFingerprint(reader, out byte[] stored) && fingerprint.SequenceEqual(stored) ? TryReadScript(reader, directory) : null;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the entry that this very run has made in an earlier image; null when it is gone or damaged.</summary>
    public static CompiledScript? TryRead(Stream entry, string directory)
    {
        using BinaryReader reader = new(entry, Encoding.UTF8, leaveOpen: true);
        return TryReadFingerprint(reader, out _) ? TryReadScript(reader, directory) : null;
    }

    private static bool TryReadFingerprint(BinaryReader reader, out byte[] fingerprint)
    {
        bool known = reader.ReadInt32() == Format;
        fingerprint = known ? reader.ReadBytes(reader.ReadInt32()) : [];
        return known;
    }

    private static CompiledScript? TryReadScript(BinaryReader reader, string directory)
    {
        CompiledScript script = new(
            directory, reader.ReadString(), (CompiledBy)reader.ReadInt32(), reader.ReadBoolean(), RunsInPlace: reader.ReadBoolean());
        return reader.ReadUInt32() == Checksum(File.ReadAllBytes(script.AssemblyPath)) && FilesAreWhole(reader, directory) ? script : null;
    }

    private static bool FilesAreWhole(BinaryReader reader, string directory)
    {
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            FileInfo file = new(Path.Combine(directory, reader.ReadString()));
            if (!file.Exists || file.Length != reader.ReadInt64() || !FileOwnership.IsOursAlone(file.FullName))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>CRC-32C, against damage; who may write is a matter of <see cref="FileOwnership"/>.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
