using System.Diagnostics;

namespace Gannet;

/// <summary>The moment at which a wait gives up.</summary>
internal readonly struct Deadline
{
    private const long NanosecondsPerTick = 100;

    private readonly long _start;
    private readonly TimeSpan _timeout;

    /// <summary>From now on.</summary>
    /// <param name="timeout"><see cref="Timeout.InfiniteTimeSpan"/> for never.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative otherwise.</exception>
    public Deadline(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A time to wait is zero or more, or Timeout.InfiniteTimeSpan.");
        }

        _start = Stopwatch.GetTimestamp();
        _timeout = timeout;
    }

    /// <summary>Whether the time is up.</summary>
    public bool HasPassed => !IsInfinite && Left <= TimeSpan.Zero;

    /// <summary>What is left, at least 0; -1 without end.</summary>
    public long Nanoseconds => IsInfinite ? -1 : Math.Max(0, Left.Ticks) > long.MaxValue / NanosecondsPerTick ? -1 : Math.Max(0, Left.Ticks) * NanosecondsPerTick;

    /// <summary>As <see cref="Nanoseconds"/>, rounded up.</summary>
    public int Milliseconds => IsInfinite ? -1 : (int)Math.Clamp(Math.Ceiling(Left.TotalMilliseconds), 0, int.MaxValue);

    private bool IsInfinite => _timeout == Timeout.InfiniteTimeSpan;

    private TimeSpan Left => _timeout - Stopwatch.GetElapsedTime(_start);
}
