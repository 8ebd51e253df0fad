using System.Diagnostics.CodeAnalysis;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// <c>subprocess.Popen</c>: a program that <see cref="Command.Start"/> has started. All members may be used from any thread, and
/// waited on by many.
/// </summary>
/// <remarks>
/// It is reaped by whoever waits for it first, here or through <see cref="Os.Wait"/> and its kin; the status is kept, and all learn
/// it. An object that is disposed before its child has ended, or that is lost to the garbage collector, leaves the child running; it is
/// then reaped in the background when it ends.
/// </remarks>
public sealed partial class Child : IDisposable
{
    private readonly ChildRecord _record;
    private readonly EndingPlan _plan;
    private readonly PipeStream? _stdin;
    private readonly PipeStream? _stdout;
    private readonly PipeStream? _stderr;
    private readonly PseudoTerminal? _terminal;

    // A ChildEnding, which only ever grows.
    private int _ending;

    // What copies this program's streams to and from the child, when there are such.
    private readonly Task<ConversationOutcome>? _conversation;

    internal Child(
        ChildRecord record, CommandSettings settings, ChildStreams streams, PseudoTerminal? terminal, Conversation? conversation)
    {
        _record = record;
        _plan = settings.Ending;
        _stdin = settings.Stdin?.Kind is StdioKind.Pipe ? new(streams.Input!, FileAccess.Write) : null;
        _stdout = settings.Stdout?.Kind is StdioKind.Pipe ? new(streams.Output!, FileAccess.Read) : null;
        _stderr = settings.Stderr?.Kind is StdioKind.Pipe ? new(streams.Error!, FileAccess.Read) : null;
        _terminal = terminal;
        _conversation = conversation is null ? null : ConverseAsync(conversation, record, settings.Ending);
    }

    /// <summary>Gives up a child that nobody holds any more.</summary>
    [SuppressMessage("Design", "MA0055", Justification = "A child is no descriptor that a SafeHandle could own: it has to be reaped.")]
    ~Child() => _record.ReapInBackground();

    /// <summary>Its number. Once it has been reaped, by whichever wait looked first, another process may have it.</summary>
    public int Pid => _record.Pid;

    /// <summary><c>pidfd_open</c>: a descriptor for it, which becomes readable when it ends: for a poll of the caller's own, or for native
    /// code.</summary>
    /// <returns>The caller's to close, close-on-exec; null once the child has been reaped, and on a kernel before 5.3.</returns>
    /// <exception cref="OsException">No descriptor is free.</exception>
    public SafeFileHandle? OpenPidFd() => _record.DuplicateDescriptor();

    /// <summary>The end of its standard input that is written to here; disposing it is the end of its input.</summary>
    /// <exception cref="InvalidOperationException">The command did not ask for a pipe: <see cref="Command.WithStdin"/> with
    /// <see cref="Stdio.Pipe"/>.</exception>
    public Stream Stdin => _stdin ?? throw NoPipe("input");

    /// <summary>The end of its standard output that is read from here.</summary>
    /// <exception cref="InvalidOperationException">The command did not ask for a pipe: <see cref="Command.WithStdout"/> with
    /// <see cref="Stdio.Pipe"/>.</exception>
    public Stream Stdout => _stdout ?? throw NoPipe("output");

    /// <summary>The end of its standard error that is read from here.</summary>
    /// <exception cref="InvalidOperationException">The command did not ask for a pipe: <see cref="Command.WithStderr"/> with
    /// <see cref="Stdio.Pipe"/>.</exception>
    public Stream Stderr => _stderr ?? throw NoPipe("error");

    /// <summary>This program's end of its terminal: what is written there is typed, what is read is what it shows. Read it while the child
    /// runs, which stands still when the terminal is full. Disposing it hangs up.</summary>
    /// <exception cref="InvalidOperationException">The command did not ask for one: <see cref="Command.WithTerminal"/>.</exception>
    public PseudoTerminal Terminal => _terminal
        ?? throw new InvalidOperationException("The child has no terminal of its own; ask for one by Command.WithTerminal.");

    /// <summary>What it has used; null until its end is known.</summary>
    public ResourceUsage? Usage => _record.End?.Usage;

    /// <summary>What it took to make it end, so far: by <see cref="Terminate"/>, or because a stream of its copies failed.</summary>
    public ChildEnding Ending => (ChildEnding)Math.Max(Volatile.Read(ref _ending), (int)(Outcome?.Ends[0].Ending ?? ChildEnding.ByItself));

    /// <summary>Whether a copy in the background was cut off, because a process that the child had left behind still held an
    /// output open when the time of <see cref="Command.WithDrainTime"/> was over.</summary>
    public bool OutputAbandoned => Outcome is { OutputAbandoned: true };

    private ConversationOutcome? Outcome => _conversation is { IsCompletedSuccessfully: true } ? _conversation.Result : null;

