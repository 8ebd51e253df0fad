using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>A cancellation token as a descriptor, so that a thread which waits for descriptors hears of it.</summary>
internal readonly struct CancellationEvent : IDisposable
{
    private readonly SafeFileHandle? _event;
    private readonly CancellationTokenRegistration _registration;

    /// <summary>Begins to listen. A token that can't be cancelled takes no descriptor.</summary>
    /// <exception cref="OsException">No descriptor is free.</exception>
    public CancellationEvent(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _event = Libc.EventFd();
            _registration = cancellationToken.UnsafeRegister(static state => Libc.Raise((SafeFileHandle)state!), _event);
        }
    }

    /// <summary>The descriptor, readable once the token is cancelled; null for a token that can't be.</summary>
    public SafeFileHandle? Handle => _event;

    /// <summary>What poll(2) is to wait for; passed over by it for a token that can't be cancelled.</summary>
    public PollEntry Entry => new() { Descriptor = _event is null ? -1 : (int)_event.DangerousGetHandle(), Events = Libc.POLLIN };

    /// <summary>Ends listening; waits for a cancellation that is under way, which still writes to the descriptor.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        _event?.Dispose();
    }
}
