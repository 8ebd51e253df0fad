using System.Runtime.InteropServices;

namespace Gannet;

/// <summary>How a process is forked; see <see cref="Os.Fork(ForkOptions)"/>.</summary>
public sealed record ForkOptions
{
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private readonly IReadOnlyList<SafeHandle> _closeInChild = [];

    /// <summary>How long to try again while something stands in the way; ten seconds at first. Zero tries once,
    /// <see cref="Timeout.InfiniteTimeSpan"/> for ever.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    public TimeSpan Patience
    {
        get => _patience;
        init
        {
            if (value != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            }

            _patience = value;
        }
    }

    /// <summary>Whether to fork although the thread pool is at work. That work goes on in both processes: what it writes is written
    /// twice, and what it counts is counted in each.</summary>
    public bool AllowPoolWork { get; init; }

    /// <summary>What is disposed in the child, after the library has put itself in order there and before the program's hooks run; the parent's
    /// stay open. A socket that only the parent is to have, for instance.</summary>
    /// <exception cref="ArgumentNullException">The list or one of its handles is null.</exception>
    /// <remarks>Not a socket in which another thread is blocked: to dispose it in the child may wait for that thread, which is not there, or
    /// shut the connection down for the parent too.</remarks>
    public IReadOnlyList<SafeHandle> CloseInChild
    {
        get => _closeInChild;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _closeInChild = [.. value];
            foreach (SafeHandle handle in _closeInChild)
            {
                ArgumentNullException.ThrowIfNull(handle, nameof(value));
            }
        }
    }
}
