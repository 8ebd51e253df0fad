using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// This program's end of the terminal that a child was given (<see cref="Command.WithTerminal"/>), where a person's keyboard and screen would
/// be. What is written is typed: Ctrl-C (<c>\x03</c>) interrupts, Ctrl-D (<c>\x04</c>) at the beginning of a line ends the input. What is read is
/// what is shown, echo included, with <c>\r\n</c> at the end of a line. Reading ends (0 bytes) when no process has the terminal open any more; one that
/// the child has left behind puts the end off, though it can show nothing any more.
/// </summary>
/// <remarks>
/// <para>Disposing it hangs up, as <see cref="Child.Dispose"/> does: the leader of the terminal's session and the group in its foreground get SIGHUP
/// and SIGCONT, and whoever reads from it then gets an end of file.</para>
/// <para>One read and one write at a time, also both at once, and a dispose at any time. A synchronous call waits on its own thread, an
/// asynchronous one on none; nothing is buffered. A read that was cancelled or out of time has taken nothing.</para>
/// <para>Source: pty(7), ioctl_tty(2), termios(3). CPython's <c>pty.fork</c> gives a descriptor whose end is an <c>OSError</c> (EIO).</para>
/// </remarks>
public sealed class PseudoTerminal : Stream
{
    private readonly SafeFileHandle _screen;

    // Another descriptor for the same end, because one of them can't be waited for in two ways at once.
    private readonly SafeFileHandle _keyboard;

    // Becomes readable with the dispose, so that a synchronous call does not keep the terminal open.
    private readonly SafeFileHandle _closing;
    private readonly EventWatch _readable;
    private readonly EventWatch _writable;
    private int _isClosed;

    /// <summary>Takes over this program's end, which does not block.</summary>
    internal PseudoTerminal(SafeFileHandle end)
    {
        _screen = end;
        _keyboard = Libc.DuplicateAway((int)end.DangerousGetHandle())!;
        try
        {
            _closing = Libc.EventFd();
        }
        catch
        {
            _keyboard.Dispose();
            throw;
        }

        _readable = new(_screen);
        _writable = new(_keyboard);
    }

    /// <inheritdoc/>
    public override bool CanRead => !IsClosed;

