namespace Gannet.Threading;

/// <summary>What <see cref="Threads.ExceptionHook"/> is told: <c>threading.ExceptHookArgs</c>.</summary>
/// <param name="Exception">What the thread did not catch.</param>
/// <param name="Thread">The thread that it ended.</param>
public sealed record ThreadFailure(Exception Exception, OsThread Thread);
