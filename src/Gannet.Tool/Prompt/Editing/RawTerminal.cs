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

    /// <summary>Read instead of a byte: the program had been stopped, and somebody else may have written to the terminal.</summary>
    public const int Continued = -5;

    private const int Stdin = 0;
    private const int Stdout = 1;
    private const int UsualColumns = 80;
    private const int UsualRows = 24;
    private const byte CtrlD = 4;
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
    private PosixSignalRegistration? _stop;
    private bool _isEditing;
    private bool _isRaw;
    private int _typedAhead;
    private volatile bool _isInterrupted;
    private volatile bool _isContinued;
    private bool _hasStopped;

    public RawTerminal()
    {
        _signals.AddRange(s_deadly.Select(signal => PosixSignalRegistration.Create(signal, EndBySignal)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Wake()));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, GoOn));
        // Another thread may end the program.
        AppDomain.CurrentDomain.ProcessExit += RestoreAtExit;
    }

    /// <summary>The program ends or stops, and another thread than that which edits is about to put the terminal right.</summary>
    public event Action? Leaving;

    /// <summary>Whether a byte waits to be read, or the terminal has hung up.</summary>
    public static bool HasTyped => Libc.HasInput(Stdin, timeout: 0);

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
        if (Libc.HasInput((int)_wake.DangerousGetHandle(), timeout: 0))
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
            return _isEditing = SetRaw();
        }
    }

    /// <summary>Ends to edit.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _isEditing = false;
            Restore();
        }
    }

    /// <summary>Does something in the middle of a line that Ctrl-C may end: the keys that send signals do so meanwhile.</summary>
    public T WithSignals<T>(Func<T> work)
    {
        SetSignals(true);
        try
        {
            return work();
        }
        finally
        {
            SetSignals(false);
        }
    }

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
        Stop();
        Enter();
    }

    // As if the key had been typed, but that the thread which edits waits for one.
    private void SuspendBySignal(PosixSignalContext context)
    {
        context.Cancel = true;
        LeaveNow();
        Stop();
        lock (_lock)
        {
            if (_isEditing)
            {
                SetRaw();
            }
        }

        _isContinued = true;
        Wake();
    }

    private void Stop()
    {
        lock (_lock)
        {
            _hasStopped = true;
        }

        Libc.StopSelf();
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
        if (ReadOnce(typed) == 0)
        {
            return Ended;
        }

        // What was typed while the terminal edited lines itself has a zero for each Ctrl-D.
        return _typedAhead > 0 && _typedAhead-- > 0 && typed[0] == 0 ? CtrlD : typed[0];
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

        return entries[1].Returned == 0 ? 0 : TakeWake();
    }

    /// <summary>Takes back what has been raised, and says what it was.</summary>
    private int TakeWake()
    {
        Libc.Lower(_wake);
        int reason = _isInterrupted ? Interrupted : _isContinued ? Continued : Woken;
        _isInterrupted = _isContinued = false;
        return reason;
    }

    private void RestoreAtExit(object? sender, EventArgs arguments) => LeaveNow();

    // Of a signal that another handler has taken the program does not end.
    private void EndBySignal(PosixSignalContext context)
    {
        if (!context.Cancel)
        {
            LeaveNow();
        }
    }

    private void LeaveNow()
    {
        Leaving?.Invoke();
        Restore();
    }

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
            _typedAhead = Libc.CountInput(Stdin);
            _stop ??= PosixSignalRegistration.Create(PosixSignal.SIGTSTP, SuspendBySignal);
            Write(PasteMarksOn);
        }

        return _isRaw;
    }

    private void SetSignals(bool on)
    {
        lock (_lock)
        {
            ref uint flags = ref Libc.LocalFlags(_raw);
            flags = on ? flags | Libc.ISIG : flags & ~Libc.ISIG;
            if (_isRaw)
            {
                Libc.TrySetTerminal(Stdin, _raw, discardInput: false);
            }
        }
    }

    private void Restore()
    {
        lock (_lock)
        {
            if (_isRaw)
            {
                _isRaw = false;
                RuntimeTerminal.IsTaken = false;
                // The next one stops the program, as it does any other.
                _stop?.Dispose();
                _stop = null;
                Write(PasteMarksOff);
                Libc.TrySetTerminal(Stdin, _before, discardInput: false);
            }
        }
    }

    // A shell has had the terminal. Uncancelled, the runtime would put settings of its own back. Who has stopped the program here draws the line
    // again himself.
    private void GoOn(PosixSignalContext context)
    {
        lock (_lock)
        {
            context.Cancel |= _isRaw || _hasStopped;
            if (_isRaw)
            {
                SetRaw();
                _isContinued |= !_hasStopped;
                Wake();
            }

            _hasStopped = false;
        }
    }
}
