using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary>The terminal's mode, of which the native part of the runtime keeps account.</summary>
internal static partial class RuntimeTerminal
{
    private const string Library = "libSystem.Native";

    private static volatile bool s_isTaken;

    /// <summary>Whether a prompt has the terminal in a mode of its own, which <see cref="Restore"/> leaves alone then: it would show
    /// the password.</summary>
    public static bool IsTaken
    {
        get => s_isTaken;
        set => s_isTaken = value;
    }

    /// <summary>
    /// Gives the terminal back the mode in which the program found it. The console turns echo and line editing off for its first
    /// read, and leaves them off until the process exits or its <c>Process</c> class starts a child; its next
    /// read turns them off again. Does nothing while another thread is reading or <see cref="IsTaken"/> is true.
    /// </summary>
    public static void Restore()
    {
        if (IsTaken)
        {
            return;
        }

        try
        {
            ConfigureTerminalForChildProcess(childUsesTerminal: 1);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // A runtime that keeps account of the mode in another way; the next program finds the terminal as it is.
        }
    }

    [LibraryImport(Library, EntryPoint = "SystemNative_ConfigureTerminalForChildProcess")]
    private static partial void ConfigureTerminalForChildProcess(int childUsesTerminal);
}
