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

    // How long a signal that ends the process may take to do so, until it counts as cancelled by another handler.
    private static readonly TimeSpan s_deathTime = TimeSpan.FromMilliseconds(300);

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

    private QuietTerminal(int fd, byte[] settings, bool editing, CancellationToken cancellationToken)
    {
        _fd = fd;
        settings.CopyTo(_before, 0);
        settings.CopyTo(_quiet, 0);
        SetQuiet(editing);
        _cancellation = cancellationToken.UnsafeRegister(static self => ((QuietTerminal)self!).Wake(), this);
        Register();
        Quieten(discardInput: true);
    }

    /// <summary>The settings that were found.</summary>
    public ReadOnlySpan<byte> SpecialCharacters => Libc.SpecialCharacters(_before);

    /// <summary>Turns echo off; null when the descriptor is no terminal.</summary>
    /// <param name="fd">The terminal.</param>
    /// <param name="editing">Whether line editing goes off too, because the program does it.</param>
    /// <param name="cancellationToken">What ends <see cref="AwaitInput"/>.</param>
    public static QuietTerminal? TryCreate(int fd, bool editing, CancellationToken cancellationToken)
    {
        byte[] settings = new byte[Libc.TerminalSettingsSize];
        return Libc.TryGetTerminal(fd, settings) ? new QuietTerminal(fd, settings, editing, cancellationToken) : null;
    }

    /// <summary>Waits until something has been typed. The program may be stopped and go on meanwhile.</summary>
    /// <param name="resumed">What to do when it has gone on.</param>
    /// <param name="cancellationToken">The token that it was created with.</param>
    /// <exception cref="OperationCanceledException">The token said so.</exception>
    public void AwaitInput(Action resumed, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool input = Wait();
            if (_stopAsked)
            {
                Stop();
                resumed();
            }
            else if (Environment.TickCount64 >= Interlocked.Read(ref _dyingUntil))
            {
                Quieten(discardInput: false);
                if (input)
                {
                    return;
                }
            }
        }
    }

    public void Dispose()
    {
        _cancellation.Dispose();
        Restore();
        AtExit.Unregister(Restore);
        _stop?.Dispose();
        _signals.ForEach(signal => signal.Dispose());
        _wake.Dispose();
    }

    // The console may have left the terminal without line editing; then that is what is found, and nothing to rely on.
    private void SetQuiet(bool editing)
    {
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
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Watch()));
        foreach (PosixSignal deadly in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP])
        {
            _signals.Add(PosixSignalRegistration.Create(deadly, _ => LeaveInHaste()));
        }

        RegisterStop();
        // SIGINT runs the exit hooks, unless another handler cancels it.
        AtExit.Register(Restore);
    }

    private void RegisterStop() =>
        _stop = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
        {
            context.Cancel = true;
            _stopAsked = true;
            Wake();
        });

    private void Stop()
    {
        Restore();
        // Without a handler the signal does what it does to other programs, and the shell sees the stop that it expects.
        _stop?.Dispose();
        _stopAsked = false;
        Libc.StopSelf();
        RegisterStop();
        Quieten(discardInput: false);
        Watch();
    }

    private void Watch()
    {
        Interlocked.Exchange(ref _watchUntil, Environment.TickCount64 + (long)s_watchTime.TotalMilliseconds);
        Wake();
    }

    private void LeaveInHaste()
    {
        Interlocked.Exchange(ref _dyingUntil, Environment.TickCount64 + (long)s_deathTime.TotalMilliseconds);
        Restore();
        Watch();
    }

    private int Timeout() =>
        Environment.TickCount64 < Math.Max(Interlocked.Read(ref _watchUntil), Interlocked.Read(ref _dyingUntil)) ? WatchInterval : -1;

    /// <summary>Whether something has been typed, rather than that this was woken or the time is up.</summary>
    private bool Wait()
    {
        Span<PollEntry> entries =
        [
            new() { Descriptor = _fd, Events = Libc.POLLIN },
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

    private void Quieten(bool discardInput)
    {
        lock (_lock)
        {
            Span<byte> now = stackalloc byte[Libc.TerminalSettingsSize];
            if (!AtExit.IsEnding && Libc.TryGetTerminal(_fd, now) && Libc.LocalFlags(now) != Libc.LocalFlags(_quiet))
            {
                _isQuiet = true;
                Libc.TrySetTerminal(_fd, _quiet, discardInput);
            }
        }
    }

    private void Restore()
    {
        lock (_lock)
        {
            if (_isQuiet)
            {
                _isQuiet = false;
                // What was typed of a password that is not wanted any more must not reach the shell.
                Libc.TrySetTerminal(_fd, _before, discardInput: true);
            }
        }
    }
}
