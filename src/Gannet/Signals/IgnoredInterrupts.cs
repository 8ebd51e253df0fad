using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// While at least one of these is held, this program pays no heed to SIGINT and SIGQUIT: neither handlers and registrations nor those
/// who wait for the signals are told, and nothing is made up for afterwards. Programs that are started meanwhile, by whichever thread, get them
/// as ever.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class IgnoredInterrupts : IDisposable
{
    private static int s_holders;

    private int _ended;

    /// <summary>Begins.</summary>
    /// <exception cref="OsException">The kernel refused.</exception>
    public IgnoredInterrupts()
    {
        // It looks at what stands on SIGINT, once, and must not find the cover there.
        Interrupt.Prepare();
        SignalActions.ChangeAlone(Begin);
    }

    /// <summary>Ends; the last one puts everything back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            SignalActions.ChangeAlone(End);
        }
    }

    private static void Begin()
    {
        // Without the native part there is nothing that starts programs either, and that is told there.
        if (s_holders == 0 && Shim.IsUsable && Shim.SystemBegin() is not 0 and int error)
        {
            throw new OsException((Errno)error, "sigaction");
        }

        s_holders++;
    }

    private static void End()
    {
        if (--s_holders == 0 && Shim.IsUsable)
        {
            Shim.SystemEnd();
        }
    }
}
