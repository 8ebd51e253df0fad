using System.Text;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// Brings libc's environment and .NET's copy of it together again. Each is blind to the other's changes; what both were when they
/// last agreed tells who has changed what.
/// </summary>
/// <remarks>
/// .NET's copy holds names and values as UTF-8 text, in which U+FFFD stands for bytes that are none. It leaves out entries
/// without <c>=</c>, and of two entries with one name it holds the first. Bytes are therefore only touched where that text tells
/// of a change.
/// </remarks>
/// <param name="native">libc's entries now.</param>
/// <param name="managed">.NET's copy now.</param>
/// <param name="agreedNative">libc's entries when both last agreed.</param>
/// <param name="agreedManaged">.NET's copy then.</param>
internal sealed class EnvironmentMerge(
    IReadOnlyList<byte[]> native,
    IReadOnlyDictionary<string, string> managed,
    IReadOnlyList<byte[]> agreedNative,
    IReadOnlyDictionary<string, string> agreedManaged)
{
    private readonly Dictionary<string, byte[]> _now = FirstByName(native);
    private readonly Dictionary<string, byte[]> _agreed = FirstByName(agreedNative);

    /// <summary>What .NET reads out of entries that it finds at its start.</summary>
    public static Dictionary<string, string> AsDotnetReads(IReadOnlyList<byte[]> entries) =>
        FirstByName(entries).ToDictionary(pair => pair.Key, pair => DecodeValue(pair.Value), StringComparer.Ordinal);

    /// <summary>The entries that both are to have: libc's, in their order, with the changes made through .NET's copy laid over
    /// them.</summary>
    public List<byte[]> Entries()
    {
        List<byte[]> merged = [.. native.Where(entry => !WasRemoved(entry))];
        foreach ((string name, string value) in managed)
        {
            if (name is not "" && !IsAgreed(name, value) && !Holds(_now, name, value) && !Holds(_agreed, name, value))
            {
                Set(merged, name, value);
            }
        }

        return merged;
    }

    /// <summary>What has to change in .NET's copy, so that it tells of native code's changes; null for what is to go.</summary>
    /// <param name="merged">The <see cref="Entries"/>.</param>
    public List<KeyValuePair<string, string?>> ManagedChanges(List<byte[]> merged)
    {
        Dictionary<string, byte[]> held = FirstByName(merged);
        List<KeyValuePair<string, string?>> changes = [];
        foreach ((string name, byte[] entry) in held)
        {
            if (!Holds(managed, name, entry) && !IsUnchanged(name, entry))
            {
                changes.Add(new(name, DecodeValue(entry)));
            }
        }

        foreach (string name in managed.Keys)
        {
            if (name is not "" && !held.ContainsKey(name))
            {
                changes.Add(new(name, null));
            }
        }

        return changes;
    }

    // In .NET's copy when both agreed, gone from it now, and not set anew by native code.
    private bool WasRemoved(byte[] entry) =>
        DecodeName(entry) is { } name
        && !managed.ContainsKey(name)
        && agreedManaged.ContainsKey(name)
        && _agreed.TryGetValue(name, out byte[]? held)
        && Name(held).SequenceEqual(Name(entry))
        && agreedNative.Any(old => old.AsSpan().SequenceEqual(entry));

    private bool IsAgreed(string name, string value) => agreedManaged.TryGetValue(name, out string? agreed) && agreed == value;

    // .NET's text of it may differ from the bytes, and does so where they are no text.
    private bool IsUnchanged(string name, byte[] entry) =>
        managed.ContainsKey(name) && _agreed.TryGetValue(name, out byte[]? held) && held.AsSpan().SequenceEqual(entry);

    private static bool Holds(Dictionary<string, byte[]> entries, string name, string value) =>
        entries.TryGetValue(name, out byte[]? entry) && DecodeValue(entry) == value;

    private static bool Holds(IReadOnlyDictionary<string, string> variables, string name, byte[] entry) =>
        variables.TryGetValue(name, out string? value) && value == DecodeValue(entry);

    /// <summary>As setenv: in the place of the first entry with that name. Further ones go, since some programs read the last.</summary>
    private static void Set(List<byte[]> entries, string name, string value)
    {
        // A name that .NET could not decode keeps the bytes that it has.
        byte[] bytes = entries.Find(entry => DecodeName(entry) == name) is { } held ? Name(held).ToArray() : Encode(name);
        byte[] changed = [.. bytes, (byte)'=', .. Encode(value)];
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

    // Where the framework keeps its copy as UTF-16, half a surrogate pair may stand in it; it would become U+FFFD there too.
    private static byte[] Encode(string text)
    {
        try
        {
            return OsText.Encode(text);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8.GetBytes(text);
        }
    }

    private static Dictionary<string, byte[]> FirstByName(IReadOnlyList<byte[]> entries)
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

    private static string DecodeValue(byte[] entry) => Encoding.UTF8.GetString(Value(entry));

    private static bool HasName(byte[] entry, byte[] name) => DecodeName(entry) is not null && Name(entry).SequenceEqual(name);

    private static ReadOnlySpan<byte> Name(byte[] entry) => entry.AsSpan(0, entry.AsSpan().IndexOf((byte)'='));

    private static ReadOnlySpan<byte> Value(byte[] entry) => entry.AsSpan(entry.AsSpan().IndexOf((byte)'=') + 1);
}
