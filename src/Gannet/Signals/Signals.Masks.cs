using Gannet.Interop;

namespace Gannet;

/// <content>The signal masks of threads.</content>
public static partial class Signals
{
    /// <summary>The signals that are blocked on the calling thread.</summary>
    public static SignalMask Blocked => new(Libc.ChangeMask(0, block: true));

    /// <summary>
    /// <c>signal.pthread_sigmask(SIG_BLOCK, …)</c>: has these signals not delivered to the calling thread, besides those blocked before.
    /// </summary>
    /// <remarks>Each thread has a mask of its own. A signal that is sent to the process, as nearly all are, goes to another
    /// thread, and there always are some beside the main one in .NET: this keeps the calling thread from being interrupted, and what is
    /// sent to the thread itself (<see cref="Raise"/>) waiting. To keep handlers of the process from running, use <see cref="Hold"/>.
    /// Threads and programs that the thread starts inherit the mask (not those that Gannet starts); code after an <c>await</c> may be on
    /// another thread.</remarks>
    /// <param name="signals">The signals.</param>
    /// <returns>Those that were blocked before, for <see cref="SetBlocked"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number that is none of 1 to 64.</exception>
    /// <exception cref="ArgumentException">SIGKILL and SIGSTOP, which can't be blocked; the faults and the real-time signals that the
    /// runtime and the C library use, without which a thread does not work.</exception>
    public static SignalMask Block(params ReadOnlySpan<Signal> signals) => new(Libc.ChangeMask(CheckedSet(signals).Bits, block: true));

    /// <summary><c>signal.pthread_sigmask(SIG_UNBLOCK, …)</c>: lets these signals come to the calling thread again. Those that wait for it
    /// come before this returns. A real-time signal that has or had a handler stays blocked: one thread of Gannet receives it for
    /// all.</summary>
    /// <param name="signals">The signals.</param>
    /// <returns>Those that were blocked before.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Block"/>.</exception>
    public static SignalMask Unblock(params ReadOnlySpan<Signal> signals) =>
        new(Libc.ChangeMask(CheckedSet(signals).Bits & ~SignalActions.Ordered, block: false));

    /// <summary><c>signal.pthread_sigmask(SIG_SETMASK, …)</c>: makes these the blocked signals of the calling thread.</summary>
    /// <param name="signals">What <see cref="Block"/> gave back.</param>
    /// <returns>Those that were blocked before.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Block"/>.</exception>
    public static SignalMask SetBlocked(SignalMask signals)
    {
        SignalChecks.CheckBlockable(signals);
        return new SignalMask(Libc.ReplaceMask(signals.Bits | SignalActions.Ordered));
    }

    /// <summary><c>signal.sigpending</c>: the signals that wait until the calling thread, or for those sent to the process any thread,
    /// unblocks them.</summary>
    public static SignalMask Pending() => new(Libc.PendingSignals());

    private static SignalMask CheckedSet(ReadOnlySpan<Signal> signals)
    {
        SignalMask set = SignalMask.Of(signals);
        SignalChecks.CheckBlockable(set);
        return set;
    }
}