    /// <summary><c>Popen.poll</c>: how it ended; null while it runs. Never waits.</summary>
    /// <exception cref="OsException">ECHILD: somebody else has reaped it, so its status is not known.</exception>
    public WaitStatus? Poll() => Tell(_record.Poll());

    /// <summary><c>Popen.wait</c>: waits for its end, and for the copies in the background.</summary>
    /// <param name="cancellationToken">Ends the wait; the child goes on.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="OsException">ECHILD: somebody else has reaped it, so its status is not known.</exception>
    /// <exception cref="IOException">A stream that its input or output was copied from or to has failed; other exceptions of
    /// that stream likewise.</exception>
    public WaitStatus Wait(CancellationToken cancellationToken = default) => Wait(Timeout.InfiniteTimeSpan, cancellationToken)!.Value;

    /// <summary><c>Popen.wait(timeout)</c>: waits for its end for a while.</summary>
    /// <param name="timeout">How long; zero to look only, <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <param name="cancellationToken">Ends the wait; the child goes on.</param>
    /// <returns>How it ended; null when the time is over.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="OsException">ECHILD: somebody else has reaped it, so its status is not known.</exception>
    /// <remarks>CPython raises <c>TimeoutExpired</c> when the time is over.</remarks>
    public WaitStatus? Wait(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        if (_conversation is null)
        {
            return Tell(_record.Wait(deadline, cancellationToken));
        }

        return WaitForCopies(deadline.Left, cancellationToken) ? Tell(_conversation.GetAwaiter().GetResult()) : null;
    }

    /// <summary>As <see cref="Wait(CancellationToken)"/>, without a thread that waits.</summary>
    /// <param name="cancellationToken">Ends the wait; the child goes on.</param>
    /// <returns>How it ended; the exceptions are those of <see cref="Wait(CancellationToken)"/>.</returns>
    public async Task<WaitStatus> WaitAsync(CancellationToken cancellationToken = default)
    {
        if (_conversation is null)
        {
            return Tell(await _record.WaitAsync().WaitAsync(cancellationToken).ConfigureAwait(false));
        }

        return Tell(await _conversation.WaitAsync(cancellationToken).ConfigureAwait(false))!.Value;
    }

    /// <summary>As <see cref="Wait(TimeSpan, CancellationToken)"/>, without a thread that waits.</summary>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <param name="cancellationToken">Ends the wait; the child goes on.</param>
    /// <returns>How it ended, or null when the time is over; the exceptions are those of
    /// <see cref="Wait(TimeSpan, CancellationToken)"/>.</returns>
    public async Task<WaitStatus?> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Task end = _conversation ?? (Task)_record.WaitAsync();
        return await IsOverAsync(end, Deadline.After(timeout), cancellationToken).ConfigureAwait(false)
            ? await WaitAsync(cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>
    /// Lets go of it: closes this program's ends of its pipes, and hangs up its terminal, if it was given one
    /// (<see cref="Command.WithTerminal"/>). A child that still runs goes on, and is reaped when it ends; its status is then lost. To end it,
    /// <see cref="Terminate"/> it first.
    /// </summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _stdin?.Dispose();
        _stdout?.Dispose();
        _stderr?.Dispose();
        _terminal?.Dispose();
        ChildTable.Claim(_record);
        _record.ReapInBackground();
    }

    /// <summary>Has it reaped when it ends, though nobody waits; whoever does learns its status all the same.</summary>
    internal void ReapWhenEnded() => _record.ReapInBackground();

    private static InvalidOperationException NoPipe(string name) =>
        new($"The child's standard {name} is no pipe; ask for one by Stdio.Pipe.");

    private static async Task<ConversationOutcome> ConverseAsync(Conversation conversation, ChildRecord record, EndingPlan plan)
    {
        using (conversation)
        {
            conversation.AddChild(record, plan);
            conversation.Begin(isAsync: true, Deadline.Never);
            return await conversation.FinishAsync(isAsync: true).ConfigureAwait(false);
        }
    }

    private static async Task<bool> IsOverAsync(Task task, Deadline deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (task.IsCompleted)
        {
            return true;
        }

        // A delay that is not waited for any more must not outlive this call.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(task, Task.Delay(deadline.Milliseconds, stop.Token)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return task.IsCompleted;
    }

    private bool WaitForCopies(TimeSpan time, CancellationToken cancellationToken)
    {
        try
        {
            return _conversation!.Wait(time < s_longestDelay ? time : Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (AggregateException)
        {
            // Told by its own exception when the result is asked for.
            return true;
        }
    }

    private WaitStatus? Tell(ChildEnd? end) => end is null ? null : Tell(end.Value);

    private WaitStatus Tell(ChildEnd end)
    {
        ChildTable.Claim(_record);
        return end.Status;
    }

    private WaitStatus? Tell(ConversationOutcome outcome)
    {
        outcome.Failure?.Throw();
        return Tell(outcome.Ends[0].End);
    }

}
