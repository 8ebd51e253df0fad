using System.Collections;
using System.Runtime.Versioning;

namespace Gannet;

/// <summary>
/// What <see cref="Os.Popen"/> gives: text from a command or to it, like a file, whose end is the end of the command.
/// <see cref="Wait()"/>, or disposing it, closes the pipe, waits for the command and tells how it ended.
/// </summary>
/// <remarks>Text is UTF-8; a byte that is part of no character is a lone surrogate U+DC80 to U+DCFF, as everywhere in Gannet, and is that byte
/// again when it is written. Lines end in <c>\n</c>, <c>\r</c> or both when they are read one by one, and in <c>\n</c> when written. A null
/// is the end, where a Python file gives an empty text, and a line comes without its newline. To be used by one thread at a time.</remarks>
[SupportedOSPlatform("linux")]
public sealed class PopenStream : IEnumerable<string>, IDisposable, IAsyncDisposable
{
    private readonly Child _child;
    private readonly StreamReader? _reader;
    private readonly StreamWriter? _writer;

    internal PopenStream(Child child, PopenMode mode, int bufferSize)
    {
        _child = child;
        if (mode is PopenMode.Read)
        {
            _reader = PopenPipes.Reader(child.Stdout, bufferSize);
        }
        else
        {
            _writer = PopenPipes.Writer(child.Stdin, bufferSize);
        }
    }

    /// <summary>The pipe itself, for bytes. What the text's buffer holds at the moment is not seen there.</summary>
    public Stream BaseStream => _reader?.BaseStream ?? _writer!.BaseStream;

    /// <summary>The text as the framework's own functions take it.</summary>
    /// <exception cref="InvalidOperationException">It was opened for writing.</exception>
    public StreamReader Reader => _reader ?? throw new InvalidOperationException("This was opened for writing to the command (PopenMode.Write).");

    /// <summary>The text as the framework's own functions take it.</summary>
    /// <exception cref="InvalidOperationException">It was opened for reading.</exception>
    public StreamWriter Writer => _writer ?? throw new InvalidOperationException("This was opened for reading from the command (PopenMode.Read).");

    /// <summary>The number of the shell that runs the command.</summary>
    public int Pid => _child.Pid;

    /// <summary>How the command ended; null until <see cref="Wait()"/> or a disposal has learnt it.</summary>
    public WaitStatus? Status { get; private set; }

    /// <summary>Reads a line, without its newline; the last one may have none.</summary>
    /// <returns>The line; null at the end, and ever after.</returns>
    /// <exception cref="InvalidOperationException">It was opened for writing.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public string? ReadLine() => Reader.ReadLine();

