using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// Everything between the start of a child, or of several that a pipeline connects, and the moment when all are reaped: the input of the first is
/// written, outputs are read, all at once so that nobody can wait for another for ever; they are ended when their time is over;
/// and what they have left behind is waited for no longer than asked. One loop does it all, on the calling thread or on none.
/// </summary>
internal sealed partial class Conversation : IDisposable
{
    private const ulong OutputTag = 0;
    private const ulong ChildTag = 1ul << 32;
    private const ulong CancellationTag = 2ul << 32;
    private const ulong FeederTag = 3ul << 32;
    private const ulong InputTag = 4ul << 32;
    private const ulong HangUpTag = 5ul << 32;
    private const ulong KindMask = ~0ul << 32;

    // How many descriptors can be told of at once; the others are told of next.
    private const int Capacity = 16;

    // How often a child is looked at that has no descriptor (before Linux 5.3).
    private const int LookInterval = 10;

    // After so many reads of one pipe the others, and the clock, have their turn.
    private const int ReadsInARow = 64;

    // The output that is pulled is the first that is added.
    private const int Pulled = 0;

    // However much is there to be pulled, and however slow whoever pulls it is, the others have their turn that often.
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(10);

    private readonly CancellationToken _cancellationToken;
    private readonly CancellationEvent _cancellation;
    private readonly TimeSpan _drainTime;
    private readonly long _limit;
    private readonly PollSet _set = new(Capacity);
    private readonly List<ReadEnd?> _outputs = [];
    private readonly List<HeldChild> _children = [];

    private StreamFeeder? _feeder;
    private ReadOnlyMemory<byte> _input;
    private SafeFileHandle? _inputPipe;
    private SafeHandle? _hangUp;
    private long _collected;
    private int _pulls;
    private Deadline _nextTurn = Deadline.After(s_turn);

    // How many bytes may be pulled when all is over: what the children can have written before. Null as long as it is not.
    private int? _rest;
    private bool _isCutOff;
    private Deadline _deadline = Deadline.Never;
    private CancellationTokenSource? _patience;

