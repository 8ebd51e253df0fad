namespace Gannet;

/// <summary>A command was ended because its caller's token was cancelled.</summary>
public sealed class CommandCanceledException : OperationCanceledException
{
    internal CommandCanceledException(CommandResult result, CancellationToken cancellationToken)
        : base($"{result.Title}: cancelled; ended: {result.Status}", cancellationToken) => Result = result;

    /// <summary>How it was ended, and what it wrote until then as far as that was captured.</summary>
    public CommandResult Result { get; }
}
