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

    private static readonly LivingLock s_lock = AtFork.NewRoomLock(ArmAgainInChild);
    private static bool s_prepared;
    private static volatile bool s_armed;
    private static volatile bool s_asked;
    private static bool s_native;
    private static SafeFileHandle? s_event;
    private static PosixSignalRegistration? s_registration;

    /// <summary>Takes the place below the managed handlers, before the console or anybody else installs one.</summary>
    public static void Prepare()
    {
        using (s_lock.Enter())
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
        using (s_lock.Enter())
        {
            if (s_armed)
            {
                return;
            }

            s_armed = true;
            if (s_native)
            {
                ArmNative();
            }
        }
    }

    /// <summary>Ends the process by SIGINT when one came while the hooks of a normal end ran. Its thread waits for those, and the
    /// normal end would overtake it.</summary>
    public static void DieIfAsked()
    {
        bool asked = s_asked || (s_event is { } wake && Libc.HasInput((int)wake.DangerousGetHandle(), timeout: 0));
        if (asked && Shim.IsUsable)
        {
            Shim.InterruptDie();
        }
    }

    // Where the native part is missing the rest of the library's start needs nothing of it.
    private static int InstallNative() => Shim.IsUsable ? Shim.InterruptInstall() : Taken;

    private static void ArmNative()
    {
        s_event = Libc.EventFd();
        new Thread(WaitForInterrupt) { IsBackground = true, Name = "Gannet SIGINT" }.UnsafeStart();
        Shim.InterruptArm((int)s_event.DangerousGetHandle());
    }

    // A SIGINT of the child must not run the parent's hooks, whose event it would raise.
    private static void ArmAgainInChild()
    {
        if (s_armed && s_native)
        {
            Shim.InterruptArm(-1);
            s_event?.Dispose();
            ArmNative();
        }
    }

    // The event is left as it is, so that DieIfAsked finds it.
    private static void WaitForInterrupt()
    {
        while (!Libc.HasInput((int)s_event!.DangerousGetHandle(), timeout: -1))
        {
        }

        AtExit.RunAtInterrupt(andThen: Shim.InterruptDie);
    }

    private static void RunUnlessCancelled(PosixSignalContext context)
    {
        if (!s_armed || context.Cancel)
        {
            return;
        }

        using (s_lock.Enter())
        {
            // From here on another SIGINT ends the process at once.
            s_registration?.Dispose();
            s_registration = null;
        }

        // A handler that was registered earlier is asked after this one, and may still keep the program alive.
        s_asked = true;
        AtExit.RunAtInterrupt(andThen: () => s_asked = false);
    }
}
