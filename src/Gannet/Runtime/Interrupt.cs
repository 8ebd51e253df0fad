using System.Runtime.InteropServices;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// SIGINT runs the exit hooks, then the process dies by SIGINT, so that a shell sees what happened. A managed handler can't know
/// whether one that is registered later will cancel the signal; the shim's native handler stands below them all and runs
/// exactly when none did.
/// </summary>
internal static class Interrupt
{
    private const int Taken = 2;
    private const int Installed = 0;

    private static readonly Lock s_lock = new();
    private static bool s_prepared;
    private static volatile bool s_armed;
    private static bool s_native;
    private static SafeFileHandle? s_event;
    private static PosixSignalRegistration? s_registration;

    /// <summary>Takes the place below the managed handlers, before the console or anybody else installs one.</summary>
    public static void Prepare()
    {
        lock (s_lock)
        {
            if (!s_prepared)
            {
                s_prepared = true;
                int result = InstallNative();
                s_native = result == Installed;
                if (result == Taken)
                {
                    // Too late to stand below. Handlers run in the reverse order of their registration, so this one hears
                    // the verdict of every handler that is registered after it.
                    s_registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, RunUnlessCancelled);
                }
            }
        }
    }

    /// <summary>There are hooks now.</summary>
    public static void Arm()
    {
        Prepare();
        lock (s_lock)
        {
            if (s_armed)
            {
                return;
            }

            s_armed = true;
            if (s_native)
            {
                s_event = Libc.EventFd();
                new Thread(WaitForInterrupt) { IsBackground = true, Name = "Gannet SIGINT" }.UnsafeStart();
                Shim.InterruptArm((int)s_event.DangerousGetHandle());
            }
        }
    }

    /// <summary>The hooks are running: another SIGINT ends the process at once.</summary>
    public static void Disarm()
    {
        lock (s_lock)
        {
            if (s_native)
            {
                Shim.InterruptArm(-1);
            }

            s_registration?.Dispose();
            s_registration = null;
        }
    }

    private static int InstallNative()
    {
        try
        {
            return OperatingSystem.IsLinux() ? Shim.InterruptInstall() : Taken;
        }
        catch (DllNotFoundException)
        {
            // A processor that the shim does not know. The rest of the library's start needs nothing of it.
            return Taken;
        }
    }

    private static void WaitForInterrupt()
    {
        Libc.Read((int)s_event!.DangerousGetHandle(), stackalloc byte[sizeof(ulong)]);
        AtExit.RunAll(andThen: Shim.InterruptDie);
    }

    private static void RunUnlessCancelled(PosixSignalContext context)
    {
        if (s_armed && !context.Cancel)
        {
            AtExit.RunAll();
        }
    }
}
