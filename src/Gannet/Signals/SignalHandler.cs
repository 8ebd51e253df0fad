namespace Gannet;

/// <summary>
/// What stands on a signal: a function, or one of the two standard handlers, <see cref="Default"/> (<c>SIG_DFL</c>) and
/// <see cref="Ignore"/> (<c>SIG_IGN</c>). Two are equal when they stand for the same: the same kind and the same function.
/// </summary>
/// <remarks>Python gives back the function itself, and the numbers 0 and 1 for the two others.</remarks>
public sealed class SignalHandler : IEquatable<SignalHandler>
{
    private SignalHandler(SignalHandlerKind kind) => Kind = kind;

    /// <summary>A function as a handler.</summary>
    /// <param name="function">Called with the signal and what is known about its delivery.</param>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> is null.</exception>
    public SignalHandler(Action<Signal, SignalInfo> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Kind = SignalHandlerKind.Custom;
        Function = function;
    }

    /// <summary><c>SIG_DFL</c>: the default action.</summary>
    public static SignalHandler Default { get; } = new(SignalHandlerKind.Default);

    /// <summary><c>SIG_IGN</c>: the signal is ignored.</summary>
    public static SignalHandler Ignore { get; } = new(SignalHandlerKind.Ignore);

    /// <summary>The handler of native code that Gannet knows nothing of; Python says <c>None</c>. Setting it brings back the one
    /// that stood there before Gannet's.</summary>
    public static SignalHandler Unknown { get; } = new(SignalHandlerKind.Unknown);

    /// <summary>What it stands for.</summary>
    public SignalHandlerKind Kind { get; }

    /// <summary>The very delegate that was set; null unless <see cref="Kind"/> is <see cref="SignalHandlerKind.Custom"/>.</summary>
    public Action<Signal, SignalInfo>? Function { get; }

    /// <summary>Calls the function, as a delivery would.</summary>
    /// <param name="signal">The first argument.</param>
    /// <param name="info">The second.</param>
    /// <exception cref="InvalidOperationException">It stands for no function: the two standard handlers can't be called, as in
    /// Python.</exception>
    public void Invoke(Signal signal, SignalInfo info = default)
    {
        if (Function is null)
        {
            throw new InvalidOperationException($"The handler '{Kind}' is no function; it can't be called.");
        }

        Function(signal, info);
    }

    /// <inheritdoc/>
    public bool Equals(SignalHandler? other) => other is not null && Kind == other.Kind && Equals(Function, other.Function);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SignalHandler);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Function);

    /// <summary>Whether both stand for the same.</summary>
    public static bool operator ==(SignalHandler? left, SignalHandler? right) => left?.Equals(right) ?? right is null;

    /// <summary>Whether they stand for different things.</summary>
    public static bool operator !=(SignalHandler? left, SignalHandler? right) => !(left == right);

    /// <summary>The name of its kind, for messages.</summary>
    public override string ToString() => $"{Kind}";
}
