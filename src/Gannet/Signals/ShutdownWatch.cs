using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>Waits for the signals that ask a program to end.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ShutdownWatch : SignalSubscription
{
    private readonly CancellationTokenSource _source = new();
    private volatile object? _first;

    public ShutdownWatch()
        : base(new SignalMask(FindSignals())) => Begin();

    public CancellationToken Token => _source.Token;

    /// <summary>The first of them.</summary>
    public SignalInfo? First => (SignalInfo?)_first;

    protected override bool TryOffer(in SignalInfo info)
    {
        if (SignalActions.Get(info.Signal).Kind is SignalHandlerKind.Ignore)
        {
            return false;
        }

        // To many services SIGHUP means to read the configuration again.
        if (info.Signal is Signal.SIGHUP && SignalActions.IsWantedByAnother(info.Signal))
        {
            return false;
        }

        if (_first is not null)
        {
            Shim.SignalDie((int)info.Signal);
        }

        _first = info;
        _ = _source.CancelAsync();
        return true;
    }

    private static ulong FindSignals()
    {
        ulong bits = 0;
        foreach (Signal signal in (ReadOnlySpan<Signal>)[Signal.SIGINT, Signal.SIGTERM, Signal.SIGHUP])
        {
            if (SignalActions.Get(signal).Kind is not SignalHandlerKind.Ignore)
            {
                bits |= SignalMask.BitOf(signal);
            }
        }

        return bits;
    }
}
