namespace Gannet;

/// <summary>What it took to make a child end.</summary>
public enum ChildEnding
{
    /// <summary>Nothing: it ended by itself, or by a signal that somebody else sent.</summary>
    ByItself,

    /// <summary>It ended within the grace period after the signal of <see cref="Command.WithTermination"/>; by that signal, or in
    /// an orderly way of its own.</summary>
    OnSignal,

    /// <summary>It took SIGKILL.</summary>
    OnKill,
}
