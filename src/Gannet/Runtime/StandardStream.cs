namespace Gannet;

/// <summary>
/// One of the three standard streams: what it was at start and what it is now. The console wraps what it is given in a
/// synchronized writer; this remembers both, so that reading back gives the very object that was assigned.
/// </summary>
/// <param name="read">Reads the console's stream.</param>
/// <param name="write">Sets the console's stream.</param>
internal sealed class StandardStream<T>(Func<T> read, Action<T> write)
    where T : class
{
    private readonly Lock _lock = new();
    private T? _original;
    private T? _assigned;
    private T? _wrapped;

    /// <summary>The console's stream at the first use of this object.</summary>
    public T Original
    {
        get
        {
            lock (_lock)
            {
                return _original ??= read();
            }
        }
    }

    /// <summary>The stream that the console uses now.</summary>
    public T Current
    {
        get
        {
            lock (_lock)
            {
                T console = read();
                _original ??= console;
                return ReferenceEquals(console, _wrapped) ? _assigned! : console;
            }
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            lock (_lock)
            {
                _original ??= read();
                write(value);
                _assigned = value;
                _wrapped = read();
            }
        }
    }
}
