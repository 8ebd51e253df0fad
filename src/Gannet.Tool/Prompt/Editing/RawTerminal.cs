using System.Runtime.InteropServices;
using System.Text;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tool.Prompt.Editing;

/// <summary>
/// The terminal while a line is edited: every key comes at once and is shown by nobody but the editor. As it was before at each
/// <see cref="Leave"/>, and also when a signal ends the program meanwhile.
/// </summary>
internal sealed class RawTerminal : IDisposable
{
    /// <summary>Read instead of a byte: the terminal has to be drawn anew.</summary>
    public const int Woken = -1;

    /// <summary>Read instead of a byte: SIGINT came, from outside.</summary>
    public const int Interrupted = -4;

    /// <summary>Read instead of a byte: the terminal has hung up.</summary>
    public const int Ended = -2;

    /// <summary>Read instead of a byte: nothing came in time.</summary>
    public const int Late = -3;

    private const int Stdin = 0;
    private const int Stdout = 1;
    private const int UsualColumns = 80;
    private const int UsualRows = 24;
    private const string PasteMarksOn = "\e[?2004h";
    private const string PasteMarksOff = "\e[?2004l";

    // The signals that end a program unless it says otherwise.
    private static readonly PosixSignal[] s_deadly = [PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    private readonly Lock _lock = new();
    private readonly byte[] _before = new byte[Libc.TerminalSettingsSize];
    private readonly byte[] _raw = new byte[Libc.TerminalSettingsSize];
    private readonly SafeFileHandle _wake = Libc.EventFd();
    private readonly SafeFileHandle _screen = new(Stdout, ownsHandle: false);
    private readonly List<PosixSignalRegistration> _signals = [];
    private bool _isRaw;
    private volatile bool _isInterrupted;
    private volatile bool _isSuspended;

    public RawTerminal()
    {
        _signals.AddRange(s_deadly.Select(signal => PosixSignalRegistration.Create(signal, _ => Restore())));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Wake()));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, GoOn));
        // Another thread may end the program.
        AppDomain.CurrentDomain.ProcessExit += RestoreAtExit;
    }

    /// <summary>Its size in letters.</summary>
    public (int Columns, int Rows) Size
    {
        get
        {
            try
            {
                (int columns, int rows) = Libc.TerminalSize(_screen);
                return (columns > 0 ? columns : UsualColumns, rows > 0 ? rows : UsualRows);
            }
            catch (OsException)
            {
                return (UsualColumns, UsualRows);
            }
        }
    }

    /// <summary>Begins to edit; false when the terminal can't be had.</summary>
    public bool Enter()
    {
        if (IsRaised())
        {
            // What came before the prompt is none of the line's, and all is about to be drawn.
            TakeWake();
        }

        // .NET's console leaves echo off behind a read of its own.
        RuntimeTerminal.Restore();
        lock (_lock)
        {
            if (!Libc.TryGetTerminal(Stdin, _before))
            {
                return false;
            }

            _before.CopyTo(_raw, 0);
            ref uint input = ref Libc.InputFlags(_raw);
            input = (input | Libc.ICRNL) & ~(Libc.INLCR | Libc.IGNCR);
            Libc.LocalFlags(_raw) &= ~(Libc.ECHO | Libc.ICANON | Libc.IEXTEN | Libc.ISIG);
            Libc.SpecialCharacters(_raw)[Libc.VMIN] = 1;
            Libc.SpecialCharacters(_raw)[Libc.VTIME] = 0;
            return SetRaw();
        }
    }

    /// <summary>Ends to edit.</summary>
    public void Leave() => Restore();

    /// <summary>Lets the read that waits return <see cref="Interrupted"/>.</summary>
    public void Interrupt()
    {
        _isInterrupted = true;
        Wake();
    }

    /// <summary>Stops the program, as Ctrl-Z does to any other; returns when it goes on.</summary>
    public void Suspend()
    {
        Restore();
        _isSuspended = true;
        Libc.StopSelf();
        Enter();
        _isSuspended = false;
    }

    /// <summary>The next byte that was typed, or one of the numbers below zero.</summary>
    /// <param name="milliseconds">How long to wait for it; -1 without end.</param>
    public int ReadByte(int milliseconds)
    {
        int ready = Await(milliseconds);
        if (ready != 0)
        {
            return ready;
        }

        // No more than this one: what follows the line may be for what it runs.
        Span<byte> typed = stackalloc byte[1];
        return ReadOnce(typed) == 0 ? Ended : typed[0];
    }

    /// <summary>Shows a text, its control sequences obeyed.</summary>
    public static void Write(string text)
    {
        try
        {
            Libc.WriteAll(Stdout, Encoding.UTF8.GetBytes(text));
        }
        catch (OsException)
        {
            // Hung up; the next read says so.
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= RestoreAtExit;
        Restore();
        _signals.ForEach(signal => signal.Dispose());
        _wake.Dispose();
        _screen.Dispose();
    }

    private static int ReadOnce(Span<byte> typed)
    {
        try
        {
            return Libc.Read(Stdin, typed);
        }
        catch (OsException)
        {
            return 0;
        }
    }

    /// <summary>0 when something was typed.</summary>
    private int Await(int milliseconds)
    {
        // The rest of a key comes first.
        bool isRest = milliseconds >= 0;
        Span<PollEntry> entries =
        [
            new() { Descriptor = Stdin, Events = Libc.POLLIN },
            new() { Descriptor = isRest ? -1 : (int)_wake.DangerousGetHandle(), Events = Libc.POLLIN },
        ];
        int count;
        while ((count = Libc.Poll(entries, milliseconds)) < 0)
        {
        }

        if (count == 0)
        {
            return Late;
        }

        return entries[1].Returned == 0 ? 0 : TakeWake() ? Interrupted : Woken;
    }

    /// <summary>Takes back what has been raised; whether it was an interruption.</summary>
    private bool TakeWake()
    {
        Span<byte> raised = stackalloc byte[sizeof(ulong)];
        Libc.Read((int)_wake.DangerousGetHandle(), raised);
        bool interrupted = _isInterrupted;
        _isInterrupted = false;
        return interrupted;
    }

    private bool IsRaised()
    {
        Span<PollEntry> entries = [new() { Descriptor = (int)_wake.DangerousGetHandle(), Events = Libc.POLLIN }];
        return Libc.Poll(entries, 0) > 0;
    }

    private void RestoreAtExit(object? sender, EventArgs arguments) => Restore();

    private void Wake()
    {
        try
        {
            Libc.Raise(_wake);
        }
        catch (ObjectDisposedException)
        {
            // A signal that came at the end; its handler may still run after its registration has been disposed.
        }
    }

    private bool SetRaw()
    {
        _isRaw = Libc.TrySetTerminal(Stdin, _raw, discardInput: false);
        RuntimeTerminal.IsTaken = _isRaw;
        if (_isRaw)
        {
            Write(PasteMarksOn);
        }

        return _isRaw;
    }

    private void Restore()
    {
        lock (_lock)
        {
            if (_isRaw)
            {
                _isRaw = false;
                RuntimeTerminal.IsTaken = false;
                Write(PasteMarksOff);
                Libc.TrySetTerminal(Stdin, _before, discardInput: false);
            }
        }
    }

    // Stopped from outside, and a shell has had the terminal. Uncancelled, the runtime would put settings of its own back.
    private void GoOn(PosixSignalContext context)
    {
        lock (_lock)
        {
            if (_isRaw)
            {
                context.Cancel = true;
                SetRaw();
                Wake();
            }
            else if (_isSuspended)
            {
                context.Cancel = true;
            }
        }
    }
}
