using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>Terminals, logins, and ending at once.</content>
internal static unsafe partial class Libc
{
    // Longer than any path below /dev, and than any login name.
    private const int NameBufferSize = 4096;

    /// <summary>Room for <c>struct termios</c> of glibc and musl: 60 bytes.</summary>
    public const int TerminalSettingsSize = 64;

    /// <summary>Echo, in the local flags.</summary>
    public const uint ECHO = 8;

    /// <summary>Signals from the keyboard, in the local flags.</summary>
    public const uint ISIG = 1;

    /// <summary>The further editing keys (erase a word, take the next one literally), in the local flags.</summary>
    public const uint IEXTEN = 0x8000;

    /// <summary>Line editing by the terminal, in the local flags.</summary>
    public const uint ICANON = 2;

    /// <summary>A newline that comes in is a carriage return to the reader, in the input flags.</summary>
    public const uint INLCR = 0x40;

    /// <summary>A carriage return that comes in is dropped, in the input flags.</summary>
    public const uint IGNCR = 0x80;

    /// <summary>A carriage return that comes in is a newline to the reader, in the input flags.</summary>
    public const uint ICRNL = 0x100;

    /// <summary>The special character for "erase a letter".</summary>
    public const int VERASE = 2;

    /// <summary>The special character for "erase the line".</summary>
    public const int VKILL = 3;

    /// <summary>The special character for the end of the input.</summary>
    public const int VEOF = 4;

    /// <summary>How long a read without line editing waits for more.</summary>
    public const int VTIME = 5;

    /// <summary>How much a read without line editing waits for.</summary>
    public const int VMIN = 6;

    private const uint FIONREAD = 0x541B;
    private const int LocalFlagsOffset = 12;
    private const int CharactersOffset = 17;
    private const int SIGTSTP = 20;
    private const int TCSADRAIN = 1;
    private const int TCSAFLUSH = 2;

    /// <summary>The input flags: the first number of <c>struct termios</c>.</summary>
    public static ref uint InputFlags(Span<byte> settings) => ref MemoryMarshal.AsRef<uint>(settings);

    /// <summary>Where the local flags stand in <c>struct termios</c>: the fourth number of glibc and musl, on x64 and arm64.</summary>
    public static ref uint LocalFlags(Span<byte> settings) => ref MemoryMarshal.AsRef<uint>(settings[LocalFlagsOffset..]);

    /// <summary>The special characters, by their <c>V</c> numbers.</summary>
    public static Span<byte> SpecialCharacters(Span<byte> settings) => settings[CharactersOffset..];

    /// <summary>Stops the process as the terminal's suspend key does; returns when it goes on. Sent to the calling thread, so that the process
    /// has stopped and gone on before the next line runs.</summary>
    public static void StopSelf() => _ = raise(SIGTSTP);

    /// <summary>The settings of a terminal; false when it is none.</summary>
    public static bool TryGetTerminal(int fd, Span<byte> settings)
    {
        fixed (byte* start = settings)
        {
            return tcgetattr(fd, start) == 0;
        }
    }

    /// <summary>Changes the settings of a terminal, after what was written has gone out.</summary>
    /// <param name="fd">The terminal.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="discardInput">Whether what was typed and not read is thrown away.</param>
    public static bool TrySetTerminal(int fd, ReadOnlySpan<byte> settings, bool discardInput)
    {
        fixed (byte* start = settings)
        {
            int result;
            while ((result = tcsetattr(fd, discardInput ? TCSAFLUSH : TCSADRAIN, start)) < 0 && LastError is Errno.EINTR)
            {
            }

            return result == 0;
        }
    }

    /// <summary>How many bytes a terminal has for its reader, without those of an unfinished line if it edits lines itself; 0 when it is
    /// none.</summary>
    public static int CountInput(int fd)
    {
        int count = 0;
        return ioctl(fd, FIONREAD, (byte*)&count) < 0 ? 0 : count;
    }

    /// <summary>The path of a terminal.</summary>
    public static string TerminalName(int fd)
    {
        byte* name = stackalloc byte[NameBufferSize];
        int error = ttyname_r(fd, name, NameBufferSize);
        return error == 0 ? OsText.Decode(name) : throw new OsException((Errno)error, "ttyname");
    }

    /// <summary>Who has logged in.</summary>
    public static string LoginName()
    {
        byte* name = stackalloc byte[NameBufferSize];
        int error = getlogin_r(name, NameBufferSize);
        return error == 0 ? OsText.Decode(name) : throw new OsException((Errno)error, "getlogin");
    }

    [DoesNotReturn]
    [LibraryImport(Library, EntryPoint = "_exit")]
    public static partial void ExitNow(int status);

    [DoesNotReturn]
    [LibraryImport(Library, EntryPoint = "abort")]
    public static partial void Abort();

    /// <summary>The process group in the foreground of a terminal; -1 when the terminal is not the controlling one.</summary>
    [LibraryImport(Library, EntryPoint = "tcgetpgrp")]
    public static partial int ForegroundGroup(int fd);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int tcgetattr(int fd, byte* settings);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int tcsetattr(int fd, int when, byte* settings);

    [LibraryImport(Library)]
    private static partial int ttyname_r(int fd, byte* name, nuint size);

    [LibraryImport(Library)]
    private static partial int getlogin_r(byte* name, nuint size);
}
