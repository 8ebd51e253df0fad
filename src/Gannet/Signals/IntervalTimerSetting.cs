namespace Gannet;

/// <summary><c>struct itimerval</c>: how an interval timer stands.</summary>
/// <param name="Value">Time to the next signal; zero when the timer stands still.</param>
/// <param name="Interval">Time between the following signals; zero when there is only one.</param>
public readonly record struct IntervalTimerSetting(TimeSpan Value, TimeSpan Interval);
