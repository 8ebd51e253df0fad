namespace Gannet.Tool.Prompt;

/// <summary>What stands behind <c>help</c> and <c>dir</c>.</summary>
internal interface IPromptHelp
{
    /// <summary>Writes what there is to know.</summary>
    public void Tell(object? about);

    /// <summary>The names of a value's members.</summary>
    public IReadOnlyList<string> ListMembers(object about);
}
