using System.Buffers.Binary;
using System.Text;
using Gannet.Tool.Compiling;
using Gannet.Tool.Scripts;

namespace Gannet.Tool.Caching;

/// <summary>
/// Everything that the result of compiling a script depends on, byte for byte: the script and where it lies, the files that it
/// includes, the build files above it, the compiler and Gannet. A cache entry keeps its fingerprint and is used only when the
/// whole of it is the same, so no hash has to be trusted (and no cryptographic library to be loaded at start).
/// </summary>
internal sealed class Fingerprint
{
    private Fingerprint(string place, byte[] contents)
    {
        EntryName = $"{Hash(Encoding.UTF8.GetBytes(place)):x16}-{Hash(contents):x16}";
        WorkName = $"{Hash(Encoding.UTF8.GetBytes(place)):x16}-work";
        Contents = contents;
    }

    /// <summary>The name of the entry: one half stands for the script's place, the other for the contents.</summary>
    public string EntryName { get; }

    /// <summary>The name of the folder in which the SDK builds this script, again and again.</summary>
    public string WorkName { get; }

    public ReadOnlyMemory<byte> Contents { get; }

    public static Fingerprint Of(Script script)
    {
        using MemoryStream contents = new();
        Add(contents, $"{typeof(Fingerprint).Module.ModuleVersionId} {typeof(Sys).Module.ModuleVersionId}");
        Add(contents, $"{DotnetInstallation.Sdk} {DotnetInstallation.TargetingPack} {Environment.Version}");
        // In a file the path is part of the code (CallerFilePath, the trace of an exception); without one, relative
        // directives count from the current directory.
        string place = script.Source.FullPath ?? $"{script.Source.DisplayName} {script.BaseDirectory}";
        Add(contents, place);
        Add(contents, script.Bytes);
        foreach (string path in script.IncludedPaths.Concat(BuildFiles.Above(script)))
        {
            Add(contents, path);
            Add(contents, File.Exists(path) ? File.ReadAllBytes(path) : []);
        }

        return new Fingerprint(place, contents.ToArray());
    }

    /// <summary>The same place, with other contents: for what the SDK has built from more than can be seen from here.</summary>
    public Fingerprint With(ReadOnlySpan<byte> contents) => new(this, [.. Contents.Span, .. contents]);

    private Fingerprint(Fingerprint other, byte[] contents)
    {
        EntryName = $"{other.EntryName.AsSpan(0, 16)}-{Hash(contents):x16}";
        WorkName = other.WorkName;
        Contents = contents;
    }

    private static void Add(MemoryStream contents, string text) => Add(contents, Encoding.UTF8.GetBytes(text));

    private static void Add(MemoryStream contents, ReadOnlySpan<byte> bytes)
    {
        // With its length in front, no two lists of parts run together into the same bytes.
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        contents.Write(length);
        contents.Write(bytes);
    }

    /// <summary>FNV-1a, 64 bits: it only names files.</summary>
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in bytes)
        {
            hash = unchecked((hash ^ b) * 1099511628211);
        }

        return hash;
    }
}
