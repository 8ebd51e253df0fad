using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Interop;

/// <content>Pseudo-terminals: pty(7), ioctl_tty(2).</content>
internal static unsafe partial class Libc
{
    /// <summary>What comes in is UTF-8, so that the erase key takes a whole letter, in the input flags.</summary>
    public const uint IUTF8 = 0x4000;

    private const string Multiplexer = "/dev/ptmx";
    private const uint TIOCGWINSZ = 0x5413;
    private const uint TIOCSWINSZ = 0x5414;
    private const uint TIOCSPTLCK = 0x40045431;
    private const uint TIOCGPTPEER = 0x5441;

    /// <summary>A new pseudo-terminal: the end that is held here, and the one that is a child's terminal. Both are close-on-exec and away
    /// from the standard descriptors; opening them gives this process no controlling terminal.</summary>
    /// <exception cref="OsException">ENOSPC: the system's number of them is used up; EMFILE: no descriptor is free; ENOENT: there is no
    /// <c>/dev/ptmx</c>.</exception>
    public static (SafeFileHandle Ours, SafeFileHandle Childs) OpenPseudoTerminal()
    {
        SafeFileHandle ours = Open(Multiplexer, O_RDWR | O_NOCTTY);
        try
        {
            int unlocked = 0;
            Check(ioctl(ours, TIOCSPTLCK, &unlocked), "ioctl(TIOCSPTLCK)", Multiplexer);

            // By way of the first end, not of a path: /dev/pts may be another file system's in this mount namespace. Since Linux 4.13.
            int childs = ioctl(ours, TIOCGPTPEER, (void*)(nuint)(O_RDWR | O_NOCTTY | O_CLOEXEC));
            return (ours, KeepAway(new SafeFileHandle(Check(childs, "ioctl(TIOCGPTPEER)", Multiplexer), ownsHandle: true)));
        }
        catch
        {
            ours.Dispose();
            throw;
        }
    }

    /// <summary>The size of a terminal, in letters.</summary>
    /// <exception cref="OsException">It is none.</exception>
    public static (int Columns, int Rows) TerminalSize(SafeHandle terminal)
    {
        WindowSize size;
        Check(ioctl(terminal, TIOCGWINSZ, &size), "ioctl(TIOCGWINSZ)");
        return (size.Columns, size.Rows);
    }

    /// <summary>Changes it; the group in the foreground gets SIGWINCH if it is another one than before.</summary>
    /// <exception cref="OsException">It is no terminal.</exception>
    public static void ResizeTerminal(SafeHandle terminal, int columns, int rows)
    {
        WindowSize size = new() { Columns = (ushort)columns, Rows = (ushort)rows };
        Check(ioctl(terminal, TIOCSWINSZ, &size), "ioctl(TIOCSWINSZ)");
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

    // Variadic in C: on Linux, for x64 and arm64, its argument travels like any other.
    [LibraryImport(Library, SetLastError = true)]
    private static partial int ioctl(SafeHandle descriptor, nuint request, void* argument);
}
