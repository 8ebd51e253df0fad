using System.Diagnostics.CodeAnalysis;

namespace Gannet.Tool.Prompt;

/// <summary>What every input of the prompt has in scope beside Gannet.</summary>
[SuppressMessage("Style", "IDE1006", Justification = "The names are those that Python's prompt has.")]
[SuppressMessage("Performance", "CA1822", Justification = "Only the members of an object are in scope without more ado.")]
public sealed class PromptGlobals
{
    private readonly IPromptHelp _help;
    private readonly UsedResources _resources;

    internal PromptGlobals(IPromptHelp help, UsedResources resources, string[] arguments)
    {
        _help = help;
        _resources = resources;
        args = arguments;
    }

    /// <summary>The words after the script's name, as a script has them.</summary>
    public string[] args { get; }

    /// <summary>The value that <c>_</c> stands for.</summary>
    [SuppressMessage("Naming", "CA1707", Justification = "No name that somebody would choose.")]
    public object? __last { get; internal set; }

    /// <summary>Disposes a variable that was declared with <c>using</c> when the session ends.</summary>
    [SuppressMessage("Naming", "CA1707", Justification = "No name that somebody would choose.")]
    public void __using(IDisposable? resource) => _resources.Add(resource);

    /// <summary>As <see cref="__using"/>, for <c>await using</c>.</summary>
    [SuppressMessage("Naming", "CA1707", Justification = "No name that somebody would choose.")]
    public void __awaitUsing(IAsyncDisposable? resource) => _resources.Add(resource);

    /// <summary>Ends the session with this status, as <see cref="Sys.Exit(object?)"/> does.</summary>
    [DoesNotReturn]
    public void exit(object? code = null) => Sys.Exit(code);

    /// <summary>As <see cref="exit"/>.</summary>
    [DoesNotReturn]
    public void quit(object? code = null) => Sys.Exit(code);

    /// <summary>Writes what there is to know about a type or a member, given by name, or about a value's type.</summary>
    public void help(object? about = null) => _help.Tell(about);

    /// <summary>The names of a value's members.</summary>
    public IReadOnlyList<string> dir(object about) => _help.ListMembers(about);
}
