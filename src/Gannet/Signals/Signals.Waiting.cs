namespace Gannet;

/// <content>Waiting for signals, and running handlers on the thread that waits.</content>
public static partial class Signals
{
    /// <summary>Runs the handlers of all deliveries that are recorded, on this thread, without waiting.</summary>
    /// <returns>How many deliveries it took.</returns>
    /// <exception cref="InvalidOperationException">Called from a handler.</exception>
    public static int Pump() => Pump(TimeSpan.Zero);

    /// <summary>
    /// Runs handlers on this thread as signals arrive, as Python runs them on its main thread: what a handler throws,
    /// <see cref="Sys.Exit(object?)"/> included, leaves this call and can be caught around it; <c>finally</c> blocks run. Gannet's own
    /// thread rests meanwhile.
    /// </summary>
    /// <param name="timeout">For how long; <see cref="Timeout.InfiniteTimeSpan"/> until the cancellation.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>How many deliveries it took.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="InvalidOperationException">Called from a handler.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; no delivery is lost.</exception>
    public static int Pump(TimeSpan timeout, CancellationToken cancellation = default) =>
        SignalDispatcher.Pump(timeout, isDone: null, unblocked: [], cancellation);

    /// <summary>
    /// <c>signal.pause</c>: waits until a handler has run, on this thread. A signal that arrived before does not count; to miss none,
    /// wait for what the handler changes, or use <see cref="Wait(ReadOnlySpan{Signal})"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called from a handler.</exception>
    public static void Pause() => Pause(Timeout.InfiniteTimeSpan);

    /// <summary>As <see cref="Pause()"/>, no longer than a time.</summary>
    /// <param name="timeout">How long, at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when the time was up.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="InvalidOperationException">Called from a handler.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static bool Pause(TimeSpan timeout, CancellationToken cancellation = default) =>
        SignalDispatcher.Pump(timeout, static handled => handled > 0, unblocked: [], cancellation) > 0;

    /// <summary>
    /// <c>signal.sigwait</c>, <c>sigwaitinfo</c>: waits for one of these signals and tells about it. They need not be blocked for it, and
    /// they come through although this thread may have them blocked; what stands on them, the default action included, does not happen
    /// meanwhile, except that a function is called as well. Other handlers run on this thread while it waits.
    /// </summary>
    /// <remarks>Between two calls the signals do what they do otherwise, which may be to end the program: for more than one delivery
    /// take <see cref="Stream"/>, or set a handler.</remarks>
    /// <param name="signals">The signals, at least one.</param>
    /// <exception cref="ArgumentException">No signal, or one that can't be handled, as for
    /// <see cref="Set(Signal, Action{Signal, SignalInfo})"/>.</exception>
    /// <exception cref="InvalidOperationException">Called from a handler.</exception>
    public static SignalInfo Wait(params ReadOnlySpan<Signal> signals) =>
        TimedWait(Timeout.InfiniteTimeSpan, signals, CancellationToken.None)!.Value;

    /// <summary><c>signal.sigtimedwait</c>: as <see cref="Wait(ReadOnlySpan{Signal})"/>, no longer than a time.</summary>
    /// <param name="timeout">How long, at most.</param>
    /// <param name="signals">The signals, at least one.</param>
    /// <returns>Null when the time was up.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Wait(ReadOnlySpan{Signal})"/>.</exception>
    /// <exception cref="InvalidOperationException">Called from a handler.</exception>
    public static SignalInfo? TimedWait(TimeSpan timeout, params ReadOnlySpan<Signal> signals) =>
        TimedWait(timeout, signals, CancellationToken.None);

    /// <summary>As <see cref="TimedWait(TimeSpan, ReadOnlySpan{Signal})"/>, with a cancellation.</summary>
    /// <param name="timeout">How long, at most.</param>
    /// <param name="signals">The signals, at least one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null when the time was up.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Wait(ReadOnlySpan{Signal})"/>.</exception>
    /// <exception cref="InvalidOperationException">Called from a handler.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SignalInfo? TimedWait(TimeSpan timeout, ReadOnlySpan<Signal> signals, CancellationToken cancellation)
    {
        _ = Deadline.After(timeout);
        cancellation.ThrowIfCancellationRequested();
        SignalMask set = SetOf(signals);
        using SignalLatch latch = new(set);
        SignalDispatcher.Pump(timeout, _ => latch.First is not null, set, cancellation);
        return latch.First;
    }

    /// <summary>Waits for one of these signals, without a thread: <c>await Signals.WaitAsync(Signal.SIGHUP)</c>. Otherwise as
    /// <see cref="Wait(ReadOnlySpan{Signal})"/>; handlers run on Gannet's own thread, what follows the await on the pool.</summary>
    /// <param name="signals">The signals, at least one.</param>
    /// <exception cref="ArgumentException">As for <see cref="Wait(ReadOnlySpan{Signal})"/>.</exception>
    public static Task<SignalInfo> WaitAsync(params ReadOnlySpan<Signal> signals) => WaitAsync(signals, CancellationToken.None);

    /// <summary>As <see cref="WaitAsync(ReadOnlySpan{Signal})"/>, with a cancellation.</summary>
    /// <param name="signals">The signals, at least one.</param>
    /// <param name="cancellation">Cancels the task; what stood on the signals stands there again.</param>
    /// <exception cref="ArgumentException">As for <see cref="Wait(ReadOnlySpan{Signal})"/>.</exception>
    public static Task<SignalInfo> WaitAsync(ReadOnlySpan<Signal> signals, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<SignalInfo>(cancellation);
        }

        return new SignalPromise(SetOf(signals)).WaitAsync(cancellation);
    }

    /// <summary>
    /// All deliveries of these signals from this call on, in order of arrival: <c>await foreach (SignalInfo info in
    /// Signals.Stream(Signal.SIGHUP))</c>. They wait in a queue until they are taken. What stands on the signals comes back when
    /// the loop ends; a stream whose loop never begins has to be disposed.
    /// </summary>
    /// <param name="signals">The signals, at least one.</param>
    /// <exception cref="ArgumentException">As for <see cref="Wait(ReadOnlySpan{Signal})"/>.</exception>
    public static SignalStream Stream(params ReadOnlySpan<Signal> signals) => new(SetOf(signals));

    /// <summary>
    /// Has all handlers wait until the result is disposed: deliveries are recorded meanwhile, and handled afterwards in their order.
    /// This is what blocking signals is for in a program with one thread. Holds nest. A handler that runs already has returned when
    /// this returns, so do not call it with a lock in hand that a handler wants; in a handler it does not wait for that one.
    /// </summary>
    /// <remarks>A mask for the whole process does not exist in Linux: each thread has its own, and the runtime starts threads
    /// whenever it likes. <see cref="Wait(ReadOnlySpan{Signal})"/>, <see cref="WaitAsync(ReadOnlySpan{Signal})"/> and <see cref="Stream"/>
    /// are told in spite of a hold.</remarks>
    public static IDisposable Hold() => new SignalHold();

    private static SignalMask SetOf(ReadOnlySpan<Signal> signals)
    {
        if (signals.IsEmpty)
        {
            throw new ArgumentException("To wait for a signal, name at least one.", nameof(signals));
        }

        foreach (Signal signal in signals)
        {
            SignalChecks.CheckSettable(signal);
        }

        return SignalMask.Of(signals);
    }
}
