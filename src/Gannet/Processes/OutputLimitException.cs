namespace Gannet;

/// <summary>A command wrote more than a capture may collect (<see cref="Command.WithOutputLimit"/>), and was ended.</summary>
public sealed class OutputLimitException : IOException
{
    internal OutputLimitException(CommandResult result, long limit)
        : base($"{result.Title}: wrote more than {limit} bytes; ended: {result.Status}")
    {
        Result = result;
        Limit = limit;
    }

    /// <summary>How it was ended, and what it wrote up to the limit.</summary>
    public CommandResult Result { get; }

    /// <summary>The limit in bytes.</summary>
    public long Limit { get; }
}
