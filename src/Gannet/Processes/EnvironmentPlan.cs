using System.Collections.Immutable;
using Gannet.Interop;

namespace Gannet;

/// <summary>The environment of a child: this program's live one, or none, with changes laid over it.</summary>
internal sealed record EnvironmentPlan
{
    private const byte NameEnd = (byte)'=';

    // Encoded once; a copy of the plan that says something else must not take it over.
    private IReadOnlyList<byte[]>? _entries;

    private bool IsEmptyAtFirst { get; init; }

    // A value of null removes the variable. Sorted, so that two starts of one command are alike.
    private ImmutableSortedDictionary<string, string?> Changes { get; init; } = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    /// <summary>As it is in this program when the child is started.</summary>
    public static EnvironmentPlan Live { get; } = new();

    /// <summary>No variable at all.</summary>
    public static EnvironmentPlan Empty { get; } = new() { IsEmptyAtFirst = true };

    /// <summary>With a variable set.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds <c>=</c>; a NUL.</exception>
    public EnvironmentPlan With(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckName(name);
        _ = OsText.GetByteCount(value, nameof(value));
        return this with { Changes = Changes.SetItem(name, value), _entries = null };
    }

    /// <summary>With a variable removed.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds <c>=</c> or a NUL.</exception>
    public EnvironmentPlan Without(string name)
    {
        CheckName(name);
        return this with { Changes = Changes.SetItem(name, null), _entries = null };
    }

    /// <summary>The entries as they are passed; null for the live environment as it is.</summary>
    public IReadOnlyList<byte[]>? ToEntries()
    {
        if (Changes.IsEmpty)
        {
            return IsEmptyAtFirst ? [] : null;
        }

        return IsEmptyAtFirst ? _entries ??= Join(Changes) : LayOver(LiveEnvironment.Snapshot());
    }

    private static List<byte[]> Join(ImmutableSortedDictionary<string, string?> changes) =>
        [.. changes.Where(change => change.Value is not null).Select(change => Join(OsText.Encode(change.Key), change.Value!))];

    private List<byte[]> LayOver(IReadOnlyList<byte[]> live)
    {
        List<byte[]> names = [.. Changes.Keys.Select(name => OsText.Encode(name))];
        return [.. live.Where(entry => !names.Exists(name => HasName(entry, name))), .. Join(Changes)];
    }

    private static byte[] Join(byte[] name, string value) => [.. name, NameEnd, .. OsText.Encode(value)];

    private static bool HasName(byte[] entry, byte[] name) =>
        entry.Length > name.Length && entry[name.Length] == NameEnd && entry.AsSpan().StartsWith(name);

    private static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('=', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{name}' can't be the name of an environment variable: it holds '='.", nameof(name));
        }

        _ = OsText.GetByteCount(name, nameof(name));
    }
}
