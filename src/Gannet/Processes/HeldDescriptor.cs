using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>Keeps a descriptor open while a poll waits for it, whoever closes its handle meanwhile: the number would be another
/// descriptor's otherwise.</summary>
internal readonly struct HeldDescriptor : IDisposable
{
    private readonly SafeFileHandle? _handle;

    /// <summary>Takes hold. Nothing is held of a handle that is null or closed.</summary>
    public HeldDescriptor(SafeFileHandle? handle)
    {
        bool isHeld = false;
        try
        {
            handle?.DangerousAddRef(ref isHeld);
        }
        catch (ObjectDisposedException)
        {
            // Closed already.
        }

        _handle = isHeld ? handle : null;
    }

    /// <summary>The handle that is held; null when none is.</summary>
    public SafeFileHandle? Handle => _handle;

    /// <summary>Whether there is something to wait for.</summary>
    public bool IsHeld => _handle is not null;

    /// <summary>What poll(2) is to wait for; passed over by it when nothing is held.</summary>
    public PollEntry Entry => new() { Descriptor = _handle is null ? -1 : (int)_handle.DangerousGetHandle(), Events = Libc.POLLIN };

    /// <summary>Lets go.</summary>
    public void Dispose() => _handle?.DangerousRelease();
}
