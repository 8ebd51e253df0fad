using System.Runtime.Versioning;

namespace Gannet;

/// <summary>Keeps the first delivery for the thread that waits for it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SignalLatch : SignalSubscription
{
    private readonly Lock _lock = new();
    private SignalInfo? _first;

    public SignalLatch(SignalMask signals)
        : base(signals) => Begin();

    /// <summary>The first delivery, or null.</summary>
    public SignalInfo? First
    {
        get
        {
            lock (_lock)
            {
                return _first;
            }
        }
    }

    protected override bool TryOffer(in SignalInfo info)
    {
        lock (_lock)
        {
            bool isFirst = _first is null;
            _first ??= info;
            return isFirst;
        }
    }
}
