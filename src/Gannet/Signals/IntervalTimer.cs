namespace Gannet;

/// <summary>The three interval timers of a process, each with a clock and a signal of its own. Source: setitimer(2).</summary>
public enum IntervalTimer
{
    /// <summary><c>ITIMER_REAL</c>: time as it passes; sends <see cref="Signal.SIGALRM"/>. <see cref="Signals.Alarm"/> uses it
    /// too.</summary>
    Real = 0,

    /// <summary><c>ITIMER_VIRTUAL</c>: CPU time of the process in its own code; sends <see cref="Signal.SIGVTALRM"/>.</summary>
    Virtual = 1,

    /// <summary><c>ITIMER_PROF</c>: CPU time of the process, the kernel's work for it included; sends
    /// <see cref="Signal.SIGPROF"/>.</summary>
    Prof = 2,
}
