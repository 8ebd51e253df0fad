using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// <c>os.environ</c>: the variables of this process as a dictionary that is always true. Reading it sees what native code and
/// <see cref="Environment"/> have changed meanwhile; changing it changes libc's environment and .NET's copy of it,
/// so that <c>getenv</c>, <see cref="Environment.GetEnvironmentVariable(string)"/> and every program that is started from here agree.
/// The one instance is <see cref="Os.Environ"/>.
/// </summary>
/// <remarks>
/// <para>Names are case sensitive. Bytes that are not UTF-8 are lone surrogates (U+DC80 to U+DCFF) in names and values and reach
/// a program that Gannet starts unchanged; .NET's copy can't hold them, so that a <c>System.Diagnostics.Process</c> gets U+FFFD in their
/// place. Entries that have no name, and all but the first of those that share one, are not shown; children get them nonetheless.</para>
/// <para>Each call is safe beside any other call from here and beside native <c>getenv</c>: what that may be reading is never freed.
/// Native code that calls <c>setenv</c> on another thread at the same moment is outside every lock, as POSIX has it.</para>
/// <para>CPython's <c>os.environ</c> is a copy made at start, which <c>os.putenv</c> and native code do not change.
/// Source: environ(7), getenv(3), setenv(3).</para>
/// </remarks>
[SuppressMessage("Naming", "CA1725", Justification = "A variable has a name, not a key.")]
[SuppressMessage("Performance", "CA1822", Justification = "What they change is the process's; they are members of the one instance all the same.")]
public sealed class Environ : IDictionary<string, string>, IReadOnlyDictionary<string, string>
{
    private Environ()
    {
    }

    internal static Environ Instance { get; } = new();

    /// <summary>How many variables there are.</summary>
    public int Count => LiveEnvironment.Variables().Count;

    /// <summary>The names, as they are now.</summary>
    public ICollection<string> Keys => [.. LiveEnvironment.Variables().Select(variable => variable.Key)];

    /// <summary>The values in the order of the names, as they are now.</summary>
    public ICollection<string> Values => [.. LiveEnvironment.Variables().Select(variable => variable.Value)];

    bool ICollection<KeyValuePair<string, string>>.IsReadOnly => false;

    IEnumerable<string> IReadOnlyDictionary<string, string>.Keys => Keys;

    IEnumerable<string> IReadOnlyDictionary<string, string>.Values => Values;

    /// <summary>The value of a variable. Assigning creates or replaces it; an empty value is a value.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">Reading: there is no such variable.</exception>
    /// <exception cref="ArgumentException">Assigning: the name is empty or holds <c>=</c>, or a NUL stands in name or value.</exception>
    /// <exception cref="ArgumentNullException">Name or value is null.</exception>
    public string this[string name]
    {
        get => TryGetValue(name, out string? value) ? value : throw NotFound(name);
        set
        {
            CheckName(name);
            ArgumentNullException.ThrowIfNull(value);
            LiveEnvironment.Set(name, value);
        }
    }

    /// <summary>The value of a variable, or false. A name that no variable can have is not an error here.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public bool TryGetValue(string name, [MaybeNullWhen(false)] out string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        value = CanBeName(name) && OsText.IsEncodable(name) ? LiveEnvironment.Get(name) : null;
        return value is not null;
    }

    /// <summary><c>name in os.environ</c>: whether there is such a variable, be its value empty.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public bool ContainsKey(string name) => TryGetValue(name, out _);

    /// <summary>Creates a variable.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">There is one already, or as with assignment.</exception>
    public void Add(string name, string value)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(value);
        if (LiveEnvironment.SetIfAbsent(name, value) is not null)
        {
            throw new ArgumentException($"The environment has a variable '{name}' already.", nameof(name));
        }
    }

    /// <summary>Removes a variable, if it is there.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether it was there. <see cref="Delete"/> is the form that insists.</returns>
    /// <exception cref="ArgumentException">As with assignment.</exception>
    public bool Remove(string name)
    {
        CheckName(name);
        return LiveEnvironment.Remove(name) is not null;
    }

    /// <summary><c>del os.environ[name]</c>: removes a variable that is there.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">There is no such variable.</exception>
    /// <exception cref="ArgumentException">As with assignment.</exception>
    public void Delete(string name)
    {
        if (!Remove(name))
        {
            throw NotFound(name);
        }
    }

    /// <summary><c>os.environ.pop</c>: removes a variable and gives the value that it had.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">There is no such variable.</exception>
    /// <exception cref="ArgumentException">As with assignment.</exception>
    public string Pop(string name)
    {
        CheckName(name);
        return LiveEnvironment.Remove(name) ?? throw NotFound(name);
    }

    /// <summary><c>os.environ.setdefault</c>: the value of a variable, which is created with <paramref name="value"/> when it is not
    /// there.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value that it gets.</param>
    /// <exception cref="ArgumentException">As with assignment.</exception>
    public string SetDefault(string name, string value)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(value);
        return LiveEnvironment.SetIfAbsent(name, value) ?? value;
    }

    /// <summary><c>os.environ.update</c>: assigns several variables. All are looked at before the first is assigned.</summary>
    /// <param name="variables">Names to values.</param>
    /// <exception cref="ArgumentException">As with assignment; nothing has been changed.</exception>
    public void Update(IEnumerable<KeyValuePair<string, string>> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        KeyValuePair<string, string>[] all = [.. variables];
        foreach ((string name, string value) in all)
        {
            CheckName(name, nameof(variables));
            CheckText(value, nameof(variables));
        }

        foreach ((string name, string value) in all)
        {
            this[name] = value;
        }
    }

    /// <summary><c>clearenv</c>: removes every variable, and the entries that have no name.</summary>
    public void Clear() => LiveEnvironment.Clear();

    /// <summary>Goes through the variables as they are at this moment.</summary>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => LiveEnvironment.Variables().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    void ICollection<KeyValuePair<string, string>>.Add(KeyValuePair<string, string> item) => Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<string, string>>.Contains(KeyValuePair<string, string> item) =>
        TryGetValue(item.Key, out string? value) && value == item.Value;

    void ICollection<KeyValuePair<string, string>>.CopyTo(KeyValuePair<string, string>[] array, int arrayIndex) =>
        LiveEnvironment.Variables().CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, string>>.Remove(KeyValuePair<string, string> item) =>
        ((ICollection<KeyValuePair<string, string>>)this).Contains(item) && Remove(item.Key);

    private static void CheckName(string name, [CallerArgumentExpression(nameof(name))] string? parameter = null)
    {
        CheckText(name, parameter);
        if (!CanBeName(name))
        {
            throw new ArgumentException($"'{name}' can't be the name of an environment variable.", parameter);
        }
    }

    private static void CheckText(string text, string? parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        _ = OsText.GetByteCount(text, parameter);
    }

    private static bool CanBeName(string name) => name is not "" && name.AsSpan().IndexOfAny('=', '\0') < 0;

    private static KeyNotFoundException NotFound(string name) => new($"The environment has no variable '{name}'.");
}
