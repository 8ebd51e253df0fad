using System.Collections.Immutable;
using Gannet.Interop;

namespace Gannet;

/// <summary>The environment of a child: this program's live one, or none, with changes laid over it.</summary>
internal sealed record EnvironmentPlan
{
    private const byte NameEnd = (byte)'=';

    private bool IsEmptyAtFirst { get; init; }

    // A value of null removes the variable.
    private ImmutableDictionary<string, string?> Changes { get; init; } = ImmutableDictionary<string, string?>.Empty;

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
        return this with { Changes = Changes.SetItem(name, value) };
    }

    /// <summary>With a variable removed.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds <c>=</c> or a NUL.</exception>
    public EnvironmentPlan Without(string name)
    {
        CheckName(name);
        return this with { Changes = Changes.SetItem(name, null) };
    }

    /// <summary>The entries as they are passed; null for the live environment as it is.</summary>
    public IReadOnlyList<byte[]>? ToEntries()
    {
        if (Changes.IsEmpty)
        {
            return IsEmptyAtFirst ? [] : null;
        }

        List<(byte[] Name, string? Value)> changes = [.. Changes.Select(change => (OsText.Encode(change.Key), change.Value))];
        List<byte[]> entries = IsEmptyAtFirst
            ? []
            : [.. LiveEnvironment.Snapshot().Where(entry => !changes.Exists(change => HasName(entry, change.Name)))];
        entries.AddRange(changes.Where(change => change.Value is not null).Select(change => Join(change.Name, change.Value!)));
        return entries;
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
