using Gannet.Interop;

namespace Gannet;

/// <content>Timers that send signals.</content>
public static partial class Signals
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>
    /// <c>signal.alarm</c>: has the system send <see cref="Signal.SIGALRM"/> to this process after some seconds. There is one such timer; a
    /// new alarm replaces the old one.
    /// </summary>
    /// <param name="seconds">Whole seconds, as in POSIX; 0 only cancels. For parts of a second use <see cref="SetITimer"/>.</param>
    /// <returns>The seconds that the previous alarm had left, to the nearest and at least 1; 0 when there was none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative number, of which Python makes one beyond four thousand million.</exception>
    /// <remarks>Source: alarm(2). It is the same timer as <see cref="IntervalTimer.Real"/>.</remarks>
    public static int Alarm(int seconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        (long left, _) = Libc.SetITimer((int)IntervalTimer.Real, seconds * MicrosecondsPerSecond, interval: 0);
        return left == 0 ? 0 : (int)Math.Max(1, (left + (MicrosecondsPerSecond / 2)) / MicrosecondsPerSecond);
    }

    /// <summary><c>signal.setitimer</c>: sets one of the three timers of this process.</summary>
    /// <param name="timer">Which clock, and with it which signal.</param>
    /// <param name="value">Time to the first signal; zero stops the timer. Less than a microsecond counts as one.</param>
    /// <param name="interval">Time between the following signals; zero: there is only one.</param>
    /// <returns>How it stood before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time, or no such timer.</exception>
    /// <remarks>Source: setitimer(2). Signals that come faster than they are taken are merged.</remarks>
    public static IntervalTimerSetting SetITimer(IntervalTimer timer, TimeSpan value, TimeSpan interval = default)
    {
        CheckTimer(timer);
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        return ToSetting(Libc.SetITimer((int)timer, ToMicroseconds(value), ToMicroseconds(interval)));
    }

    /// <summary><c>signal.getitimer</c>: how one of the three timers stands.</summary>
    /// <param name="timer">Which one.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such timer.</exception>
    public static IntervalTimerSetting GetITimer(IntervalTimer timer)
    {
        CheckTimer(timer);
        return ToSetting(Libc.GetITimer((int)timer));
    }

    private static void CheckTimer(IntervalTimer timer)
    {
        if (timer is < IntervalTimer.Real or > IntervalTimer.Prof)
        {
            throw new ArgumentOutOfRangeException(nameof(timer), timer, "There is no such timer.");
        }
    }

    private static long ToMicroseconds(TimeSpan time) =>
        (time.Ticks / TimeSpan.TicksPerMicrosecond) + (time.Ticks % TimeSpan.TicksPerMicrosecond > 0 ? 1 : 0);

    private static IntervalTimerSetting ToSetting((long Microseconds, long Interval) timer) =>
        new(TimeSpan.FromMicroseconds(timer.Microseconds), TimeSpan.FromMicroseconds(timer.Interval));
}