    /// <inheritdoc/>
    public override bool CanWrite => !IsClosed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw NoPosition();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw NoPosition();
        set => throw NoPosition();
    }

    /// <summary><c>os.get_terminal_size</c>: its size in letters. The child may change it as well.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    public (int Columns, int Rows) Size
    {
        get
        {
            ThrowIfClosed();
            return Libc.TerminalSize(_screen);
        }
    }

    /// <summary>Whether it shows what is typed. A program that asks for a password turns that off: wait for it before the password is
    /// typed, and it is seen nowhere.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    public bool Echo
    {
        get => (Settings().LocalFlags & Libc.ECHO) != 0;
        set
        {
            (byte[] settings, uint flags) = Settings();
            Libc.LocalFlags(settings) = value ? flags | Libc.ECHO : flags & ~Libc.ECHO;
            using HeldDescriptor held = new(_screen);
            ThrowIfClosed();
            _ = Libc.TrySetTerminal(held.Entry.Descriptor, settings, discardInput: false);
        }
    }

    /// <summary>Becomes readable with the dispose.</summary>
    internal SafeFileHandle Closing => _closing;

    private bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    /// <summary>Gives it another size. The group in its foreground gets SIGWINCH, unless the size is the one that it has.</summary>
    /// <param name="columns">The width in letters, 1 to 65535.</param>
    /// <param name="rows">The height in lines, 1 to 65535.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size out of that range.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    public void Resize(int columns, int rows)
    {
        TerminalPlan.CheckSize(columns, rows);
        ThrowIfClosed();
        Libc.ResizeTerminal(_screen, columns, rows);
    }

    /// <summary>Types a text, in UTF-8; lone surrogates U+DC80 to U+DCFF are the bytes that they stand for. The return key is
    /// <c>\n</c> or <c>\r</c>.</summary>
    /// <param name="text">The text; its control characters are keys.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException">Half a surrogate pair that stands for no byte.</exception>
    /// <exception cref="OsException">EIO: no process has the terminal open any more. Not every kernel says so.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed, before or meanwhile.</exception>
    public void Type(string text) => Write(Encode(text));

    /// <summary>As <see cref="Type"/>, without a thread that waits.</summary>
    /// <param name="text">The text; its control characters are keys.</param>
    /// <param name="cancellationToken">Ends the wait; what has been typed by then stays.</param>
    /// <returns>When all is typed; the exceptions are those of <see cref="Type"/>.</returns>
    public Task TypeAsync(string text, CancellationToken cancellationToken = default) =>
        WriteAsync(Encode(text), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => Read(buffer, Timeout.InfiniteTimeSpan)!.Value;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads what is shown next, and waits for it for a while.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="timeout">How long to wait; zero to look only, <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many bytes; 0 when no process has the terminal open any more, null when the time is over.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed, before or meanwhile.</exception>
    public int? Read(Span<byte> buffer, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        using CancellationEvent cancellation = new(cancellationToken);
        for (; ; )
        {
            ThrowIfClosed();
            cancellationToken.ThrowIfCancellationRequested();

            // Before the read: what comes after the deadline is the next read's, but what has come by then is this one's.
            bool isOver = deadline.IsOver;
            int count = Libc.TryRead(_screen, buffer);
            if (count >= 0)
            {
                return count;
            }

            if (isOver)
            {
                return null;
            }

            Await(_screen, Libc.POLLIN, deadline, cancellation);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        (await ReadAsync(buffer, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false))!.Value;

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>As <see cref="Read(Span{byte}, TimeSpan, CancellationToken)"/>, without a thread that waits.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="timeout">How long to wait; zero to look only, <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many bytes; 0 when no process has the terminal open any more, null when the time is over. The exceptions are those of
    /// <see cref="Read(Span{byte}, TimeSpan, CancellationToken)"/>.</returns>
    public async ValueTask<int?> ReadAsync(Memory<byte> buffer, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        for (; ; )
        {
            ThrowIfClosed();
            cancellationToken.ThrowIfCancellationRequested();
            bool isOver = deadline.IsOver;
            int count = Libc.TryRead(_screen, buffer.Span);
            if (count >= 0)
            {
                return count;
            }

            if (isOver)
            {
                return null;
            }

            await _readable.WaitAsync(Libc.POLLIN, TimeSpan.FromMilliseconds(deadline.Milliseconds), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ThrowIfClosed();
        while (!buffer.IsEmpty)
        {
            int count = Libc.TryWrite(_keyboard, buffer);
            if (count < 0)
            {
                Await(_keyboard, Libc.POLLOUT, Deadline.Never, default);
                ThrowIfClosed();
                continue;
            }

            buffer = buffer[count..];
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        await _writable.WriteAllAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is held back.
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw NoPosition();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw NoPosition();

    /// <summary>Hangs up.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            Libc.Raise(_closing);
            _readable.Dispose();
            _writable.Dispose();
            _screen.Dispose();
            _keyboard.Dispose();
            _closing.Dispose();
        }

        base.Dispose(disposing);
    }

    private static NotSupportedException NoPosition() => new("A terminal has no position and no length.");

    private static byte[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return OsText.EncodeContent(text, nameof(text));
    }

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(IsClosed, this);

    private (byte[] All, uint LocalFlags) Settings()
    {
        byte[] settings = new byte[Libc.TerminalSettingsSize];
        using HeldDescriptor held = new(_screen);
        ThrowIfClosed();
        return Libc.TryGetTerminal(held.Entry.Descriptor, settings)
            ? (settings, Libc.LocalFlags(settings))
            : throw new OsException(Libc.LastError, "tcgetattr");
    }

    private void Await(SafeFileHandle end, short events, Deadline deadline, in CancellationEvent cancellation)
    {
        using HeldDescriptor held = new(end), closing = new(_closing);
        if (held.IsHeld && closing.IsHeld)
        {
            Libc.Poll([held.Entry with { Events = events }, closing.Entry, cancellation.Entry], deadline.Milliseconds);
        }
    }
}
