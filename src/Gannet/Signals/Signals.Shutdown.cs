namespace Gannet;

/// <content>The end of a service.</content>
public static partial class Signals
{
    private static readonly Lazy<ShutdownWatch> s_shutdown = new(static () => new ShutdownWatch());

    /// <summary>
    /// Cancelled by the first SIGINT, SIGTERM or SIGHUP, which from the first use of this property on does not end the program any more:
    /// it ends its work and returns. A second one means now: the program dies by it at once, without exit hooks. A signal of these
    /// that was ignored when the program started (nohup), or that the program ignores, stays ignored. SIGHUP does not count while the
    /// program has a handler or a stream for it, to which it means something else.
    /// </summary>
    /// <remarks>What is registered with the token runs on the thread pool, so that the second signal gets through whatever it does.
    /// Handlers that stand on the signals are called as well.</remarks>
    public static CancellationToken Shutdown => s_shutdown.Value.Token;

    /// <summary>The signal that <see cref="Shutdown"/> was cancelled by, or null: a service that ends in good order may want to tell its
    /// caller with status 128 and the number.</summary>
    public static SignalInfo? ShutdownSignal => s_shutdown.IsValueCreated ? s_shutdown.Value.First : null;
}
