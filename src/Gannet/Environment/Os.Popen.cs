using System.Runtime.Versioning;

namespace Gannet;

/// <content>Pipes to and from commands.</content>
public static partial class Os
{
    /// <summary>
    /// <c>os.popen</c>: starts a command line at once, and gives its output to read, or its input to write to; never both. Its
    /// other streams, standard error among them, are this program's.
    /// </summary>
    /// <param name="command">The command line, for <c>/bin/sh -c</c>. Whatever a text in it holds is shell: never build one from somebody
    /// else's words.</param>
    /// <param name="mode">The direction.</param>
    /// <param name="bufferSize">How many bytes are read or written at once, up to 1 MiB. 0 and 1: what is written goes out with each call,
    /// and what is read is buffered as usual, because text can't be read otherwise. Negative: as usual, 32 KiB.</param>
    /// <returns>A text stream; <see cref="PopenStream.Wait()"/>, or disposing it, waits for the command.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="command"/> is null.</exception>
    /// <exception cref="ArgumentException">It holds a NUL.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
    /// <exception cref="OsException">The shell could not be started. A command that it can't find is exit 127.</exception>
    /// <remarks>For a plain list of files <see cref="Directory.EnumerateFiles(string)"/> needs no program. With more than one stream, a time
    /// limit, or words that come from outside, take <see cref="Command"/>. Source: CPython's <c>os.popen</c>, POSIX <c>popen</c>. CPython
    /// calls the modes "r" and "w", and since 3 refuses a size of 0.</remarks>
    [SupportedOSPlatform("linux")]
    public static PopenStream Popen(string command, PopenMode mode = PopenMode.Read, int bufferSize = -1)
    {
        Command shell = ShellCommand.Of(command);
        Command piped = mode switch
        {
            PopenMode.Read => shell.WithStdout(Stdio.Pipe),
            PopenMode.Write => shell.WithStdin(Stdio.Pipe),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode; it is one-directional."),
        };
        Sys.FlushOutput();
        return new(piped.Start(), mode, bufferSize);
    }

    /// <summary>
    /// <c>popen2.popen2</c>: starts a command line, and gives its output to read and its input to write to. Its standard error is this
    /// program's.
    /// </summary>
    /// <param name="command">The command line, for <c>/bin/sh -c</c>.</param>
    /// <param name="bufferSize">As for <see cref="Popen"/>.</param>
    /// <param name="mode">"t" or "b", which are the same everywhere but under Windows.</param>
    /// <returns>Its output and its input. The caller's to dispose, the input first: that is its
    /// end. The command is reaped when it ends; its status is told by <see cref="Wait(CancellationToken)"/> and its kin, or by the class
    /// <see cref="Gannet.Popen3"/> instead.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="command"/> is null.</exception>
    /// <exception cref="ArgumentException">It holds a NUL; or no such kind of pipe.</exception>
    /// <exception cref="OsException">The shell could not be started.</exception>
    /// <remarks>The order is that of the module <c>popen2</c>; CPython's <c>os.popenN</c> gave the input first. Text is as in
    /// <see cref="PopenStream"/>, and the warning of <see cref="Gannet.Popen3"/> about much input counts here too.</remarks>
    [SupportedOSPlatform("linux")]
    public static (StreamReader Output, StreamWriter Input) Popen2(string command, int bufferSize = -1, string mode = "t")
    {
        CheckPipeKind(mode);
        (StreamReader output, StreamWriter input, _) = new Popen3(command, captureStderr: false, bufferSize).ReleasePipes();
        return (output, input);
    }

    /// <summary>As <see cref="Popen2(string, int, string)"/>, for a program with its arguments.</summary>
    /// <param name="command">The program, looked for along PATH unless there is a slash in it, and its arguments; no shell is between.</param>
    /// <param name="bufferSize">As for <see cref="Popen"/>.</param>
    /// <param name="mode">"t" or "b", which are the same everywhere but under Windows.</param>
    /// <returns>Its output and its input.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="command"/>, or one of its words, is null.</exception>
    /// <exception cref="ArgumentException">No words, an empty program, a NUL; or no such kind of pipe.</exception>
    /// <exception cref="OsException">It could not be started: ENOENT, EACCES and so on.</exception>
    [SupportedOSPlatform("linux")]
    public static (StreamReader Output, StreamWriter Input) Popen2(IReadOnlyList<string> command, int bufferSize = -1, string mode = "t")
    {
        CheckPipeKind(mode);
        (StreamReader output, StreamWriter input, _) = new Popen3(command, captureStderr: false, bufferSize).ReleasePipes();
        return (output, input);
    }

