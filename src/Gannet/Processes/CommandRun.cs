using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>One run of a command, or of several that a pipeline connects, from the opening of its streams to its result.</summary>
internal sealed class CommandRun : IDisposable
{
    private static readonly Stdio s_nothing = Stdio.Bytes(default);

    private readonly PipelineSettings _line;
    private readonly TimeSpan? _timeout;
    private readonly CancellationToken _cancellationToken;
    private readonly Deadline _deadline;
    private readonly long _start;
    private readonly PipelineJoints _joints;
    private readonly Conversation _conversation;
    private readonly (SafeFileHandle Reader, SafeFileHandle Writer)? _errors;
    private readonly List<(CommandSettings Settings, ChildStreams Streams)> _members = [];
    private readonly List<ChildRecord> _children = [];

    /// <summary>Opens all that the commands ask for; none is started yet.</summary>
    /// <param name="line">The commands.</param>
    /// <param name="output">Where the output of the last one goes that is read here; null when it goes elsewhere.</param>
    /// <param name="errors">Where the error output of those goes that do not say where; null when it is inherited.</param>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="InvalidOperationException">A standard stream is a pipe that nobody would use.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before.</exception>
    /// <exception cref="OsException">A file can't be opened, or no descriptor is free; nothing stays open.</exception>
    public CommandRun(PipelineSettings line, OutputSink? output, BufferSink? errors, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        Stdio.RefusePipe(line.First.Stdin);
        (_line, _timeout, _cancellationToken) = (line, timeout, cancellationToken);
        _deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        _start = Stopwatch.GetTimestamp();
        _joints = new(line.Members.Length);
        try
        {
            _errors = errors is null ? null : Libc.Pipe();
            OpenStreams(isRead: output is not null and not StreamSink);
            _conversation = new(line.Last, cancellationToken);
            Connect(output, errors);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gives up commands whose reader is lost; they are reaped when they end.</summary>
    [SuppressMessage("Design", "MA0055", Justification = "A child is no descriptor that a SafeHandle could own: it has to be reaped.")]
    ~CommandRun()
    {
        if (_children.Count > 0)
        {
            CloseAll();
            _children.ForEach(child => child.ReapInBackground());
        }
    }

    /// <summary>Starts the commands in their order. When one that is not the first can't be started, those before it are ended, and
    /// <see cref="FinishAsync"/> tells why.</summary>
    /// <exception cref="OsException">The first can't be started.</exception>
    public void Start(bool isAsync)
    {
        if (isAsync)
        {
            // What it takes to wait without a thread has to be there before there is something to wait for.
            _ = EventLoop.Shared;
        }

        try
        {
            for (int i = 0; i < _members.Count && TryStart(i); i++)
            {
                _members[i].Streams.CloseChildEnds();
                _joints.CloseEndsOf(i);
            }

            CloseEndsOfChildren();
            _conversation.Begin(isAsync, _deadline);
        }
        catch
        {
            // Nobody else knows of these children.
            _children.ForEach(child => child.Abandon());
            throw;
        }
    }

    /// <summary>Reads on; see <see cref="Conversation.PullAsync"/>.</summary>
    public ValueTask<int> PullAsync(Memory<byte> room, bool isAsync) => _conversation.PullAsync(room, isAsync);

    /// <summary>Has the commands ended, because the token was cancelled; <see cref="FinishAsync"/> tells so also of those that had ended
    /// before.</summary>
    public void CutOff() => _conversation.CutOff();

    /// <summary>Has the commands ended, because they write more than may be kept.</summary>
    public void StopAtLimit() => _conversation.StopAtLimit();

    /// <summary>Has the commands ended, because nobody reads them any more.</summary>
    public void StopPulling() => _conversation.StopPulling();

    /// <summary>Holds the commands to their end.</summary>
    /// <param name="isAsync">Whether to wait without a thread.</param>
    /// <param name="show">What the result is to be in an exception.</param>
    /// <exception cref="CommandTimeoutException">The time was over.</exception>
    /// <exception cref="CommandCanceledException">The token was cancelled.</exception>
    /// <exception cref="OutputLimitException">They wrote too much.</exception>
    public async ValueTask<CommandResult> FinishAsync(bool isAsync, Func<CommandResult, CommandResult> show)
    {
        ConversationOutcome outcome = await HoldAsync(isAsync).ConfigureAwait(false);
        outcome.Failure?.Throw();
        CommandResult result = ToResult(outcome);
        return outcome.Reason switch
        {
            StopReason.Timeout => throw new CommandTimeoutException(show(result), _timeout!.Value),
            StopReason.Cancellation => throw new CommandCanceledException(show(result), _cancellationToken),
            StopReason.OutputLimit => throw new OutputLimitException(show(result), _line.Last.OutputLimit),
            _ => result,
        };
    }

    /// <summary>Closes all that is open here.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        CloseAll();
    }

    private void CloseAll()
    {
        _conversation?.Dispose();
        CloseEndsOfChildren();
        _errors?.Reader.Dispose();
        _members.ForEach(member => member.Streams.Dispose());
    }

    private void OpenStreams(bool isRead)
    {
        for (int i = 0; i < _line.Members.Length; i++)
        {
            CommandSettings settings = _joints.Join(i, _line.Members[i].Settings);
            bool hasTerminal = settings.Terminal is not null;
            if (hasTerminal)
            {
                // Nobody could type any more.
                settings = settings with { Stdin = settings.Stdin ?? s_nothing };
            }

            if (_errors is { } errors && (settings.Stderr is { Kind: StdioKind.Pipe } || (settings.Stderr is null && !hasTerminal)))
            {
                settings = settings with { Stderr = Stdio.Handle(errors.Writer) };
            }

            Stdio.RefusePipe(settings.Stderr);
            bool isLast = i == _line.Members.Length - 1;
            bool isShown = hasTerminal && settings.Stdout is null;
            settings = isLast && isRead && !isShown ? settings with { Stdout = Stdio.Pipe } : settings;
            _members.Add((settings, ChildStreams.Open(settings)));
        }
    }

    private void Connect(OutputSink? output, BufferSink? errors)
    {
        (CommandSettings lastSettings, ChildStreams last) = _members[^1];
        bool isShown = output is not null && last.Terminal is not null && lastSettings.Stdout is null;
        _conversation.AddOutput(isShown ? last.Terminal : last.Output, output, isShown);
        if (_errors is { } pipe)
        {
            Libc.SetNonBlocking(pipe.Reader);
            _conversation.AddOutput(pipe.Reader, errors);
        }

        foreach ((CommandSettings settings, ChildStreams streams) in _members)
        {
            _conversation.AddOutput(streams.Error, StreamSink.TryCreate(settings.Stderr));
            if (streams.Terminal is not null && !(isShown && streams == last))
            {
                // What a terminal shows that nobody collects.
                StreamSink screen = new(new DescriptorStream(StandardStreams.Output, FileAccess.Write));
                _conversation.AddOutput(streams.Terminal, screen, isTerminal: true);
            }
        }

        _conversation.AddInput(_members[0].Settings.Stdin, _members[0].Streams);
    }

    private bool TryStart(int index)
    {
        (CommandSettings settings, ChildStreams streams) = _members[index];
        if (_line.SharesGroup)
        {
            settings = settings with { ProcessGroup = index == 0 ? 0 : _children[0].Pid };
        }

        try
        {
            _children.Add(ChildRecord.Start(CommandRunner.ToRequest(settings, streams), isPrivate: true));
        }
        catch (Exception error) when (index > 0)
        {
            CloseEndsOfChildren();
            _conversation.Fail(ExceptionDispatchInfo.Capture(error));
            return false;
        }

        _conversation.SharedGroup = _line.EndsGroup ? _children[0].Pid : 0;
        _conversation.AddChild(_children[index], settings.Ending);
        return true;
    }

    private void CloseEndsOfChildren()
    {
        _members.ForEach(member => member.Streams.CloseChildEnds());
        _joints.Dispose();
        _errors?.Writer.Dispose();
    }

    private async ValueTask<ConversationOutcome> HoldAsync(bool isAsync)
    {
        try
        {
            return await _conversation.FinishAsync(isAsync).ConfigureAwait(false);
        }
        catch
        {
            _children.ForEach(child => child.Abandon());
            throw;
        }
        finally
        {
            _children.ForEach(child => ChildTable.Claim(child));
        }
    }

    private CommandResult ToResult(ConversationOutcome outcome)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
        CommandResult[] results =
        [
            .. outcome.Ends.Select((end, i) => new CommandResult(
                _line.Members[i], end.Pid, end.End.Status, end.End.Usage, elapsed, end.Ending, outcome.OutputAbandoned)),
        ];
        return results.Length == 1 ? results[0] : new(_line, results);
    }
}
