using System.Collections;
using System.Runtime.InteropServices;
using System.Text;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// The environment that a program started from here must get. Two copies of it live in every .NET process: libc's, which
/// native code changes with setenv, and .NET's own, filled at start, which <see cref="System.Environment"/> changes. Each is
/// blind to the other, so what both started from (/proc/self/environ) serves to tell who has changed what.
/// </summary>
internal static class LiveEnvironment
{
    /// <summary>The entries <c>NAME=value</c> as bytes: libc's, with the changes made through .NET's copy laid over them.</summary>
    public static List<byte[]> Snapshot()
    {
        Dictionary<string, byte[]> native = ByName(ReadNative());
        Dictionary<string, byte[]> atStart = TryReadAtStart() is { } entries ? ByName(entries) : new(native);
        Dictionary<string, string> managed = ReadManaged();

        foreach ((string name, byte[] entry) in atStart)
        {
            // In .NET's copy at the start, gone from it now: removed by this program.
            if (!managed.ContainsKey(name) && native.TryGetValue(name, out byte[]? current) && current.AsSpan().SequenceEqual(entry))
            {
                native.Remove(name);
            }
        }

        foreach ((string name, string value) in managed)
        {
            // Compared as .NET would decode it, so that bytes which are not UTF-8 do not look like a change.
            if (!atStart.TryGetValue(name, out byte[]? entry) || ValueAsDotnetReadsIt(entry) != value)
            {
                native[name] = OsText.Encode($"{name}={value}");
            }
        }

        return [.. native.Values];
    }

    private static Dictionary<string, byte[]> ByName(List<byte[]> entries)
    {
        Dictionary<string, byte[]> byName = new(entries.Count, StringComparer.Ordinal);
        foreach (byte[] entry in entries)
        {
            int equals = entry.AsSpan().IndexOf((byte)'=');
            // getenv finds the first of two entries with one name.
            byName.TryAdd(OsText.Decode(equals < 0 ? entry : entry.AsSpan(0, equals)), entry);
        }

        return byName;
    }

    private static string ValueAsDotnetReadsIt(byte[] entry) =>
        Encoding.UTF8.GetString(entry.AsSpan(entry.AsSpan().IndexOf((byte)'=') + 1));

    private static Dictionary<string, string> ReadManaged()
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }

    private static List<byte[]>? TryReadAtStart()
    {
        byte[] contents;
        try
        {
            contents = File.ReadAllBytes("/proc/self/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No /proc, or a process that is not dumpable: what libc has now is the best that is known of the start.
            return null;
        }

        List<byte[]> entries = [];
        ReadOnlySpan<byte> block = contents;
        while (!block.IsEmpty)
        {
            int end = block.IndexOf((byte)0);
            entries.Add((end < 0 ? block : block[..end]).ToArray());
            block = end < 0 ? [] : block[(end + 1)..];
        }

        return entries;
    }

    private static unsafe List<byte[]> ReadNative()
    {
        List<byte[]> entries = [];
        // "environ" is a variable of libc, not a function; the program's own handle finds the copy that libc uses.
        byte** next = *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
        for (; next is not null && *next is not null; next++)
        {
            entries.Add(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*next).ToArray());
        }

        return entries;
    }
}