    /// <summary>Prepares it, before there is a child. What is added to it before that, and may fail, fails there.</summary>
    /// <param name="settings">How long outputs are read after the end, and what may be collected.</param>
    /// <param name="cancellationToken">Has the children ended when it is cancelled.</param>
    /// <exception cref="OsException">No descriptor is free.</exception>
    public Conversation(CommandSettings settings, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _drainTime = settings.DrainTime;
        _limit = settings.OutputLimit;
        try
        {
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

    /// <summary>Takes over this program's end of an output; with a sink that is null it is left alone.</summary>
    public void AddOutput(SafeFileHandle? pipe, OutputSink? sink, bool isTerminal = false)
    {
        if (pipe is not null && sink is not null)
        {
            _outputs.Add(new(pipe, sink, isTerminal));
            _set.Add(pipe, Libc.POLLIN, OutputTag + (ulong)(_outputs.Count - 1));
        }
    }

    /// <summary>Takes over this program's end of the input of the first child, if there is something to write to it.</summary>
    public void AddInput(Stdio? stdin, ChildStreams streams)
    {
        if (!streams.InputBytes.IsEmpty)
        {
            (_input, _inputPipe) = (streams.InputBytes, streams.Input);
            _set.Add(_inputPipe!, Libc.POLLOUT, InputTag);
        }

        _feeder = StreamFeeder.TryCreate(stdin, streams.Input);
        if (_feeder is not null)
        {
            _set.Add(_feeder.Failed, Libc.POLLIN, FeederTag);
        }
    }

    /// <summary>The input is typed into a terminal, and ends when that is hung up: what types it would keep the terminal open.</summary>
    /// <param name="hangUp">Becomes readable with that.</param>
    public void EndInputWith(SafeHandle hangUp)
    {
        if (_inputPipe is not null)
        {
            _hangUp = hangUp;
            _set.Add(hangUp, Libc.POLLIN, HangUpTag);
        }
    }

    /// <summary>Begins to hold a child that has just been started; the first is the one that reads the input.</summary>
    public void AddChild(ChildRecord record, EndingPlan plan)
    {
        using HeldDescriptor pidFd = record.HoldDescriptor();
        _children.Add(new(record, plan, pidFd.Handle));
        if (pidFd.Handle is { } handle)
        {
            _set.Add(handle, Libc.POLLIN, ChildTag + (ulong)(_children.Count - 1));
        }
    }

    /// <summary>All children have been started: begins to write to them.</summary>
    /// <param name="isAsync">Whether to wait without a thread.</param>
    /// <param name="deadline">When they are to be ended.</param>
    public void Begin(bool isAsync, Deadline deadline)
    {
        _deadline = deadline;
        if (isAsync && _outputs.Exists(output => output?.Sink is StreamSink))
        {
            // A stream of the caller's may stand still while the time runs out.
            _patience = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
            _patience.CancelAfter(deadline.Milliseconds);
            if (_reason is not StopReason.None)
            {
                LimitPatience();
            }
        }

        _feeder?.Start(isAsync);
    }

    /// <summary>Holds the children to their end, and reaps them.</summary>
    /// <exception cref="OsException">ECHILD: somebody else has reaped a child.</exception>
    public async ValueTask<ConversationOutcome> FinishAsync(bool isAsync)
    {
        if (isAsync)
        {
            // A child that has always something to read would keep the caller.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }

        if (_reason is not StopReason.None && _outputs is [{ Sink: PulledSink }, ..])
        {
            // Read on, so that the children are not stuck while they end.
            Discard(Pulled);
        }

        while (!IsOver)
        {
            await StepAsync(isAsync, MillisecondsToWait()).ConfigureAwait(false);
        }

        await ReadRestAsync(isAsync).ConfigureAwait(false);
        HeldEnd[] ends = [.. _children.Select(child => new HeldEnd(child.Record.Pid, child.Record.Poll()!.Value, child.Ending))];
        return new(ends, _isCutOff && _reason is StopReason.None ? _lateReason : _reason, OutputAbandoned: HasOpenOutput, _failure);
    }

    /// <summary>Reads the output that has a <see cref="PulledSink"/>; everything else goes on meanwhile.</summary>
    /// <returns>How many bytes; 0 when there are no more, or are not to be: <see cref="FinishAsync"/> tells why.</returns>
    public async ValueTask<int> PullAsync(Memory<byte> room, bool isAsync)
    {
        while (_outputs[Pulled] is { Sink: PulledSink } output)
        {
            EndChildrenIfDue();
            if (_reason is not StopReason.None)
            {
                break;
            }

            if (IsOver)
            {
                // And one more, to see the end.
                _rest ??= Libc.PipeCapacity(output.Pipe) + 1;
            }

            int count = _rest is 0 ? -1 : output.Read(room.Span[..Math.Min(room.Length, _rest ?? room.Length)]);
            if (count == 0)
            {
                CloseOutput(Pulled);
                break;
            }

            if (count < 0 && _rest is not null)
            {
                // Who writes now, or might, was left behind.
                _isCutOff = true;
                EndChildrenIfDue();
                break;
            }

            if (count < 0 || ++_pulls % ReadsInARow == 0 || _nextTurn.IsOver)
            {
                _nextTurn = Deadline.After(s_turn);
                await StepAsync(isAsync, count < 0 ? MillisecondsToWait() : 0).ConfigureAwait(false);
            }

            if (count > 0)
            {
                _rest -= count;
                return count;
            }
        }

        return 0;
    }

    /// <summary>Whoever pulls has more, and is to have none of it, since the token was cancelled.</summary>
    public void CutOff()
    {
        _isCutOff = true;
        Stop(StopReason.Cancellation);
    }

    /// <summary>Nobody pulls any more: who still writes gets SIGPIPE, and all children that are left are ended.</summary>
    public void StopPulling()
    {
        if (_outputs[Pulled] is { Sink: PulledSink })
        {
            CloseOutput(Pulled);
        }

        Stop(StopReason.ReaderLeft);
    }

    /// <summary>Closes what it has taken over; children that are still there go on.</summary>
    public void Dispose()
    {
        CloseInput();
        _set.Dispose();
        _cancellation.Dispose();
        for (int i = 0; i < _outputs.Count; i++)
        {
            _outputs[i]?.Pipe.Dispose();
            _outputs[i] = null;
        }

        _feeder?.Dispose();
        _patience?.Dispose();
    }

    // A terminal does not count: with the end of the child, which leads its session, the kernel takes it from whoever else has it open.
    private bool HasOpenOutput => _outputs.Exists(output => output is { IsTerminal: false });

    private async ValueTask StepAsync(bool isAsync, int milliseconds)
    {
        foreach (ulong tag in await _set.WaitAsync(isAsync, milliseconds).ConfigureAwait(false))
        {
            await HandleAsync(tag, isAsync).ConfigureAwait(false);
        }

        foreach (HeldChild child in _children)
        {
            if (child.Descriptor is null && child.Look())
            {
                OnEnd(child);
            }
        }

        EndChildrenIfDue();
    }

    private async ValueTask HandleAsync(ulong tag, bool isAsync)
    {
        int index = (int)tag;
        switch (tag & KindMask)
        {
            case ChildTag:
                if (_children[index].Look())
                {
                    OnEnd(_children[index]);
                }

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
            case HangUpTag:
                _set.Remove(_hangUp!);
                CloseInput();
                break;
            default:
                await ReadOutputAsync(index, isAsync).ConfigureAwait(false);
                break;
        }
    }

    private void WriteInput()
    {
        if (_inputPipe is null)
        {
            return;
        }

        try
        {
            int count = Libc.TryWrite(_inputPipe, _input.Span);
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
        for (int i = 0; i < ReadsInARow && _outputs[index] is { Sink: not PulledSink } output; i++)
        {
            if (!TryGetRoom(index, output.Sink, out Memory<byte> room))
            {
                continue;
            }

            int count = output.Read(room.Span);
            if (count < 0)
            {
                return;
            }

            if (count == 0)
            {
                CloseOutput(index);
                return;
            }

            await TakeAsync(index, output.Sink, room, count, isAsync).ConfigureAwait(false);
        }
    }

    private void CloseOutput(int index)
    {
        SafeFileHandle pipe = _outputs[index]!.Pipe;
        _set.Remove(pipe);
        pipe.Dispose();
        _outputs[index] = null;
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
        for (int i = 0; i < _outputs.Count; i++)
        {
            await ReadOutputAsync(i, isAsync).ConfigureAwait(false);
        }
    }

    private async ValueTask TakeAsync(int index, OutputSink sink, Memory<byte> room, int count, bool isAsync)
    {
        CancellationToken patience = _patience?.Token ?? CancellationToken.None;
        try
        {
            if (sink is BufferSink && (_collected += count) > _limit)
            {
                // Up to the limit is kept; the rest is read and dropped, so that the child is not stuck while it ends.
                await sink.TakeAsync(room, (int)Math.Max(0, count - (_collected - _limit)), isAsync, patience).ConfigureAwait(false);
                StopAtLimit();
                Discard(index);
                return;
            }

            await sink.TakeAsync(room, count, isAsync, patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // The time is over, or the caller does not want it any more: the next look at the clock says which. Or the children have been
            // stopped, and the time for what they still have to say is over.
            Discard(index);
        }
        catch (Exception error)
        {
            Fail(ExceptionDispatchInfo.Capture(error));
            Discard(index);
        }
    }

    private void Discard(int index) => _outputs[index]!.Sink = DiscardSink.Instance;
}
