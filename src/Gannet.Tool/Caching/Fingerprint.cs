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
    private readonly string _place;

    private Fingerprint(string place, byte[] contents)
    {
        _place = place;
        Contents = contents;
        EntryName = $"{_place}-{Hash(contents)}";
    }

    /// <summary>The name of the entry: one half stands for the script's place, the other for the contents.</summary>
    public string EntryName { get; }

    /// <summary>The name of the folder in which the SDK builds this script, again and again.</summary>
    public string WorkName => $"{_place}-work";

    public ReadOnlyMemory<byte> Contents { get; }

    /// <remarks>
    /// This is on the way of every start: nothing here looks for an SDK, formats a number (which would load the culture data) or
    /// brings in another assembly.
    /// </remarks>
    public static Fingerprint Of(Script script)
    {
        using MemoryStream contents = new();
        Add(contents, typeof(Fingerprint).Module.ModuleVersionId.ToByteArray());
        Add(contents, typeof(Sys).Module.ModuleVersionId.ToByteArray());
        AddInstallation(contents);
        // In a file the path is part of the code (CallerFilePath, the trace of an exception); without one, relative
        // directives count from the current directory.
        string place = script.Source.FullPath ?? $"{script.Source.DisplayName} {script.BaseDirectory}";
        Add(contents, place);
        Add(contents, script.Bytes);
        foreach (string path in script.IncludedPaths)
        {
            AddFile(contents, path);
        }

        foreach (string path in BuildFiles.Above(script))
        {
            AddFile(contents, path);
        }

        return new Fingerprint(Hash(Encoding.UTF8.GetBytes(place)), contents.ToArray());
    }

    /// <summary>The same place, with other contents: for what the SDK has built from more than can be seen from here.</summary>
    public Fingerprint With(ReadOnlySpan<byte> contents) => new(_place, [.. Contents.Span, .. contents]);

    /// <summary>The runtime, whose path names its version, and the folders whose times change when an SDK comes or goes.</summary>
    private static void AddInstallation(MemoryStream contents)
    {
        Add(contents, System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory());
        Add(contents, BitConverter.GetBytes(Directory.GetLastWriteTimeUtc(DotnetInstallation.SdkFolder).Ticks));
        Add(contents, BitConverter.GetBytes(Directory.GetLastWriteTimeUtc(DotnetInstallation.TargetingPackFolder).Ticks));
    }

    private static void AddFile(MemoryStream contents, string path)
    {
        Add(contents, path);
        Add(contents, File.Exists(path) ? File.ReadAllBytes(path) : []);
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

    /// <summary>FNV-1a, 64 bits, in hexadecimal: it only names files.</summary>
    private static string Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in bytes)
        {
            hash = unchecked((hash ^ b) * 1099511628211);
        }

        return string.Create(2 * sizeof(ulong), hash, (digits, value) =>
        {
            for (int i = digits.Length - 1; i >= 0; i--, value >>= 4)
            {
                digits[i] = "0123456789abcdef"[(int)(value & 0xF)];
            }
        });
    }
}
