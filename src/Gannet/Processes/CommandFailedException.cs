namespace Gannet;

/// <summary><c>subprocess.CalledProcessError</c>: a command that was to succeed did not. The message tells the command, its status
/// and the last line of what it wrote, as far as that was captured.</summary>
/// <param name="result">The result.</param>
public sealed class CommandFailedException(CommandResult result)
    : Exception(result.LastWords is { } words ? $"{result}: {words}" : $"{result}")
{
    /// <summary>The result; a <see cref="CapturedText"/> or <see cref="CapturedBytes"/> when the output was captured.</summary>
    public CommandResult Result { get; } = result;
}
