using System.Runtime.ExceptionServices;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// Everything between the start of a child and the moment when it is reaped: its input is written, its outputs are read, both at once
/// so that neither side can wait for the other for ever; it is ended when its time is over; and what it has left behind is
/// waited for no longer than asked. One loop does it all, on the calling thread or on none.
/// </summary>
internal sealed class Conversation : IDisposable
{
    private const ulong ChildTag = 0;
    private const ulong CancellationTag = 1;
    private const ulong FeederTag = 2;
    private const ulong InputTag = 3;
    private const ulong OutputTag = 4;
    private const int TerminalIndex = 2;
    private const int OutputCount = TerminalIndex + 1;
    private const int Capacity = (int)OutputTag + OutputCount;

    // How often a child is looked at that has no descriptor (before Linux 5.3).
    private const int LookInterval = 10;

    // How long a group that has been killed may take to let go of the pipes. Who has left it does not count.
    private static readonly TimeSpan s_groupEnd = TimeSpan.FromSeconds(1);

    // After so many reads of one pipe the others, and the clock, have their turn.
    private const int ReadsInARow = 64;

    private readonly CancellationToken _cancellationToken;
    private readonly CancellationEvent _cancellation;
    private readonly EndingPlan _plan;
    private readonly TimeSpan _drainTime;
    private readonly long _limit;
    private readonly PollSet _set = new(Capacity);
    private readonly (SafeFileHandle Pipe, OutputSink Sink)?[] _outputs = new (SafeFileHandle, OutputSink)?[OutputCount];
    private readonly StreamFeeder? _feeder;

    private ChildRecord _child = null!;
    private ReadOnlyMemory<byte> _input;
    private SafeFileHandle? _inputPipe;
    private long _collected;
    private bool _hasEnded;
    private CancellationToken _patience;
    private ChildEnding _ending;
    private StopReason _reason;
    private ExceptionDispatchInfo? _failure;
    private Deadline _phaseEnd = Deadline.Never;

