namespace Gannet.Tool.Prompt.Editing;

/// <summary>What an editor asks of somebody who understands the language.</summary>
internal interface IEditorHelp
{
    /// <summary>Whether nothing more has to be typed.</summary>
    public bool IsComplete(string text);

    /// <summary>What could be meant at a place.</summary>
    public Completion Complete(string text, int caret);

    /// <summary>The colour of each letter, a number for "ESC [ … m"; null for none.</summary>
    public byte[]? Colour(string text);
}
