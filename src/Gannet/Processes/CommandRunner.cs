using System.Diagnostics;
using Gannet.Interop;

namespace Gannet;

/// <summary>Turns a command into a child, and holds it to its end.</summary>
internal static class CommandRunner
{
    /// <summary>Runs a command to its end, with its streams as they are said.</summary>
    public static async ValueTask<CommandResult> RunAsync(
        Command command, bool isAsync, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        CommandSettings settings = command.Settings;
        RefusePipe(settings.Stdout);
        RefusePipe(settings.Stderr);
        return await ConverseAsync(command, SinkOf(settings.Stdout), SinkOf(settings.Stderr), isAsync, timeout, result => result, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Runs a command to its end, and collects what it writes.</summary>
    /// <exception cref="InvalidOperationException">Its standard output goes elsewhere.</exception>
    public static async ValueTask<CapturedBytes> CaptureAsync(
        Command command, bool isAsync, TimeSpan? timeout, bool asText, CancellationToken cancellationToken)
    {
        if (command.Settings.Stdout is { Kind: not StdioKind.Pipe })
        {
            throw new InvalidOperationException($"Standard output goes elsewhere and can't be captured: {command.Settings.Stdout}.");
        }

        BufferSink output = new();
        OutputSink? error = command.Settings.Stderr is null or { Kind: StdioKind.Pipe } ? new BufferSink() : SinkOf(command.Settings.Stderr);
        Command capturing = new(command.Settings with
        {
            Stdout = Stdio.Pipe,
            Stderr = command.Settings.Stderr ?? Stdio.Pipe,
        });
        CapturedBytes Collect(CommandResult result) => new(result, output.Written, (error as BufferSink)?.Written ?? default);
        CommandResult Show(CommandResult result) => asText ? Collect(result).ToText() : Collect(result);
        CommandResult result = await ConverseAsync(capturing, output, error, isAsync, timeout, Show, cancellationToken).ConfigureAwait(false);
        return Collect(result);
    }

    /// <summary>Starts a command.</summary>
    public static Child Start(Command command)
    {
        CommandSettings settings = command.Settings;
        ChildStreams streams = OpenStreams(settings);
        Conversation? conversation = null;
        try
        {
            OutputSink? output = SinkOf(settings.Stdout), error = SinkOf(settings.Stderr);
            bool isCopied = output is not null || error is not null || settings.Stdin?.Kind is StdioKind.Stream || !streams.InputBytes.IsEmpty;
            conversation = isCopied ? new(settings, streams, output, error, CancellationToken.None) : null;
            ChildRecord record = ChildRecord.Start(ToRequest(settings, streams));
            streams.CloseChildEnds();
            return new Child(record, settings, streams, conversation);
        }
        catch
        {
            conversation?.Dispose();
            streams.Dispose();
            throw;
        }
    }

    /// <summary>What the shim is to do for a command.</summary>
    public static SpawnRequest ToRequest(CommandSettings settings, ChildStreams streams) => new()
    {
        Program = settings.Program,
        Arguments = [settings.Arg0 ?? settings.Program, .. settings.Arguments],
        Environment = settings.Environment.ToEntries(),
        WorkingDirectory = settings.WorkingDirectory,
        Descriptors = streams.Mappings,
        CloseOthers = !settings.InheritsDescriptors,
        ProcessGroup = settings.ProcessGroup ?? (settings.Ending.WholeGroup && !settings.NewSession ? 0 : null),
        NewSession = settings.NewSession,
        Terminal = settings.ControllingTerminal ?? settings.ForegroundTerminal ?? 0,
        TakesTerminal = settings.ControllingTerminal is not null,
        Foreground = settings.ForegroundTerminal is not null,
        ControlGroup = settings.ControlGroup,
        Limits = settings.Limits,
        Nice = settings.Nice,
        Umask = settings.Umask,
        UserId = settings.UserId,
        GroupId = settings.GroupId,
        Groups = settings.Groups,
        NoNewPrivileges = settings.NoNewPrivileges,
        DeathSignal = settings.DeathSignal,
        DefaultSignals = settings.DefaultSignals,
        IgnoredSignals = settings.IgnoredSignals,
        BlockedSignals = settings.BlockedSignals,
        Fallbacks = settings.Fallbacks,
    };

    private static async ValueTask<CommandResult> ConverseAsync(
        Command command,
        OutputSink? output,
        OutputSink? error,
        bool isAsync,
        TimeSpan? timeout,
        Func<CommandResult, CommandResult> show,
        CancellationToken cancellationToken)
    {
        CommandSettings settings = command.Settings;
        RefusePipe(settings.Stdin);
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        using ChildStreams streams = OpenStreams(settings);
        using Conversation conversation = new(settings, streams, output, error, cancellationToken);
        ChildRecord child = ChildRecord.Start(ToRequest(settings, streams), isPrivate: true);
        streams.CloseChildEnds();
        ConversationOutcome outcome = await HoldAsync(conversation, child, isAsync, deadline).ConfigureAwait(false);
        CommandResult result = show(new(
            command,
            child.Pid,
            outcome.End.Status,
            outcome.End.Usage,
            Stopwatch.GetElapsedTime(start),
            outcome.Ending,
            outcome.OutputAbandoned));
        outcome.Failure?.Throw();
        return outcome.Reason switch
        {
            StopReason.Timeout => throw new CommandTimeoutException(result, timeout!.Value),
            StopReason.Cancellation => throw new CommandCanceledException(result, cancellationToken),
            StopReason.OutputLimit => throw new OutputLimitException(result, settings.OutputLimit),
            _ => result,
        };
    }

    private static async ValueTask<ConversationOutcome> HoldAsync(
        Conversation conversation, ChildRecord child, bool isAsync, Deadline deadline)
    {
        try
        {
            return await conversation.RunAsync(child, isAsync, deadline).ConfigureAwait(false);
        }
        catch
        {
            // The kernel had no memory to wait with. Nobody else knows of this child.
            child.SendSignal(Signal.SIGKILL);
            _ = child.WaitAsync();
            throw;
        }
        finally
        {
            ChildTable.Claim(child);
        }
    }

    private static ChildStreams OpenStreams(CommandSettings settings) => ChildStreams.Open(
        settings.Stdin ?? Stdio.Inherit, settings.Stdout ?? Stdio.Inherit, settings.Stderr ?? Stdio.Inherit, settings.Descriptors);

    private static StreamSink? SinkOf(Stdio? output) => output?.Source is Stream stream ? new StreamSink(stream) : null;

    private static void RefusePipe(Stdio? stream)
    {
        if (stream?.Kind is StdioKind.Pipe)
        {
            throw new InvalidOperationException("Nobody would hold the other end of the pipe; start the command, or capture it.");
        }
    }
}
