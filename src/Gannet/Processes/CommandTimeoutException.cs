namespace Gannet;

/// <summary><c>subprocess.TimeoutExpired</c>: a command did not end in time, and was ended.</summary>
public sealed class CommandTimeoutException : TimeoutException
{
    internal CommandTimeoutException(CommandResult result, TimeSpan timeout)
        : base($"{result.Title}: not over after {timeout.TotalSeconds:0.###} s; ended: {result.Status}")
    {
        Result = result;
        Timeout = timeout;
    }

    /// <summary>How it was ended, and what it wrote until then as far as that was captured.</summary>
    public CommandResult Result { get; }

    /// <summary>The time that it had.</summary>
    public TimeSpan Timeout { get; }
}
