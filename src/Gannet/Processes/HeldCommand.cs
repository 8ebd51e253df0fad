namespace Gannet;

/// <summary>A command that has been started, and whose copies in the background have not begun.</summary>
/// <param name="Record">Its child.</param>
/// <param name="Settings">What was asked for.</param>
/// <param name="Streams">This program's ends of its pipes.</param>
/// <param name="Terminal">This program's end of its terminal, if it has one.</param>
/// <param name="Conversation">The copies, if there are any.</param>
internal sealed record HeldCommand(
    ChildRecord Record, CommandSettings Settings, ChildStreams Streams, PseudoTerminal? Terminal, Conversation? Conversation)
{
    /// <summary>Begins the copies, and lets all wait for the child and reap it.</summary>
    public Child ToChild()
    {
        Child child = new(Record, Settings, Streams, Terminal, Conversation);
        if (Record.IsPrivate)
        {
            Record.Publish();
        }

        return child;
    }
}
