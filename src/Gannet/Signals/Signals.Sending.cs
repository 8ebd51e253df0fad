using Gannet.Interop;

namespace Gannet;

/// <content>Sending signals; <see cref="Os.Kill"/> sends them to other processes.</content>
public static partial class Signals
{
    /// <summary>
    /// <c>signal.raise_signal</c>: sends a signal to the calling thread. When it returns, a deadly signal without a handler has ended the
    /// process, and a handled one is recorded; its handler runs on its own thread, or here in the next <see cref="Pump()"/>.
    /// </summary>
    /// <remarks>Source: raise(3). A handled real-time signal goes to the process instead: only one thread receives it, so that the order
    /// is kept. SIGABRT at its default ends the process at once; the runtime would swallow the first.</remarks>
    /// <param name="signal">The signal.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number that is none of 1 to 64.</exception>
    /// <exception cref="OsException">The kernel refused.</exception>
    public static void Raise(Signal signal)
    {
        SignalChecks.CheckNumber(signal);
        if (signal is Signal.SIGABRT && Shim.IsUsable && SignalActions.Get(signal).Kind is SignalHandlerKind.Default)
        {
            Shim.SignalDie((int)signal);
        }

        if ((SignalActions.Ordered & SignalMask.BitOf(signal)) != 0)
        {
            Libc.Kill(Environment.ProcessId, signal);
        }
        else
        {
            Libc.Raise((int)signal);
        }
    }

    /// <summary>
    /// <c>sigqueue</c>: sends a signal with a value, which the receiver finds in <see cref="SignalInfo.Value"/>. Real-time signals are
    /// queued, each with its value, in the order of sending; of standard signals that meet another of their number the kernel drops all but
    /// the first.
    /// </summary>
    /// <param name="pid">The process.</param>
    /// <param name="signal">The signal; <see cref="Signal.None"/> only asks whether the process is there.</param>
    /// <param name="value">Passed on as it is. A receiver in C that reads <c>sival_int</c> sees the low 32 bits.</param>
    /// <exception cref="OsException">ESRCH: no such process; EPERM: it is another user's; EINVAL: no such signal; EAGAIN: too many
    /// signals of this user are queued (RLIMIT_SIGPENDING of the receiver).</exception>
    /// <remarks>Source: sigqueue(3). Python has no such function.</remarks>
    public static void Queue(int pid, Signal signal, nint value = 0) => Libc.SigQueue(pid, (int)signal, value);
}
