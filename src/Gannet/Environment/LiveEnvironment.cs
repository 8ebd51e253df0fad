using System.Text;
using System.Text.Unicode;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// The environment of this process. Two copies of it live in every .NET process: libc's, which native code changes with setenv, and
/// .NET's own, which <see cref="System.Environment"/> takes from libc's when the runtime starts and changes from then on. A change
/// through here goes into both; one that was made to either alone is carried over to the other at the next call.
/// </summary>
internal static class LiveEnvironment
{
    private static Lock s_lock = new();

    // Both copies as they were when they last agreed; null before the first call. What has been handed out is never changed.
    private static byte[][]? s_native;
    private static Dictionary<string, string> s_managed = [];

    /// <summary>In a forked child: dead threads wait for nothing. None of them held the lock, since nothing waits under it.</summary>
    public static void LeaveOthersBehind() => s_lock = new();

    /// <summary>The entries <c>NAME=value</c> as bytes, for a program that is started from here; not to be changed.</summary>
    public static IReadOnlyList<byte[]> Snapshot()
    {
        lock (s_lock)
        {
            return Agree();
        }
    }

    /// <summary>The value of a variable, or null.</summary>
    public static string? Get(string name)
    {
        byte[] nameBytes = OsText.Encode(name, nameof(name));
        if (!OperatingSystem.IsLinux())
        {
            return Environment.GetEnvironmentVariable(name);
        }

        lock (s_lock)
        {
            string? managed = Environment.GetEnvironmentVariable(name);
            bool found = NativeEnvironment.TryFind(nameBytes, out ReadOnlySpan<byte> native);
            if (found ? IsText(native, managed) : managed is null)
            {
                return managed;
            }

            // One of the two has been changed alone, or the bytes are no text.
            Agree();
            return Find(nameBytes);
        }
    }

    /// <summary>Sets a variable in both copies.</summary>
    public static void Set(string name, string value)
    {
        byte[] nameBytes = OsText.Encode(name, nameof(name)), valueBytes = OsText.Encode(value, nameof(value));
        lock (s_lock)
        {
            if (OperatingSystem.IsLinux())
            {
                SetNative([.. nameBytes, (byte)'=', .. valueBytes], nameBytes);
            }

            SetManaged(nameBytes, Encoding.UTF8.GetString(valueBytes));
        }
    }

    /// <summary>Sets a variable in both copies, unless it is there.</summary>
    /// <returns>The value that it has already; null when it has been set.</returns>
    public static string? SetIfAbsent(string name, string value)
    {
        lock (s_lock)
        {
            string? present = Get(name);
            if (present is null)
            {
                Set(name, value);
            }

            return present;
        }
    }

    /// <summary>Removes a variable from both copies.</summary>
    /// <returns>The value that it had; null when there was none.</returns>
    public static string? Remove(string name)
    {
        byte[] nameBytes = OsText.Encode(name, nameof(name));
        lock (s_lock)
        {
            string? value = OperatingSystem.IsLinux() ? RemoveNative(nameBytes) : Environment.GetEnvironmentVariable(name);
            if (value is not null)
            {
                SetManaged(nameBytes, null);
            }

            return value;
        }
    }

    /// <summary>Removes everything from both copies.</summary>
    public static void Clear()
    {
        lock (s_lock)
        {
            if (OperatingSystem.IsLinux())
            {
                s_native = [];
                NativeEnvironment.Replace(s_native);
            }

            foreach (string name in ManagedEnvironment.Read().Keys.Where(name => name is not ""))
            {
                ManagedEnvironment.Set(name, null);
            }

            s_managed = ManagedEnvironment.Read();
        }
    }

    /// <summary>Every variable, in the order of the entries; of two with one name the first, as getenv has it.</summary>
    public static List<KeyValuePair<string, string>> Variables()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [.. ManagedEnvironment.Read()];
        }

        List<KeyValuePair<string, string>> variables = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (byte[] entry in Snapshot())
        {
            int end = entry.AsSpan().IndexOf((byte)'=');
            if (end > 0 && OsText.Decode(entry.AsSpan(0, end)) is { } name && names.Add(name))
            {
                variables.Add(new(name, OsText.Decode(entry.AsSpan(end + 1))));
            }
        }

        return variables;
    }

    private static string? Find(byte[] name) =>
        NativeEnvironment.TryFind(name, out ReadOnlySpan<byte> value) ? OsText.Decode(value) : null;

    private static void SetNative(byte[] entry, byte[] name)
    {
        byte[][] native = s_native ?? Agree();
        NativeEnvironment.Set(entry, name.Length);
        int first = Array.FindIndex(native, held => NativeEnvironment.HasName(held, name));
        s_native = first < 0
            ? [.. native, entry]
            : [.. native[..first], entry, .. native[(first + 1)..].Where(held => !NativeEnvironment.HasName(held, name))];
    }

    private static string? RemoveNative(byte[] name)
    {
        byte[][] native = Agree();
        string? value = Find(name);
        if (value is not null)
        {
            NativeEnvironment.Remove(name);
            s_native = [.. native.Where(held => !NativeEnvironment.HasName(held, name))];
        }

        return value;
    }

    private static void SetManaged(byte[] nameBytes, string? value)
    {
        // As the framework holds it: where the bytes are no text, something like it.
        string name = Encoding.UTF8.GetString(nameBytes);
        ManagedEnvironment.Set(name, value);
        if (value is null)
        {
            s_managed.Remove(name);
        }
        else
        {
            s_managed[name] = value;
        }
    }

    private static bool IsText(ReadOnlySpan<byte> bytes, string? text) =>
        text is not null
        && (Ascii.Equals(bytes, text) || (Utf8.IsValid(bytes) && Encoding.UTF8.GetString(bytes) == text));

    /// <summary>Carries changes that were made to one copy over to the other. Without any it compares, and that is all.</summary>
    /// <returns>libc's entries.</returns>
    private static byte[][] Agree()
    {
        if (s_native is null)
        {
            // No /proc, or a process that is not dumpable: what libc has now is the best that is known of the start.
            s_native = TryReadStart() ?? NativeEnvironment.Read();
            s_managed = EnvironmentMerge.AsDotnetReads(s_native);
        }

        if (NativeEnvironment.Holds(s_native) && ManagedEnvironment.Holds(s_managed))
        {
            return s_native;
        }

        EnvironmentMerge merge = new(NativeEnvironment.Read(), ManagedEnvironment.Read(), s_native, s_managed);
        List<byte[]> entries = merge.Entries();
        s_native = [.. entries];
        if (!NativeEnvironment.Holds(s_native))
        {
            NativeEnvironment.Replace(s_native);
        }

        foreach ((string name, string? value) in merge.ManagedChanges(entries))
        {
            ManagedEnvironment.Set(name, value);
        }

        s_managed = ManagedEnvironment.Read();
        return s_native;
    }

    private static byte[][]? TryReadStart()
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

    private static byte[][] Split(ReadOnlySpan<byte> block)
    {
        List<byte[]> entries = [];
        while (!block.IsEmpty)
        {
            int end = block.IndexOf((byte)0);
            entries.Add((end < 0 ? block : block[..end]).ToArray());
            block = end < 0 ? [] : block[(end + 1)..];
        }

        return [.. entries];
    }
}
