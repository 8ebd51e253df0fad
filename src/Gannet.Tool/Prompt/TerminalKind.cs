using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tool.Prompt;

/// <summary>Whether there is a terminal, and what it can do, as the environment says.</summary>
internal static class TerminalKind
{
    /// <summary>Whether somebody types at one and looks at it.</summary>
    public static bool IsUsed { get; } = Libc.IsTerminal(0) != 0 && Libc.IsTerminal(1) != 0;

    /// <summary>Whether lines are edited at it.</summary>
    public static bool IsEdited => IsUsed && !IsDumb;

    /// <summary>Where prompts go. They are for whoever types; into a pipe or a file go the results alone, as CPython has it.</summary>
    public static TextWriter PromptWriter => IsUsed ? Sys.OriginalStdout : Sys.OriginalStderr;

    /// <summary>How wide it is; without one as wide as anything.</summary>
    public static int Columns
    {
        get
        {
            try
            {
                using SafeFileHandle screen = new(1, ownsHandle: false);
                return Libc.TerminalSize(screen) is { Columns: > 0 and var columns } ? columns : int.MaxValue;
            }
            catch (OsException)
            {
                return int.MaxValue;
            }
        }
    }

    /// <summary>Whether it moves its cursor when it is told to.</summary>
    public static bool IsDumb => Os.GetEnv("TERM") is null or "" or "dumb";

    /// <summary>Whether colours are wanted: see no-color.org.</summary>
    public static bool HasColours => !IsDumb && string.IsNullOrEmpty(Os.GetEnv("NO_COLOR"));
}
