using System.Diagnostics;

namespace Gannet;

/// <summary>A moment at which a wait is over, on the clock that nobody sets.</summary>
internal readonly struct Deadline
{
    private const int ShortestWait = 1;

    private readonly long? _timestamp;

    private Deadline(long timestamp) => _timestamp = timestamp;

    /// <summary>No end.</summary>
    public static Deadline Never => default;

    /// <summary>Whether it has passed.</summary>
    public bool IsOver => _timestamp <= Stopwatch.GetTimestamp();

    /// <summary>How long is left; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</summary>
    public TimeSpan Left => _timestamp is { } end
        ? TimeSpan.FromTicks(Math.Max(0, Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), end).Ticks))
        : Timeout.InfiniteTimeSpan;

    /// <summary>How long is left in milliseconds, rounded up, as poll(2) wants it; -1 for ever.</summary>
    public int Milliseconds => _timestamp is null ? -1 : (int)Math.Min(int.MaxValue, Math.Ceiling(Left.TotalMilliseconds));

    /// <summary>The moment a while from now. A time that no clock of this process will reach is no end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative time that is not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public static Deadline After(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return Never;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        double end = Stopwatch.GetTimestamp() + (timeout.TotalSeconds * Stopwatch.Frequency);
        return end >= long.MaxValue ? Never : new((long)end);
    }

    /// <summary>The moment a while from now; null is no end.</summary>
    public static Deadline After(TimeSpan? timeout) => After(timeout ?? Timeout.InfiniteTimeSpan);

    /// <summary>The earlier of two.</summary>
    public static Deadline Earlier(Deadline left, Deadline right) =>
        left._timestamp is null || right._timestamp < left._timestamp ? right : left;

    /// <summary>How long poll(2) may wait when something has to be looked at every now and then besides.</summary>
    public int MillisecondsAtMost(int most) => _timestamp is null ? most : Math.Clamp(Milliseconds, ShortestWait, most);
}
