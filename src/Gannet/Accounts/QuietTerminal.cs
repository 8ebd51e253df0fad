using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// A terminal whose echo is off until this is disposed, and on again in every other case in which the program leaves it: at the end of the
/// process, by whatever signal, and while it is stopped.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class QuietTerminal : IDisposable
{
    // The runtime puts its own settings back at SIGCONT, on a thread of its own and at a moment of its own.
    private const int WatchInterval = 10;
    private static readonly TimeSpan s_watchTime = TimeSpan.FromSeconds(1);

    // It does so too, and unasked, when a Process is started on another thread.
    private const int IdleInterval = 50;

    // The signals that end a program unless it says otherwise. For the last three PosixSignal has no names.
    private static readonly PosixSignal[] s_deadly = [PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];
    private static readonly PosixSignal[] s_deadlyUnlessUsed =
        [(PosixSignal)(int)Signal.SIGALRM, (PosixSignal)(int)Signal.SIGUSR1, (PosixSignal)(int)Signal.SIGUSR2];

    // How long a signal that ends the process may take to do so on a machine with much to do, until it counts as cancelled by another handler.
    private static readonly TimeSpan s_deathTime = TimeSpan.FromSeconds(1);

    // The one of the prompt that is up.
    private static volatile QuietTerminal? s_current;
    private static int s_isForkPrepared;

    private readonly int _fd;
    private readonly Lock _lock = new();
    private readonly byte[] _before = new byte[Libc.TerminalSettingsSize];
    private readonly byte[] _quiet = new byte[Libc.TerminalSettingsSize];
    private readonly SafeFileHandle _wake = Libc.EventFd();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly CancellationTokenRegistration _cancellation;

    private PosixSignalRegistration? _stop;
    private long _watchUntil;
    private long _dyingUntil;
    private volatile bool _stopAsked;
    private bool _isQuiet;

    // Whether it is this program that reads from the terminal, not a shell that has it meanwhile.
    private bool _isOurs = true;

    private QuietTerminal(int fd, byte[] settings, bool editing, CancellationToken cancellationToken)
    {
        _fd = fd;
        settings.CopyTo(_before, 0);
        settings.CopyTo(_quiet, 0);
        SetQuiet(editing);
        _cancellation = cancellationToken.UnsafeRegister(static self => ((QuietTerminal)self!).Wake(), this);
        Register();
    }

    /// <summary>The settings that were found.</summary>
    public ReadOnlySpan<byte> SpecialCharacters => Libc.SpecialCharacters(_before);

    private bool IsDying => Environment.TickCount64 < _dyingUntil;

    // Changing the settings from the background stops the whole process by SIGTTOU. A terminal that is not the controlling one (-1)
    // is nobody's foreground.
    private bool IsInBackground => Libc.ForegroundGroup(_fd) is > 0 and int group && group != Libc.GroupOf(0);

    /// <summary>Turns echo off; null when the descriptor is no terminal, or one that can't be changed.</summary>
    /// <param name="fd">The terminal.</param>
    /// <param name="editing">Whether line editing goes off too, because the program does it.</param>
    /// <param name="cancellationToken">What ends <see cref="AwaitInput"/>.</param>
    public static QuietTerminal? TryCreate(int fd, bool editing, CancellationToken cancellationToken)
    {
        byte[] settings = new byte[Libc.TerminalSettingsSize];
        if (!Libc.TryGetTerminal(fd, settings))
        {
            return null;
        }

        if (Interlocked.Exchange(ref s_isForkPrepared, 1) == 0)
        {
            AtFork.RegisterRoom(LeaveToParent);
        }

        QuietTerminal terminal = new(fd, settings, editing, cancellationToken);
        s_current = terminal;
        if (terminal.TryQuieten(discardInput: true))
        {
            return terminal;
        }

        terminal.Dispose();
        return null;
    }

    /// <summary>Turns echo on for an end of the process that runs no exit hooks. If the process goes on nonetheless, because another
    /// program could not take its place, echo goes off again.</summary>
    public static void LeaveToEnd() => s_current?.LeaveInHaste(s_deathTime);

    /// <summary>Waits until something has been typed. The program may be stopped and go on meanwhile.</summary>
    /// <param name="resumed">What to do when it has gone on.</param>
    /// <param name="cancellationToken">The token that it was created with.</param>
    /// <exception cref="OperationCanceledException">The token said so.</exception>
    public void AwaitInput(Action resumed, CancellationToken cancellationToken)
    {
        bool hasStopped = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool input = Wait();
            if (_stopAsked)
            {
                _stopAsked = false;
                hasStopped |= TryStop();
            }

            _isOurs = Quieten();
            if (_isOurs && hasStopped)
            {
                hasStopped = false;
                resumed();
            }
            else if (_isOurs && input)
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        _cancellation.Dispose();
        Restore();
        s_current = null;
        AtExit.Unregister(Restore);
        AppDomain.CurrentDomain.UnhandledException -= LeaveAtCrash;
        _stop?.Dispose();
        _signals.ForEach(signal => signal.Dispose());
        _wake.Dispose();
    }

    // The thread that prompts is the parent's, and so is the terminal: nothing is to be restored by a forked child.
    private static void LeaveToParent()
    {
        if (s_current is { } terminal)
        {
            terminal._isQuiet = false;
            s_current = null;
            RuntimeTerminal.IsTaken = false;
        }
    }

    // The console may have left the terminal without line editing; then that is what is found, and nothing to rely on.
    private void SetQuiet(bool editing)
    {
        // Enter sends a carriage return, and a line ends with a newline.
        ref uint inputFlags = ref Libc.InputFlags(_quiet);
        inputFlags = (inputFlags | Libc.ICRNL) & ~(Libc.INLCR | Libc.IGNCR);
        ref uint flags = ref Libc.LocalFlags(_quiet);
        flags = (flags & ~(Libc.ECHO | Libc.ICANON)) | Libc.ISIG;
        if (!editing)
        {
            flags |= Libc.ICANON | Libc.IEXTEN;
            return;
        }

        // Each letter at once.
        Libc.SpecialCharacters(_quiet)[Libc.VMIN] = 1;
        Libc.SpecialCharacters(_quiet)[Libc.VTIME] = 0;
    }

    private void Register()
    {
        // Before the settings change: the runtime remembers those that it finds as its own.
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, GoOn));
        foreach (PosixSignal deadly in s_deadly.Concat(s_deadlyUnlessUsed.Where(signal => Libc.IsDefault((int)signal))))
        {
            _signals.Add(PosixSignalRegistration.Create(deadly, _ => LeaveInHaste(s_deathTime)));
        }

        RegisterStop();
        // SIGINT runs the exit hooks, unless another handler cancels it.
        AtExit.Register(Restore);
        AppDomain.CurrentDomain.UnhandledException += LeaveAtCrash;
    }

    // From here no way leads back, but the runtime has a report to write first.
    private void LeaveAtCrash(object sender, UnhandledExceptionEventArgs crash) =>
        LeaveInHaste(crash.IsTerminating ? TimeSpan.MaxValue : s_deathTime);

    private void RegisterStop() =>
        _stop = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
        {
            context.Cancel = true;
            _stopAsked = true;
            Wake();
        });

    private bool TryStop()
    {
        lock (_lock)
        {
            if (IsDying)
            {
                return false;
            }

            Restore();
        }

        // Without a handler the signal does what it does to other programs, and the shell sees the stop that it expects.
        _stop?.Dispose();
        Libc.StopSelf();
        RegisterStop();
        Watch();
        return true;
    }

    // Uncancelled, the runtime puts its own settings back, in the background too. It guards that against SIGTTOU by a handler that is
    // gone after one delivery: now and then a second one comes, which stops the program anew whenever it is to go on.
    private void GoOn(PosixSignalContext context)
    {
        context.Cancel = true;
        Watch();
    }

    private void Watch()
    {
        Interlocked.Exchange(ref _watchUntil, Environment.TickCount64 + (long)s_watchTime.TotalMilliseconds);
        Wake();
    }

    private void LeaveInHaste(TimeSpan deathTime)
    {
        lock (_lock)
        {
            _dyingUntil = Math.Max(_dyingUntil, Environment.TickCount64 + (long)deathTime.TotalMilliseconds);
            Restore();
        }

        Watch();
    }

    private int Timeout() => Environment.TickCount64 < Interlocked.Read(ref _watchUntil) ? WatchInterval : IdleInterval;

    /// <summary>Whether something has been typed, rather than that this was woken or the time is up.</summary>
    private bool Wait()
    {
        Span<PollEntry> entries =
        [
            // Poll leaves out a negative number.
            new() { Descriptor = _isOurs ? _fd : -1, Events = Libc.POLLIN },
            new() { Descriptor = (int)_wake.DangerousGetHandle(), Events = Libc.POLLIN },
        ];
        if (Libc.Poll(entries, Timeout()) <= 0)
        {
            return false;
        }

        if (entries[1].Returned != 0)
        {
            Libc.Lower(_wake);
        }

        return entries[0].Returned != 0;
    }

    private void Wake()
    {
        try
        {
            Libc.Raise(_wake);
        }
        catch (ObjectDisposedException)
        {
            // A signal that came when nobody waits any more; its handler may still run after its registration has been disposed.
        }
    }

    /// <summary>Turns echo off wherever something has turned it on; false while the terminal is not this program's to change and
    /// to read from.</summary>
    private bool Quieten()
    {
        lock (_lock)
        {
            if (AtExit.IsEnding || IsDying || IsInBackground)
            {
                return false;
            }

            // A terminal that has hung up fails here, and tells why when it is read.
            _ = TryQuieten(discardInput: false);
            return true;
        }
    }

    private bool TryQuieten(bool discardInput)
    {
        lock (_lock)
        {
            // Whoever ends the program waits for the lock, and restores what is told to be quiet.
            if (AtExit.IsEnding)
            {
                return false;
            }

            Span<byte> now = stackalloc byte[Libc.TerminalSettingsSize];
            bool isQuiet = Libc.TryGetTerminal(_fd, now) && (IsQuiet(now) || Libc.TrySetTerminal(_fd, _quiet, discardInput));
            _isQuiet |= isQuiet;
            RuntimeTerminal.IsTaken = _isQuiet;
            return isQuiet;
        }
    }

    private bool IsQuiet(Span<byte> settings) =>
        Libc.LocalFlags(settings) == Libc.LocalFlags(_quiet) && Libc.InputFlags(settings) == Libc.InputFlags(_quiet);

    private void Restore()
    {
        lock (_lock)
        {
            if (!_isQuiet)
            {
                return;
            }

            _isQuiet = false;
            RuntimeTerminal.IsTaken = false;
            if (!IsInBackground)
            {
                // What was typed of a password that is not wanted any more must not reach the shell.
                Libc.TrySetTerminal(_fd, _before, discardInput: true);
            }
        }
    }
}