    /// <summary>As <see cref="ReadLine"/>, without a thread that waits.</summary>
    /// <param name="cancellationToken">Ends the wait; nothing is lost.</param>
    /// <returns>What <see cref="ReadLine"/> returns.</returns>
    public ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken = default) => Reader.ReadLineAsync(cancellationToken);

    /// <summary>Reads some characters: at least one, unless the end has come.</summary>
    /// <param name="buffer">Where to; as many as it holds at most.</param>
    /// <returns>How many; 0 at the end.</returns>
    /// <exception cref="InvalidOperationException">It was opened for writing.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public int Read(Span<char> buffer) => Reader.Read(buffer);

    /// <summary>As <see cref="Read"/>, without a thread that waits.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many; 0 at the end.</returns>
    public ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) => Reader.ReadAsync(buffer, cancellationToken);

    /// <summary><c>read()</c>: all that is still to come.</summary>
    /// <exception cref="InvalidOperationException">It was opened for writing.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public string ReadToEnd() => Reader.ReadToEnd();

    /// <summary>As <see cref="ReadToEnd"/>, without a thread that waits.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The text.</returns>
    public Task<string> ReadToEndAsync(CancellationToken cancellationToken = default) => Reader.ReadToEndAsync(cancellationToken);

    /// <summary>The lines that are still to come, each read when it is asked for.</summary>
    /// <exception cref="InvalidOperationException">It was opened for writing.</exception>
    public IEnumerator<string> GetEnumerator()
    {
        StreamReader reader = Reader;
        return LinesOf(reader);

        static IEnumerator<string> LinesOf(StreamReader reader)
        {
            while (reader.ReadLine() is { } line)
            {
                yield return line;
            }
        }
    }

    /// <summary>Writes a text. It is held back until the buffer is full, <see cref="Flush"/> or the end, unless the buffer's size is 0 or
    /// 1.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="InvalidOperationException">It was opened for reading.</exception>
    /// <exception cref="OsException">EPIPE: the command reads no more.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public void Write(ReadOnlySpan<char> text) => Writer.Write(text);

    /// <summary>As <see cref="Write"/>, and a newline.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="InvalidOperationException">It was opened for reading.</exception>
    /// <exception cref="OsException">EPIPE: the command reads no more.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public void WriteLine(ReadOnlySpan<char> text = default) => Writer.WriteLine(text);

    /// <summary>As <see cref="Write"/>, without a thread that waits.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Ends the wait; some of the text may have been written.</param>
    /// <returns>When it is written, or held back.</returns>
    public Task WriteAsync(ReadOnlyMemory<char> text, CancellationToken cancellationToken = default) => Writer.WriteAsync(text, cancellationToken);

    /// <summary>Writes out what is held back.</summary>
    /// <exception cref="InvalidOperationException">It was opened for reading.</exception>
    /// <exception cref="OsException">EPIPE: the command reads no more.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public void Flush() => Writer.Flush();

    /// <summary>
    /// <c>pclose</c>: writes out what is held back, closes the pipe and waits for the command, however long it takes. A second call gives
    /// the same.
    /// </summary>
    /// <returns>How the shell ended: by itself with the command's status, or with 128 and the signal that killed the command; by a signal,
    /// if that met the shell itself.</returns>
    /// <exception cref="OsException">ECHILD: somebody else has reaped it, so its status is not known. That the command has not read all
    /// that was written is no error.</exception>
    /// <remarks>What has not been read is lost, and a command that goes on writing meets a closed pipe: SIGPIPE. CPython gives None for
    /// success, and from 3 on a death by signal 15 as -3840.</remarks>
    public WaitStatus Wait()
    {
        if (Status is null)
        {
            PopenPipes.CloseQuietly((IDisposable?)_reader ?? _writer!);
            Status = _child.Wait();
            _child.Dispose();
        }

        return Status.Value;
    }

    /// <summary>As <see cref="Wait()"/>, without a thread that waits.</summary>
    /// <param name="cancellationToken">Ends the wait; the command goes on, and the pipe is closed.</param>
    /// <returns>How the shell ended.</returns>
    /// <exception cref="OsException">ECHILD: somebody else has reaped it.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task<WaitStatus> WaitAsync(CancellationToken cancellationToken = default)
    {
        if (Status is null)
        {
            await CloseAsync().ConfigureAwait(false);
            Status = await _child.WaitAsync(cancellationToken).ConfigureAwait(false);
            _child.Dispose();
        }

        return Status.Value;
    }

    /// <summary>As <see cref="Wait()"/>; <see cref="Status"/> tells how the command ended.</summary>
    /// <exception cref="OsException">ECHILD: somebody else has reaped it.</exception>
    public void Dispose() => Wait();

    /// <summary>As <see cref="Dispose"/>, without a thread that waits.</summary>
    /// <returns>When the command has ended.</returns>
    public async ValueTask DisposeAsync() => await WaitAsync().ConfigureAwait(false);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private async ValueTask CloseAsync()
    {
        if (_writer is not null)
        {
            await PopenPipes.CloseQuietlyAsync(_writer).ConfigureAwait(false);
        }

        _reader?.Dispose();
    }
}
