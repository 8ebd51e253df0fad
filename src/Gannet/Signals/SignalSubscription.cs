using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>Somebody who waits for signals, beside their handlers.</summary>
[SupportedOSPlatform("linux")]
internal abstract class SignalSubscription : IDisposable
{
    // Who waits in the parent waits in the child too.
    private static readonly LivingLock s_lock = AtFork.NewRoomLock();
    private static volatile SignalSubscription[] s_all = [];

    private readonly SignalMask _signals;
    private int _ended;

    protected SignalSubscription(SignalMask signals) => _signals = signals;

    /// <summary>Tells everybody who waits for this signal.</summary>
    /// <returns>Whether anybody did.</returns>
    public static bool OfferToAll(in SignalInfo info)
    {
        bool taken = false;
        foreach (SignalSubscription subscription in s_all)
        {
            taken |= subscription._signals.Contains(info.Signal) && subscription.TryOffer(info);
        }

        return taken;
    }

    /// <summary>The end of the waiting; what stood on the signals stands there again.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            SignalActions.Release(_signals);
            using (s_lock.Enter())
            {
                s_all = [.. s_all.Where(other => other != this)];
            }

            OnEnd();
        }
    }

    /// <summary>Takes a delivery, if it has use for it. Called on the thread that runs the handlers; must be quick.</summary>
    protected abstract bool TryOffer(in SignalInfo info);

    /// <summary>No delivery comes any more.</summary>
    protected virtual void OnEnd()
    {
    }

    /// <summary>Begins; the first delivery may come before this returns.</summary>
    protected void Begin()
    {
        SignalActions.Start();
        using (s_lock.Enter())
        {
            s_all = [.. s_all, this];
        }

        SignalActions.Claim(_signals);
    }
}
