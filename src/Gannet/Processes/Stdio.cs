using System.Runtime.InteropServices;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// What a child's standard input, output or error is: one of the values and factories here, for <see cref="Command.WithStdin"/>,
/// <see cref="Command.WithStdout"/> and <see cref="Command.WithStderr"/>.
/// </summary>
/// <remarks>Python's <c>subprocess</c> has <c>None</c>, <c>DEVNULL</c>, <c>PIPE</c>, <c>STDOUT</c>, a file or a descriptor for
/// these.</remarks>
public sealed class Stdio
{
    private Stdio(StdioKind kind, object? source = null)
    {
        Kind = kind;
        Source = source;
    }

    /// <summary>The child has this program's own: the same file, terminal or pipe, at the same position.</summary>
    public static Stdio Inherit { get; } = new(StdioKind.Inherit);

    /// <summary><c>/dev/null</c>: nothing to read, and what is written is gone.</summary>
    public static Stdio Null { get; } = new(StdioKind.Null);

    /// <summary>A new pipe whose other end is <see cref="Child.Stdin"/>, <see cref="Child.Stdout"/> or
    /// <see cref="Child.Stderr"/>.</summary>
    public static Stdio Pipe { get; } = new(StdioKind.Pipe);

    /// <summary>For standard error only: the same as standard output, so that what is written to both comes in its true order
    /// (<c>2&gt;&amp;1</c> in a shell).</summary>
    public static Stdio Stdout { get; } = new(StdioKind.Stdout);

    /// <summary>The child's own terminal (<see cref="Command.WithTerminal"/>), which is what is not said otherwise is then.</summary>
    internal static Stdio Terminal { get; } = new(StdioKind.Terminal);

    internal StdioKind Kind { get; }

    /// <summary>The path, the handle, the stream or the bytes.</summary>
    internal object? Source { get; }

    /// <summary>A file: read as input; a named pipe is waited for until somebody opens its other end, which no time-out ends; as output it is emptied first, or made with mode 0666 less the umask. Opened when the child is
    /// started.</summary>
    /// <param name="path">The file; a relative path counts from this program's working directory, not from the child's.</param>
    /// <exception cref="ArgumentException">The path is empty, or holds a NUL.</exception>
    public static Stdio File(string path) => OfFile(StdioKind.File, path);

    /// <summary>A file, for output only: what the child writes goes to its end, whoever writes to it besides
    /// (<c>O_APPEND</c>).</summary>
    /// <param name="path">The file; a relative path counts from this program's working directory, not from the child's.</param>
    /// <exception cref="ArgumentException">The path is empty, or holds a NUL.</exception>
    public static Stdio Append(string path) => OfFile(StdioKind.Append, path);

    /// <summary>An open descriptor: a file, a socket, one end of a pipe. It stays the caller's to close, after the start.</summary>
    /// <param name="handle">The descriptor.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handle"/> is null.</exception>
    public static Stdio Handle(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return new(StdioKind.Handle, handle);
    }

    /// <summary>
    /// A stream of this program, copied to or from the child through a pipe while it runs. It stays the caller's to close. A child
    /// that does not read its input to the end stops the copy; that is no error. A stream that fails ends the child, as a time-out does, and
    /// its exception comes from the run, or from the wait for a child that was started.
    /// </summary>
    /// <param name="stream">For input one that can be read, for output one that can be written.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <remarks>A read of <paramref name="stream"/> that is under way when the child ends is not waited for, and may still take
    /// bytes from it. A synchronous run that stands in a write to <paramref name="stream"/> hears of no time-out and no
    /// cancellation; an asynchronous one does.</remarks>
    public static Stdio Stream(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new(StdioKind.Stream, stream);
    }

    /// <summary>A text as the whole input, in UTF-8; lone surrogates U+DC80 to U+DCFF are the bytes that they stand for.</summary>
    /// <param name="text">The text; it may hold NULs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException">Half a surrogate pair that stands for no byte.</exception>
    public static Stdio Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Bytes(OsText.EncodeContent(text, nameof(text)));
    }

    /// <summary>Bytes as the whole input.</summary>
    /// <param name="bytes">The bytes; must not change until the child has ended.</param>
    public static Stdio Bytes(ReadOnlyMemory<byte> bytes) => new(StdioKind.Bytes, bytes);

    /// <summary>Readable: <c>pipe</c>, <c>file 'log'</c>.</summary>
    public override string ToString() => Kind switch
    {
        StdioKind.File or StdioKind.Append => $"{(Kind is StdioKind.File ? "file" : "append to")} '{Source}'",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Refuses a pipe where this program would not hold the other end.</summary>
    /// <exception cref="InvalidOperationException">It is one.</exception>
    internal static void RefusePipe(Stdio? stream)
    {
        if (stream?.Kind is StdioKind.Pipe)
        {
            throw new InvalidOperationException("Nobody would hold the other end of the pipe; start the command, or capture it.");
        }
    }

    private static Stdio OfFile(StdioKind kind, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _ = OsText.GetByteCount(path, nameof(path));
        return new(kind, path);
    }
}
