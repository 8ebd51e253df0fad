using System.Collections;
using System.Text;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// The environment that a program started from here must get. Two copies of it live in every .NET process: libc's, which
/// native code changes with setenv, and .NET's own, which <see cref="System.Environment"/> reads from libc's once and changes
/// from then on. Each is blind to the other, so what both started from (/proc/self/environ) serves to tell who has changed what.
/// </summary>
/// <remarks>
/// .NET's copy holds names and values as UTF-8 text, in which U+FFFD stands for bytes that are none. It leaves out entries
/// without <c>=</c>, and of two entries with one name it holds the first. Bytes are therefore only touched where that text tells
/// of a change.
/// </remarks>
internal static class LiveEnvironment
{
    /// <summary>The entries <c>NAME=value</c> as bytes: libc's, in their order, with the changes made through .NET's copy laid over
    /// them.</summary>
    public static List<byte[]> Snapshot()
    {
        List<byte[]> native = Libc.ReadEnvironment();
        // No /proc, or a process that is not dumpable: what libc has now is the best that is known of the start.
        List<byte[]> start = TryReadStart() ?? native;
        return Merge(native, start, ReadManaged());
    }

    /// <summary>Lays the changes in <paramref name="managed"/> over <paramref name="native"/>.</summary>
    /// <param name="native">libc's entries now.</param>
    /// <param name="start">The entries at the start of the program.</param>
    /// <param name="managed">.NET's copy now.</param>
    internal static List<byte[]> Merge(List<byte[]> native, List<byte[]> start, IReadOnlyDictionary<string, string> managed)
    {
        Dictionary<string, byte[]> heldNow = FirstByName(native), heldAtStart = FirstByName(start);
        List<byte[]> merged = [.. native.Where(entry => !WasRemoved(entry, start, heldAtStart, managed))];
        foreach ((string name, string value) in managed)
        {
            if (name is not "" && !Holds(heldNow, name, value) && !Holds(heldAtStart, name, value))
            {
                Set(merged, name, value);
            }
        }

        return merged;
    }

    // In .NET's copy at the start, gone from it now, and not set anew by native code.
    private static bool WasRemoved(
        byte[] entry, List<byte[]> start, Dictionary<string, byte[]> heldAtStart, IReadOnlyDictionary<string, string> managed) =>
        DecodeName(entry) is { } name
        && !managed.ContainsKey(name)
        && heldAtStart.TryGetValue(name, out byte[]? held)
        && Name(held).SequenceEqual(Name(entry))
        && start.Exists(old => old.AsSpan().SequenceEqual(entry));

    private static bool Holds(Dictionary<string, byte[]> entries, string name, string value) =>
        entries.TryGetValue(name, out byte[]? entry) && Encoding.UTF8.GetString(entry.AsSpan(Name(entry).Length + 1)) == value;

    /// <summary>As setenv: in the place of the first entry with that name. Further ones go, since some programs read the last.</summary>
    private static void Set(List<byte[]> entries, string name, string value)
    {
        // A name that .NET could not decode keeps the bytes that it has.
        byte[] bytes = entries.Find(entry => DecodeName(entry) == name) is { } held ? Name(held).ToArray() : OsText.Encode(name);
        byte[] changed = [.. bytes, (byte)'=', .. OsText.Encode(value)];
        int first = entries.FindIndex(entry => HasName(entry, bytes));
        if (first < 0)
        {
            entries.Add(changed);
            return;
        }

        entries[first] = changed;
        for (int i = entries.Count - 1; i > first; i--)
        {
            if (HasName(entries[i], bytes))
            {
                entries.RemoveAt(i);
            }
        }
    }

    private static Dictionary<string, byte[]> FirstByName(List<byte[]> entries)
    {
        Dictionary<string, byte[]> first = new(entries.Count, StringComparer.Ordinal);
        foreach (byte[] entry in entries)
        {
            if (DecodeName(entry) is { } name)
            {
                first.TryAdd(name, entry);
            }
        }

        return first;
    }

    /// <summary>The name as .NET reads it; null for an entry without a name, which .NET can't change.</summary>
    private static string? DecodeName(byte[] entry) => entry.AsSpan().IndexOf((byte)'=') > 0 ? Encoding.UTF8.GetString(Name(entry)) : null;

    private static bool HasName(byte[] entry, byte[] name) => DecodeName(entry) is not null && Name(entry).SequenceEqual(name);

    private static ReadOnlySpan<byte> Name(byte[] entry) => entry.AsSpan(0, entry.AsSpan().IndexOf((byte)'='));

    private static Dictionary<string, string> ReadManaged()
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }

    private static List<byte[]>? TryReadStart()
    {
        try
        {
            return Split(File.ReadAllBytes("/proc/self/environ"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static List<byte[]> Split(ReadOnlySpan<byte> block)
    {
        List<byte[]> entries = [];
        while (!block.IsEmpty)
        {
            int end = block.IndexOf((byte)0);
            entries.Add((end < 0 ? block : block[..end]).ToArray());
            block = end < 0 ? [] : block[(end + 1)..];
        }

        return entries;
    }
}
