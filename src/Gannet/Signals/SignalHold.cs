using System.Runtime.Versioning;

namespace Gannet;

/// <summary>Keeps the handlers waiting from its making to its disposal.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SignalHold : IDisposable
{
    private readonly HoldCount _holder = SignalDispatcher.Hold();
    private int _ended;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            SignalDispatcher.EndHold(_holder);
        }
    }
}
