namespace Gannet;

/// <summary>The names of signals, for messages.</summary>
internal static class SignalNames
{
    private const int FirstRealTime = 34;
    private const int LastRealTime = 64;

    /// <summary><c>SIGTERM</c>; <c>SIGRTMIN+3</c>, counted from the first that the C library leaves to programs; or null.</summary>
    public static string? Find(Signal signal) => signal switch
    {
        // Of two names the one that signal(7) describes; Enum.GetName would pick either.
        Signal.None => null,
        Signal.SIGABRT => nameof(Signal.SIGABRT),
        Signal.SIGCHLD => nameof(Signal.SIGCHLD),
        Signal.SIGIO => nameof(Signal.SIGIO),
        >= (Signal)FirstRealTime and <= (Signal)LastRealTime =>
            (int)signal == FirstRealTime ? "SIGRTMIN" : $"SIGRTMIN+{(int)signal - FirstRealTime}",
        _ => Enum.GetName(signal),
    };
}
