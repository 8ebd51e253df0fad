using System.Runtime.Versioning;

namespace Gannet;

/// <summary>Keeps the handlers waiting from its making to its disposal.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SignalHold : IDisposable
{
    private int _ended;

    public SignalHold() => SignalDispatcher.Hold();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            SignalDispatcher.EndHold();
        }
    }
}
