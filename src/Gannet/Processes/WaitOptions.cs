namespace Gannet;

/// <summary>What a wait is to report besides the end of a child, and whether it waits at all. The numbers are Linux's. Source:
/// wait(2).</summary>
[Flags]
public enum WaitOptions
{
    /// <summary>Wait for the end of a child.</summary>
    None = 0,

    /// <summary>Return at once when there is nothing to report.</summary>
    WNOHANG = 1,

    /// <summary>Report children that a signal has stopped, too.</summary>
    WUNTRACED = 2,

    /// <summary>Report children that go on after a stop, too.</summary>
    WCONTINUED = 8,
}
