namespace Gannet.Tool;

/// <summary>An end of the command with one clear line for the user and a status for the shell.</summary>
internal sealed class ToolException : Exception
{
    /// <param name="message">Lines for standard error, written as they are.</param>
    /// <param name="status">The exit status.</param>
    public ToolException(string message, int status)
        : base(message) => Status = status;

    public int Status { get; }
}
