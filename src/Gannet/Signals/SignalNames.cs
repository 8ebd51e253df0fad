namespace Gannet;

/// <summary>The names of signals, and what they mean.</summary>
internal static class SignalNames
{
    private const int FirstRealTime = 34;
    private const int LastRealTime = 64;

    private static readonly string[] s_descriptions =
    [
        "", "Hangup", "Interrupt", "Quit", "Illegal instruction", "Trace/breakpoint trap", "Aborted", "Bus error",
        "Floating point exception", "Killed", "User defined signal 1", "Segmentation fault", "User defined signal 2", "Broken pipe",
        "Alarm clock", "Terminated", "Stack fault", "Child exited", "Continued", "Stopped (signal)", "Stopped", "Stopped (tty input)",
        "Stopped (tty output)", "Urgent I/O condition", "CPU time limit exceeded", "File size limit exceeded", "Virtual timer expired",
        "Profiling timer expired", "Window changed", "I/O possible", "Power failure", "Bad system call",
    ];

    /// <summary>What strsignal(3) of the GNU C library says in English.</summary>
    public static string Describe(Signal signal) => (int)signal switch
    {
        int number when number < s_descriptions.Length => s_descriptions[number],
        >= FirstRealTime and int number => $"Real-time signal {number - FirstRealTime}",
        int number => $"Unknown signal {number}",
    };

    /// <summary>The name, or <c>signal 32</c> for a number that has none.</summary>
    public static string NameOf(Signal signal) => Find(signal) ?? $"signal {(int)signal}";

    /// <summary><c>SIGTERM</c>; <c>SIGRTMIN+3</c>, counted from the first that the C library leaves to programs; or null.</summary>
    public static string? Find(Signal signal) => signal switch
    {
        Signal.None => null,
        >= (Signal)FirstRealTime and <= (Signal)LastRealTime =>
            (int)signal == FirstRealTime ? "SIGRTMIN" : $"SIGRTMIN+{(int)signal - FirstRealTime}",
        _ => Enum.GetName(signal),
    };
}
