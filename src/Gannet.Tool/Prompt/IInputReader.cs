namespace Gannet.Tool.Prompt;

/// <summary>Where a session's inputs come from.</summary>
internal interface IInputReader : IDisposable
{
    /// <summary>Shows the prompt and reads until an input is complete; null at the end of all input.</summary>
    public string? Read();

    /// <summary>Drops what has been typed of an input; called on another thread, at SIGINT.</summary>
    public void Interrupt();
}
