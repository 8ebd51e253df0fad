using System.Runtime.Versioning;

namespace Gannet;

/// <summary>
/// <c>popen2.Popen3</c>: a command that is written to and read from at the same time. Text is as in <see cref="PopenStream"/>.
/// </summary>
/// <remarks>
/// Whoever writes much before he reads anything may wait for a command that waits for him, as with the books' module: a pipe
/// holds 64 KiB. <see cref="Command.Capture"/> can't hang so. The command sees the end of its input when <see cref="ToChild"/> is disposed.
/// </remarks>
[SupportedOSPlatform("linux")]
public class Popen3 : IDisposable
{
    private readonly Child _child;

    /// <summary>Starts a command line, which the shell reads.</summary>
    /// <param name="command">The command line, for <c>/bin/sh -c</c>.</param>
    /// <param name="captureStderr">Whether its standard error is read here too; if not, it is this program's.</param>
    /// <param name="bufferSize">As for <see cref="Os.Popen"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="command"/> is null.</exception>
    /// <exception cref="ArgumentException">It holds a NUL.</exception>
    /// <exception cref="OsException">The shell could not be started.</exception>
    public Popen3(string command, bool captureStderr = false, int bufferSize = -1)
        : this(ShellCommand.Of(command), captureStderr ? Stdio.Pipe : Stdio.Inherit, bufferSize)
    {
    }

    /// <summary>Starts a program with its arguments, without a shell between.</summary>
    /// <param name="command">The program, looked for along PATH unless there is a slash in it, and its arguments.</param>
    /// <param name="captureStderr">Whether its standard error is read here too; if not, it is this program's.</param>
    /// <param name="bufferSize">As for <see cref="Os.Popen"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="command"/>, or one of its words, is null.</exception>
    /// <exception cref="ArgumentException">No words, an empty program, or a NUL.</exception>
    /// <exception cref="OsException">It could not be started: ENOENT, EACCES and so on. Python's is a child that exits with 1.</exception>
    public Popen3(IReadOnlyList<string> command, bool captureStderr = false, int bufferSize = -1)
        : this(PopenPipes.WithoutShell(command), captureStderr ? Stdio.Pipe : Stdio.Inherit, bufferSize)
    {
    }

    private protected Popen3(Command command, Stdio error, int bufferSize)
    {
        _child = command.WithStdin(Stdio.Pipe).WithStdout(Stdio.Pipe).WithStderr(error).Start();
        FromChild = PopenPipes.Reader(_child.Stdout, bufferSize);
        ToChild = PopenPipes.Writer(_child.Stdin, bufferSize);
        ChildErr = ReferenceEquals(error, Stdio.Pipe) ? PopenPipes.Reader(_child.Stderr, bufferSize) : null;
    }

    /// <summary><c>fromchild</c>: what it writes to its standard output.</summary>
    public StreamReader FromChild { get; }

    /// <summary><c>tochild</c>: its standard input. Disposing it is the end of the input; what the command then has not read is an
    /// <see cref="OsException"/> (EPIPE) of that disposal.</summary>
    public StreamWriter ToChild { get; }

    /// <summary><c>childerr</c>: what it writes to its standard error; null unless that is captured by itself.</summary>
    public StreamReader? ChildErr { get; }

    /// <summary><c>pid</c>: its number; of a command line, the shell's.</summary>
    public int Pid => _child.Pid;

    /// <summary><c>poll</c>: how it ended; null while it runs, where Python has -1.</summary>
    /// <exception cref="OsException">ECHILD: somebody else has reaped it, so its status is not known. Python gives -1 for that too, for
    /// ever.</exception>
    public WaitStatus? Poll() => _child.Poll();

    /// <summary><c>wait</c>: waits for its end. The pipes stay open: what it still waits for has to be closed before, and what it
    /// writes has to be read.</summary>
    /// <returns>How it ended; the same for every call.</returns>
    /// <exception cref="OsException">ECHILD: somebody else has reaped it, so its status is not known.</exception>
    public WaitStatus Wait() => _child.Wait();

    /// <summary>As <see cref="Wait"/>, without a thread that waits.</summary>
    /// <param name="cancellationToken">Ends the wait; the command goes on.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OsException">ECHILD: somebody else has reaped it.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public Task<WaitStatus> WaitAsync(CancellationToken cancellationToken = default) => _child.WaitAsync(cancellationToken);

    /// <summary>Closes the pipes. A command that still runs goes on, and is reaped when it ends.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the pipes.</summary>
    /// <param name="disposing">Whether this is <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            PopenPipes.CloseQuietly(ToChild);
            FromChild.Dispose();
            ChildErr?.Dispose();
            _child.Dispose();
        }
    }

    /// <summary>The pipes alone; what they belong to is reaped when it ends, though nobody asks.</summary>
    internal (StreamReader Output, StreamWriter Input, StreamReader? Error) ReleasePipes()
    {
        _child.ReapWhenEnded();
        return (FromChild, ToChild, ChildErr);
    }
}
