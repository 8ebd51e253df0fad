using System.Runtime.CompilerServices;
using System.Text;

namespace Gannet;

/// <summary>
/// One of the three standard streams: what it was at start and what it is now. The console wraps what it is given in a
/// synchronized writer; this remembers both, so that reading back gives the very object that was assigned.
/// </summary>
/// <param name="read">Reads the console's stream.</param>
/// <param name="write">Sets the console's stream.</param>
/// <param name="encoding">Reads the console's encoding for it.</param>
internal sealed class StandardStream<T>(Func<T> read, Action<T> write, Func<Encoding> encoding)
    where T : class
{
    private readonly Lock _lock = new();

    // Weak: nobody says when a follower has written or read its last.
    private readonly ConditionalWeakTable<T, object> _followers = [];

    private T? _original;
    private Encoding? _encoding;
    private T? _assigned;
    private T? _wrapped;

    /// <summary>The console's stream at the first use of this object.</summary>
    public T Original
    {
        get
        {
            lock (_lock)
            {
                Look();
                return _original!;
            }
        }
    }

    /// <summary>The stream that the console uses now, as any thread may use it.</summary>
    public T Synchronized
    {
        get
        {
            lock (_lock)
            {
                return Look();
            }
        }
    }

    /// <summary>The stream that the console uses now, as it was assigned.</summary>
    public T Current
    {
        get
        {
            lock (_lock)
            {
                T console = Look();
                return ReferenceEquals(console, _wrapped) ? _assigned! : console;
            }
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            lock (_lock)
            {
                Look();
                write(value);
                _assigned = value;
                _wrapped = read();
            }
        }
    }

    /// <summary>Whether the program has put a stream of its own here.</summary>
    public bool IsReplaced
    {
        get
        {
            T current = Current;
            return !ReferenceEquals(current, Original) && !_followers.TryGetValue(current, out _);
        }
    }

    /// <summary>Marks a stream that is not the program's own, but stands in for the original over its descriptor.</summary>
    public void AddFollower(T follower) => _followers.Add(follower, follower);

    private T Look()
    {
        T console = read();
        Encoding used = encoding();
        // A new encoding makes the console open its stream again, unless that has been replaced: another object, the same stream.
        bool reopened = !ReferenceEquals(used, _encoding) && !ReferenceEquals(console, _wrapped);
        if (_original is null || reopened)
        {
            _original = console;
        }

        _encoding = used;
        return console;
    }
}
