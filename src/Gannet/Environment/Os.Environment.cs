namespace Gannet;

public static partial class Os
{
    /// <summary><c>os.environ</c>: the variables of this process; see <see cref="Gannet.Environ"/>.</summary>
    public static Environ Environ => Environ.Instance;

    /// <summary><c>os.getenv</c>: the value of a variable, null when there is none. A name that no variable can have is simply not
    /// there.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public static string? GetEnv(string name) => Environ.TryGetValue(name, out string? value) ? value : null;

    /// <summary><c>os.getenv(name, default)</c>: as <see cref="GetEnv(string)"/>, with an answer for the variable that is not there.</summary>
    /// <param name="name">The name.</param>
    /// <param name="defaultValue">The answer then.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public static string GetEnv(string name, string defaultValue) => GetEnv(name) ?? defaultValue;

    /// <summary>
    /// <c>os.putenv</c>: sets a variable, as assigning to <see cref="Environ"/> does. In CPython <c>os.environ</c> does not notice;
    /// here there is nothing that could disagree.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value, which may be empty.</param>
    /// <exception cref="ArgumentException">The name is empty or holds <c>=</c>, or a NUL stands in name or value.</exception>
    /// <exception cref="ArgumentNullException">Name or value is null.</exception>
    /// <remarks>Source: setenv(3). The C function called <c>putenv</c> takes one text <c>name=value</c>.</remarks>
    public static void PutEnv(string name, string value) => Environ[name] = value;

    /// <summary><c>os.unsetenv</c>: removes a variable; one that is not there is no error.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">The name is empty, or holds <c>=</c> or a NUL.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <remarks>Source: unsetenv(3).</remarks>
    public static void UnsetEnv(string name) => Environ.Remove(name);
}
