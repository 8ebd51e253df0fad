using Gannet.Interop;

namespace Gannet;

/// <summary>What the members of the popen family have in common: commands, and text over the pipes to them.</summary>
internal static class PopenPipes
{
    private const int Unbuffered = 0;
    private const int LineBuffered = 1;
    private const int UsualSize = 32 * 1024;

    // A pipe does not give or take more at once.
    private const int LargestSize = 1024 * 1024;

    /// <summary>A program with its arguments, without a shell.</summary>
    /// <exception cref="ArgumentNullException">The list, or one of its words, is null.</exception>
    /// <exception cref="ArgumentException">No words, an empty program, or a NUL.</exception>
    public static Command WithoutShell(IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command.Count > 0
            ? Command.Of(command[0], command.Skip(1))
            : throw new ArgumentException("The command begins with the program.", nameof(command));
    }

    /// <summary>Text that is read from a pipe.</summary>
    public static StreamReader Reader(Stream pipe, int bufferSize) =>
        new(pipe, OsTextEncoding.Instance, detectEncodingFromByteOrderMarks: false, SizeOf(bufferSize));

    /// <summary>Text that is written to a pipe.</summary>
    public static StreamWriter Writer(Stream pipe, int bufferSize) => new(pipe, OsTextEncoding.Instance, SizeOf(bufferSize))
    {
        AutoFlush = bufferSize is Unbuffered or LineBuffered,
        NewLine = "\n",
    };

    /// <summary>Writes out what is held back, and closes the pipe. That the command has not read to the end is its own affair.</summary>
    public static void CloseQuietly(IDisposable end)
    {
        try
        {
            end.Dispose();
        }
        catch (OsException error) when (error.Errno is Errno.EPIPE)
        {
            // It reads no more, as head does.
        }
    }

    /// <summary>As <see cref="CloseQuietly"/>, without a thread that waits.</summary>
    public static async ValueTask CloseQuietlyAsync(IAsyncDisposable end)
    {
        try
        {
            await end.DisposeAsync().ConfigureAwait(false);
        }
        catch (OsException error) when (error.Errno is Errno.EPIPE)
        {
            // It reads no more, as head does.
        }
    }

    private static int SizeOf(int bufferSize) => bufferSize > LineBuffered ? Math.Min(bufferSize, LargestSize) : UsualSize;
}