    /// <summary>
    /// <c>popen2.popen3</c>: starts a command line, and gives its output and its standard error to read, apart, and its input to write to.
    /// </summary>
    /// <param name="command">The command line, for <c>/bin/sh -c</c>.</param>
    /// <param name="bufferSize">As for <see cref="Popen"/>.</param>
    /// <param name="mode">"t" or "b", which are the same everywhere but under Windows.</param>
    /// <returns>Its output, its input and its standard error. The caller's to dispose, the input first: that is its
    /// end. The command is reaped when it ends; its status is told by <see cref="Wait(CancellationToken)"/> and its kin, or by the class
    /// <see cref="Gannet.Popen3"/> instead.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="command"/> is null.</exception>
    /// <exception cref="ArgumentException">It holds a NUL; or no such kind of pipe.</exception>
    /// <exception cref="OsException">The shell could not be started.</exception>
    /// <remarks>The order is that of the module <c>popen2</c>; CPython's <c>os.popenN</c> gave the input first. Text is as in
    /// <see cref="PopenStream"/>, and the warning of <see cref="Gannet.Popen3"/> about much input counts here too.</remarks>
    [SupportedOSPlatform("linux")]
    public static (StreamReader Output, StreamWriter Input, StreamReader Error) Popen3(string command, int bufferSize = -1, string mode = "t")
    {
        CheckPipeKind(mode);
        (StreamReader output, StreamWriter input, StreamReader? error) = new Popen3(command, captureStderr: true, bufferSize).ReleasePipes();
        return (output, input, error!);
    }

    /// <summary>As <see cref="Popen3(string, int, string)"/>, for a program with its arguments.</summary>
    /// <param name="command">The program, looked for along PATH unless there is a slash in it, and its arguments; no shell is between.</param>
    /// <param name="bufferSize">As for <see cref="Popen"/>.</param>
    /// <param name="mode">"t" or "b", which are the same everywhere but under Windows.</param>
    /// <returns>Its output, its input and its standard error.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="command"/>, or one of its words, is null.</exception>
    /// <exception cref="ArgumentException">No words, an empty program, a NUL; or no such kind of pipe.</exception>
    /// <exception cref="OsException">It could not be started: ENOENT, EACCES and so on.</exception>
    [SupportedOSPlatform("linux")]
    public static (StreamReader Output, StreamWriter Input, StreamReader Error) Popen3(
        IReadOnlyList<string> command, int bufferSize = -1, string mode = "t")
    {
        CheckPipeKind(mode);
        (StreamReader output, StreamWriter input, StreamReader? error) = new Popen3(command, captureStderr: true, bufferSize).ReleasePipes();
        return (output, input, error!);
    }

    /// <summary>
    /// <c>popen2.popen4</c>: starts a command line, and gives its output and standard error to read, in one, and its input to write to.
    /// </summary>
    /// <param name="command">The command line, for <c>/bin/sh -c</c>.</param>
    /// <param name="bufferSize">As for <see cref="Popen"/>.</param>
    /// <param name="mode">"t" or "b", which are the same everywhere but under Windows.</param>
    /// <returns>Its output and standard error, and its input. The caller's to dispose, the input first: that is its
    /// end. The command is reaped when it ends; its status is told by <see cref="Wait(CancellationToken)"/> and its kin, or by the class
    /// <see cref="Gannet.Popen4"/> instead.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="command"/> is null.</exception>
    /// <exception cref="ArgumentException">It holds a NUL; or no such kind of pipe.</exception>
    /// <exception cref="OsException">The shell could not be started.</exception>
    /// <remarks>The order is that of the module <c>popen2</c>; CPython's <c>os.popenN</c> gave the input first. Text is as in
    /// <see cref="PopenStream"/>, and the warning of <see cref="Gannet.Popen3"/> about much input counts here too.</remarks>
    [SupportedOSPlatform("linux")]
    public static (StreamReader Output, StreamWriter Input) Popen4(string command, int bufferSize = -1, string mode = "t")
    {
        CheckPipeKind(mode);
        (StreamReader output, StreamWriter input, _) = new Popen4(command, bufferSize).ReleasePipes();
        return (output, input);
    }

    /// <summary>As <see cref="Popen4(string, int, string)"/>, for a program with its arguments.</summary>
    /// <param name="command">The program, looked for along PATH unless there is a slash in it, and its arguments; no shell is between.</param>
    /// <param name="bufferSize">As for <see cref="Popen"/>.</param>
    /// <param name="mode">"t" or "b", which are the same everywhere but under Windows.</param>
    /// <returns>Its output and standard error, and its input.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="command"/>, or one of its words, is null.</exception>
    /// <exception cref="ArgumentException">No words, an empty program, a NUL; or no such kind of pipe.</exception>
    /// <exception cref="OsException">It could not be started: ENOENT, EACCES and so on.</exception>
    [SupportedOSPlatform("linux")]
    public static (StreamReader Output, StreamWriter Input) Popen4(IReadOnlyList<string> command, int bufferSize = -1, string mode = "t")
    {
        CheckPipeKind(mode);
        (StreamReader output, StreamWriter input, _) = new Popen4(command, bufferSize).ReleasePipes();
        return (output, input);
    }

    private static void CheckPipeKind(string mode)
    {
        if (mode is not ("t" or "b"))
        {
            throw new ArgumentException($"There is no such kind of pipe: '{mode}'.", nameof(mode));
        }
    }
}
