namespace Gannet.Tool.Prompt;

/// <summary>What the terminal can do, as the environment says.</summary>
internal static class TerminalKind
{
    /// <summary>Whether it moves its cursor when it is told to.</summary>
    public static bool IsDumb => Os.GetEnv("TERM") is null or "" or "dumb";

    /// <summary>Whether colours are wanted: see no-color.org.</summary>
    public static bool HasColours => !IsDumb && string.IsNullOrEmpty(Os.GetEnv("NO_COLOR"));
}