    /// <summary>Prepares it, before there is a child: whatever can fail fails here. Takes over those of this program's ends of the pipes that
    /// have a sink or a source, and leaves the others.</summary>
    /// <param name="settings">How it is to be ended, and what may be collected.</param>
    /// <param name="streams">This program's ends of its pipes.</param>
    /// <param name="sinks">Where its outputs go.</param>
    /// <param name="cancellationToken">Has the child ended when it is cancelled.</param>
    /// <exception cref="OsException">No descriptor is free.</exception>
    public Conversation(CommandSettings settings, ChildStreams streams, in Sinks sinks, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _plan = settings.Ending;
        _drainTime = settings.DrainTime;
        _limit = settings.OutputLimit;
        try
        {
            AddOutput(0, streams.Output, sinks.Output);
            AddOutput(1, streams.Error, sinks.Error);
            AddOutput(TerminalIndex, streams.Terminal, sinks.Terminal);
            AddInput(streams);
            _feeder = StreamFeeder.TryCreate(settings.Stdin, streams.Input);
            if (_feeder is not null)
            {
                _set.Add(_feeder.Failed, Libc.POLLIN, FeederTag);
            }

            _cancellation = new(cancellationToken);
            if (_cancellation.Handle is { } cancelled)
            {
                _set.Add(cancelled, Libc.POLLIN, CancellationTag);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Holds it to its end, and reaps the child.</summary>
    /// <param name="child">The child, just started.</param>
    /// <param name="isAsync">Whether to wait without a thread.</param>
    /// <param name="deadline">When the child is to be ended.</param>
    /// <exception cref="OsException">ECHILD: somebody else has reaped the child.</exception>
    public async ValueTask<ConversationOutcome> RunAsync(ChildRecord child, bool isAsync, Deadline deadline)
    {
        _child = child;
        if (isAsync)
        {
            // A child that has always something to read would keep the caller.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }

        using HeldDescriptor pidFd = child.HoldDescriptor();
        if (pidFd.Handle is { } handle)
        {
            _set.Add(handle, Libc.POLLIN, ChildTag);
        }

        using CancellationTokenSource? patience = isAsync && Array.Exists(_outputs, output => output?.Sink is StreamSink)
            ? StartPatience(deadline)
            : null;
        _patience = patience?.Token ?? CancellationToken.None;
        _feeder?.Start(isAsync);
        while (!IsOver(deadline))
        {
            foreach (ulong tag in await _set.WaitAsync(isAsync, MillisecondsToWait(deadline, pidFd.IsHeld)).ConfigureAwait(false))
            {
                await HandleAsync(tag, isAsync).ConfigureAwait(false);
            }

            Look(pidFd);
            EndChildIfDue(deadline);
        }

        await ReadRestAsync(isAsync).ConfigureAwait(false);
        return new(child.Poll()!.Value, _ending, _reason, OutputAbandoned: HasOpenPipe, _failure);
    }

    /// <summary>Closes what it has taken over; the child, if it is still there, goes on.</summary>
    public void Dispose()
    {
        CloseInput();
        _set.Dispose();
        _cancellation.Dispose();
        for (int i = 0; i < OutputCount; i++)
        {
            _outputs[i]?.Pipe.Dispose();
            _outputs[i] = null;
        }

        _feeder?.Dispose();
    }

    // The terminal is none: with the end of the child, which leads its session, the kernel takes it from whoever else has it open.
    private bool HasOpenPipe => _outputs[0] is not null || _outputs[1] is not null;

    private void AddOutput(int index, SafeFileHandle? pipe, OutputSink? sink)
    {
        if (pipe is not null && sink is not null)
        {
            _outputs[index] = (pipe, sink);
            _set.Add(pipe, Libc.POLLIN, OutputTag + (ulong)index);
        }
    }

    private void AddInput(ChildStreams streams)
    {
        if (!streams.InputBytes.IsEmpty)
        {
            (_input, _inputPipe) = (streams.InputBytes, streams.Input);
            _set.Add(_inputPipe!, Libc.POLLOUT, InputTag);
        }
    }

    // A stream of the caller's may stand still while the time runs out.
    private CancellationTokenSource StartPatience(Deadline deadline)
    {
        CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        patience.CancelAfter(deadline.Milliseconds);
        return patience;
    }

    // When the child is gone, the time for it, or the caller's patience, may be over before that for what it left behind; but not
    // when that has been killed, and is only just letting go of the pipes. What is to be dropped is not waited for.
    private bool IsOver(Deadline deadline) => _hasEnded && (!HasOpenPipe
        || _phaseEnd.IsOver
        || _reason is StopReason.OutputLimit or StopReason.Failure
        || (!IsGroupKilled && (deadline.IsOver || _cancellationToken.IsCancellationRequested)));

    private bool IsGroupKilled => _plan.WholeGroup && _reason is not StopReason.None;

    private int MillisecondsToWait(Deadline deadline, bool hasDescriptor)
    {
        // The deadline has had its effect once a signal was sent.
        Deadline next = _reason is StopReason.None ? Deadline.Earlier(deadline, _phaseEnd) : _phaseEnd;
        return hasDescriptor || _hasEnded ? next.Milliseconds : next.MillisecondsAtMost(LookInterval);
    }

    private async ValueTask HandleAsync(ulong tag, bool isAsync)
    {
        switch (tag)
        {
            case ChildTag:
                break;
            case CancellationTag:
                // It stays readable, and has been heard.
                _set.Remove(_cancellation.Handle!);
                break;
            case FeederTag:
                _set.Remove(_feeder!.Failed);
                Fail(_feeder.Failure!);
                break;
            case InputTag:
                WriteInput();
                break;
            default:
                await ReadOutputAsync((int)(tag - OutputTag), isAsync).ConfigureAwait(false);
                break;
        }
    }

    private void WriteInput()
    {
        try
        {
            int count = Libc.TryWrite(_inputPipe!, _input.Span);
            _input = _input[Math.Max(count, 0)..];
        }
        catch (OsException error) when (error.Errno is Errno.EPIPE or Errno.EIO)
        {
            // The child reads no more of it, which is its own affair: head(1) does so. EIO is a terminal's word for it.
            _input = default;
        }

        if (_input.IsEmpty)
        {
            CloseInput();
        }
    }

    private void CloseInput()
    {
        if (_inputPipe is not null)
        {
            _set.Remove(_inputPipe);
            _inputPipe.Dispose();
            _inputPipe = null;
        }
    }

    private async ValueTask ReadOutputAsync(int index, bool isAsync)
    {
        for (int i = 0; i < ReadsInARow && _outputs[index] is { } output; i++)
        {
            if (!TryGetRoom(index, output.Sink, out Memory<byte> room))
            {
                continue;
            }

            int count = Libc.TryRead(output.Pipe, room.Span);
            if (count < 0)
            {
                return;
            }

            if (count == 0)
            {
                _set.Remove(output.Pipe);
                output.Pipe.Dispose();
                _outputs[index] = null;
                return;
            }

            await TakeAsync(index, output.Sink, room, count, isAsync).ConfigureAwait(false);
        }
    }

    private bool TryGetRoom(int index, OutputSink sink, out Memory<byte> room)
    {
        try
        {
            room = sink.GetRoom();
            return true;
        }
        catch (OutOfMemoryException error)
        {
            room = default;
            Fail(ExceptionDispatchInfo.Capture(error));
            Discard(index);
            return false;
        }
    }

    // What was written before the end is in the pipes still.
    private async ValueTask ReadRestAsync(bool isAsync)
    {
        for (int i = 0; i < OutputCount; i++)
        {
            await ReadOutputAsync(i, isAsync).ConfigureAwait(false);
        }
    }

    private async ValueTask TakeAsync(int index, OutputSink sink, Memory<byte> room, int count, bool isAsync)
    {
        try
        {
            if (sink is BufferSink && (_collected += count) > _limit)
            {
                // Up to the limit is kept; the rest is read and dropped, so that the child is not stuck while it ends.
                await sink.TakeAsync(room, (int)Math.Max(0, count - (_collected - _limit)), isAsync, _patience).ConfigureAwait(false);
                Stop(StopReason.OutputLimit);
                Discard(index);
                return;
            }

            await sink.TakeAsync(room, count, isAsync, _patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_patience.IsCancellationRequested)
        {
            // The time is over, or the caller does not want it any more: the next look at the clock says which.
            Discard(index);
        }
        catch (Exception error)
        {
            Fail(ExceptionDispatchInfo.Capture(error));
            Discard(index);
        }
    }

    private void Discard(int index) => _outputs[index] = (_outputs[index]!.Value.Pipe, new DiscardSink());

    private void Fail(ExceptionDispatchInfo failure)
    {
        _failure ??= failure;
        Stop(StopReason.Failure);
    }

    private void Look(in HeldDescriptor pidFd)
    {
        if (_hasEnded || !_child.HasEnded())
        {
            return;
        }

        _hasEnded = true;
        _phaseEnd = IsGroupKilled ? Deadline.Earlier(Deadline.After(_drainTime), Deadline.After(s_groupEnd)) : Deadline.After(_drainTime);
        CloseInput();
        _feeder?.Stop();
        if (pidFd.Handle is not null)
        {
            _set.Remove(pidFd.Handle);
        }

        if (IsGroupKilled)
        {
            // Until it is reaped its number is its group's.
            KillGroup();
        }
    }

    private void EndChildIfDue(Deadline deadline)
    {
        if (_cancellationToken.IsCancellationRequested)
        {
            Stop(StopReason.Cancellation);
        }
        else if (deadline.IsOver)
        {
            Stop(StopReason.Timeout);
        }

        if (!_hasEnded && _ending is ChildEnding.OnSignal && _phaseEnd.IsOver)
        {
            _ending = ChildEnding.OnKill;
            _phaseEnd = Deadline.Never;
            Send(Signal.SIGKILL);
        }
    }

    private void Stop(StopReason reason)
    {
        if (_reason is not StopReason.None)
        {
            return;
        }

        if (_hasEnded || _child.HasEnded())
        {
            // A child that has ended by itself has not been ended by what came later; but what it wrote is not all there.
            _reason = reason is StopReason.OutputLimit or StopReason.Failure ? reason : StopReason.None;
            return;
        }

        _reason = reason;
        _ending = ChildEnding.OnSignal;
        _phaseEnd = Deadline.After(_plan.Grace);
        Send(_plan.Signal);
    }

    private void Send(Signal signal)
    {
        _ = _plan.WholeGroup ? _child.SendSignalToGroup(signal) : _child.SendSignal(signal);
    }

    private void KillGroup()
    {
        try
        {
            _child.SendSignalToGroup(Signal.SIGKILL);
        }
        catch (OsException)
        {
            // Who is left of it runs as another user (EPERM).
        }
    }

    private sealed class DiscardSink : OutputSink
    {
        private static readonly byte[] s_room = new byte[65536];

        public override Memory<byte> GetRoom() => s_room;

        public override ValueTask TakeAsync(Memory<byte> room, int count, bool isAsync, CancellationToken cancellationToken) =>
            ValueTask.CompletedTask;
    }
}
