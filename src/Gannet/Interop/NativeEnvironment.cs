using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary>
/// libc's environment: the array <c>environ</c>, which getenv reads and every exec of native code passes on. Native threads may be
/// reading it at any moment without a lock, so that it is never changed under them: an array that is replaced stays readable, and a
/// text once put into it is never freed. The caller holds a lock against other callers from here.
/// </summary>
internal static unsafe class NativeEnvironment
{
    private const int Spare = 16;

    // A getenv takes microseconds; one that was held up longer on an array that is used again may miss a variable, but still
    // reads nothing but entries.
    private static readonly TimeSpan s_quarantine = TimeSpan.FromSeconds(1);

    // "environ" is a variable, not a function; the program's own handle finds the copy that libc uses.
    private static readonly byte*** s_variable =
        (byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");

    private static readonly Dictionary<byte[], nint> s_texts = new(BytesComparer.Instance);
    private static readonly Queue<RetiredArray> s_retired = new();

    private static byte** s_owned;
    private static int s_capacity;

    /// <summary>Whether the entries are these, in this order. Allocates nothing.</summary>
    public static bool Holds(byte[][] entries)
    {
        byte** next = *s_variable;
        foreach (byte[] entry in entries)
        {
            if (next is null || *next is null || !Text(*next).SequenceEqual(entry))
            {
                return false;
            }

            next++;
        }

        return next is null || *next is null;
    }

    /// <summary>The entries as bytes, in their order.</summary>
    public static byte[][] Read()
    {
        List<byte[]> entries = [];
        for (byte** next = *s_variable; next is not null && *next is not null; next++)
        {
            entries.Add(Text(*next).ToArray());
        }

        return [.. entries];
    }

    /// <summary>As getenv: the value of the first entry with this name.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (byte** next = *s_variable; next is not null && *next is not null; next++)
        {
            if (HasName(*next, name))
            {
                value = Text(*next + name.Length + 1);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>As setenv: in the place of the first entry with this name, else at the end. Further ones go, since some programs read
    /// the last.</summary>
    /// <param name="entry"><c>NAME=value</c>.</param>
    /// <param name="nameLength">How long the name is.</param>
    public static void Set(ReadOnlySpan<byte> entry, int nameLength)
    {
        Own();
        byte* text = Keep(entry);
        ReadOnlySpan<byte> name = entry[..nameLength];
        int first = IndexOf(name, 0);
        if (s_owned[first] is null)
        {
            Append(text, first);
            return;
        }

        Put(s_owned, first, text);
        RemoveFrom(first + 1, name);
    }

    /// <summary>As unsetenv: removes every entry with this name.</summary>
    public static void Remove(ReadOnlySpan<byte> name)
    {
        Own();
        RemoveFrom(0, name);
    }

    /// <summary>Puts other entries in the place of all.</summary>
    public static void Replace(IReadOnlyList<byte[]> entries)
    {
        Own();
        int count = Count(s_owned);
        byte** other = Rent(entries.Count + 1, out int capacity);
        Put(other, entries.Count, null);
        for (int i = entries.Count - 1; i >= 0; i--)
        {
            Put(other, i, i < count && Text(s_owned[i]).SequenceEqual(entries[i]) ? s_owned[i] : Keep(entries[i]));
        }

        Install(other, capacity);
    }

    /// <summary>Whether an entry is of this name.</summary>
    public static bool HasName(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> name) =>
        entry.Length > name.Length && entry[name.Length] is (byte)'=' && entry.StartsWith(name);

    // Most entries differ in the first letters; there is no need to know how long they are.
    private static bool HasName(byte* entry, ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (entry[i] != name[i])
            {
                return false;
            }
        }

        return entry[name.Length] is (byte)'=';
    }

    private static ReadOnlySpan<byte> Text(byte* entry) => MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry);

    private static int Count(byte** array)
    {
        int count = 0;
        while (array is not null && array[count] is not null)
        {
            count++;
        }

        return count;
    }

    // The index of the end when there is none.
    private static int IndexOf(ReadOnlySpan<byte> name, int start)
    {
        int i = start;
        while (s_owned[i] is not null && !HasName(s_owned[i], name))
        {
            i++;
        }

        return i;
    }

    private static void RemoveFrom(int start, ReadOnlySpan<byte> name)
    {
        int first = IndexOf(name, start);
        if (s_owned[first] is null)
        {
            return;
        }

        int count = Count(s_owned);
        int kept = count;
        for (int i = first; i < count; i++)
        {
            kept -= HasName(s_owned[i], name) ? 1 : 0;
        }

        byte** shorter = Rent(count + 1, out int capacity);
        Put(shorter, kept, null);
        for (int i = count - 1; i >= 0; i--)
        {
            if (i < first || !HasName(s_owned[i], name))
            {
                Put(shorter, --kept, s_owned[i]);
            }
        }

        Install(shorter, capacity);
    }

    // Native code may have put an array of its own there, by setenv or by hand.
    private static void Own()
    {
        byte** current = *s_variable;
        if (s_owned is not null && current == s_owned)
        {
            return;
        }

        int count = Count(current);
        byte** copy = Rent(count + 1, out int capacity);
        Copy(current, copy, count);
        Install(copy, capacity);
    }

    private static void Append(byte* text, int count)
    {
        if (count + 1 == s_capacity)
        {
            byte** longer = Rent(count + 2, out int capacity);
            Copy(s_owned, longer, count);
            Install(longer, capacity);
        }

        // The new end first: a reader meets it behind the new entry, or the old end before it.
        Put(s_owned, count + 1, null);
        Put(s_owned, count, text);
    }

    private static void Copy(byte** from, byte** to, int count)
    {
        Put(to, count, null);
        for (int i = count - 1; i >= 0; i--)
        {
            Put(to, i, from[i]);
        }
    }

    // An array is filled from its end to its front. A reader that was held up on one that is used again meets the old end or the new
    // one, and whatever it finds before that is an entry.
    private static void Put(byte** array, int index, byte* text) => Volatile.Write(ref Unsafe.AsRef<nint>(array + index), (nint)text);

    private static void Install(byte** array, int capacity)
    {
        if (s_owned is not null)
        {
            s_retired.Enqueue(new((nint)s_owned, s_capacity, Environment.TickCount64));
        }

        s_owned = array;
        s_capacity = capacity;
        Volatile.Write(ref Unsafe.AsRef<nint>(s_variable), (nint)array);
    }

    /// <summary>Room for <paramref name="size"/> pointers and some more: an array that nobody can be reading any more, or a new one.</summary>
    private static byte** Rent(int size, out int capacity)
    {
        while (s_retired.TryPeek(out RetiredArray oldest)
            && Environment.TickCount64 - oldest.Since > s_quarantine.TotalMilliseconds
            && oldest.Start != (nint)(*s_variable))
        {
            // One that has become too small is left alone for ever.
            s_retired.Dequeue();
            if (oldest.Capacity >= size)
            {
                capacity = oldest.Capacity;
                return (byte**)oldest.Start;
            }
        }

        capacity = size + Spare;
        return (byte**)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(byte*));
    }

    /// <summary>The one native copy of an entry: a program that sets the same values over and over takes no more memory.</summary>
    private static byte* Keep(ReadOnlySpan<byte> entry)
    {
        Dictionary<byte[], nint>.AlternateLookup<ReadOnlySpan<byte>> texts = s_texts.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!texts.TryGetValue(entry, out nint text))
        {
            byte* copy = (byte*)NativeMemory.Alloc((nuint)entry.Length + 1);
            entry.CopyTo(new Span<byte>(copy, entry.Length));
            copy[entry.Length] = 0;
            text = (nint)copy;
            texts[entry] = text;
        }

        return (byte*)text;
    }

    private readonly record struct RetiredArray(nint Start, int Capacity, long Since);

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? left, byte[]? right) => left.AsSpan().SequenceEqual(right);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] bytes) => GetHashCode(bytes.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
