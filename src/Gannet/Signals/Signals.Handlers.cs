namespace Gannet;

/// <content>What stands on a signal.</content>
public static partial class Signals
{
    /// <summary>
    /// What is done about an exception that leaves a handler on Gannet's own thread. Null, as at the start: its trace goes to
    /// <see cref="Sys.Stderr"/>, and the program goes on. <see cref="SystemExitException"/> does not come here: it ends the program.
    /// </summary>
    /// <remarks>In Python it would appear in the main code. .NET can't throw into a thread; a handler that runs in
    /// <see cref="Pump(TimeSpan, CancellationToken)"/>, <see cref="Pause()"/> or <see cref="Wait(ReadOnlySpan{Signal})"/> throws
    /// there.</remarks>
    public static Action<SignalInfo, Exception>? UnhandledException
    {
        get => SignalErrors.Hook;
        set => SignalErrors.Hook = value;
    }

    /// <summary>
    /// <c>signal.signal</c>: has a function called whenever the signal arrives. It stays until another is set. May be called from any
    /// thread, and from a handler; Python allows it on the main thread only.
    /// </summary>
    /// <remarks>
    /// <para><see cref="Sys.Exit(object?)"/> in the function ends the program with that status; exit hooks run, and where the function
    /// runs on Gannet's own thread, <c>finally</c> blocks of other threads do not. Handlers are called while those hooks run; a second exit
    /// is passed over.</para>
    /// <para>A delivery that was recorded before a function was taken away still goes to it, or to the one that replaced it: none is
    /// lost.</para>
    /// <para>While it stands, a registration with the runtime for the same signal is told too, and the default action, which it would
    /// have had to cancel, does not happen. On SIGINT the exit hooks do not run by themselves any more.</para>
    /// </remarks>
    /// <param name="signal">The signal.</param>
    /// <param name="handler">Called with the signal and what the kernel said about this delivery.</param>
    /// <returns>What stood there before; setting that brings it back.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number that is none of 1 to 64.</exception>
    /// <exception cref="ArgumentException">SIGKILL and SIGSTOP, which nobody can handle; SIGSEGV, SIGBUS, SIGFPE, SIGILL and
    /// SIGTRAP, of which the runtime makes exceptions; the real-time signals that the C library, the runtime and Gannet use.</exception>
    /// <exception cref="PlatformNotSupportedException">The native part of Gannet is missing.</exception>
    public static SignalHandler Set(Signal signal, Action<Signal, SignalInfo> handler) => Set(signal, new SignalHandler(handler));

    /// <summary><c>signal.signal</c>: puts a handler on a signal, for instance one that was there before.</summary>
    /// <param name="signal">The signal, as for <see cref="Set(Signal, Action{Signal, SignalInfo})"/>.</param>
    /// <param name="handler">The handler.</param>
    /// <returns>What stood there before.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number that is none of 1 to 64.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Set(Signal, Action{Signal, SignalInfo})"/>; or SIGCHLD is to be ignored, which
    /// would have the kernel reap every child by itself, so that no wait, the runtime's included, would learn how one ended.</exception>
    public static SignalHandler Set(Signal signal, SignalHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        SignalChecks.CheckSettable(signal);
        if (signal is Signal.SIGCHLD && handler.Kind is SignalHandlerKind.Ignore)
        {
            throw new ArgumentException(
                "With SIGCHLD ignored the kernel reaps every child itself, and no wait learns how it ended. At its default it does nothing either.",
                nameof(handler));
        }

        return SignalActions.Set(signal, handler);
    }

    /// <summary><c>signal.signal(…, SIG_DFL)</c>: brings back what happens without the program's doing. For most signals that is
    /// the system's default action; for SIGINT, SIGQUIT, SIGTERM and SIGABRT what the runtime does at it, for SIGCHLD, SIGCONT and SIGWINCH
    /// its own work. A signal that was ignored when the program started, or SIGPIPE, which .NET ignores, is ignored no more.</summary>
    /// <param name="signal">The signal, as for <see cref="Set(Signal, Action{Signal, SignalInfo})"/>.</param>
    /// <returns>What stood there before.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Set(Signal, Action{Signal, SignalInfo})"/>.</exception>
    public static SignalHandler Default(Signal signal) => Set(signal, SignalHandler.Default);

    /// <summary><c>signal.signal(…, SIG_IGN)</c>: has the signal ignored. The programs that this one starts inherit that, but for
    /// SIGPIPE.</summary>
    /// <param name="signal">The signal, as for <see cref="Set(Signal, SignalHandler)"/>.</param>
    /// <returns>What stood there before.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Set(Signal, SignalHandler)"/>.</exception>
    public static SignalHandler Ignore(Signal signal) => Set(signal, SignalHandler.Ignore);

    /// <summary><c>signal.getsignal</c>: what stands on a signal. A signal that was ignored when the program started (nohup) is
    /// <see cref="SignalHandler.Ignore"/>; what the runtime does by itself counts as <see cref="SignalHandler.Default"/>, where Python has
    /// <c>default_int_handler</c> for SIGINT.</summary>
    /// <param name="signal">The signal; also one that can't be set.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number that is none of 1 to 64.</exception>
    public static SignalHandler Get(Signal signal)
    {
        SignalChecks.CheckNumber(signal);
        return SignalActions.Get(signal);
    }
}
