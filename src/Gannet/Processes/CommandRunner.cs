using System.Diagnostics;
using Gannet.Interop;

namespace Gannet;

/// <summary>Turns a command into a child, and holds it to its end.</summary>
internal static class CommandRunner
{
    private static readonly Stdio s_nothing = Stdio.Bytes(default);

    /// <summary>Runs a command to its end, with its streams as they are said.</summary>
    public static async ValueTask<CommandResult> RunAsync(
        Command command, bool isAsync, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        CommandSettings settings = command.Settings;
        RefusePipe(settings.Stdout);
        RefusePipe(settings.Stderr);
        Sinks sinks = new(SinkOf(settings.Stdout), SinkOf(settings.Stderr), ShowTerminal(settings));
        return await ConverseAsync(command, sinks, isAsync, timeout, result => result, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a command to its end, and collects what it writes.</summary>
    /// <exception cref="InvalidOperationException">Its standard output goes elsewhere.</exception>
    public static async ValueTask<CapturedBytes> CaptureAsync(
        Command command, bool isAsync, TimeSpan? timeout, bool asText, CancellationToken cancellationToken)
    {
        if (command.Settings.Descriptors.Any(descriptor => descriptor.Target is StandardStreams.Output or StandardStreams.Error))
        {
            throw new InvalidOperationException("Standard output or error is a descriptor of this program's and can't be captured.");
        }

        if (command.Settings.Stdout is { Kind: not StdioKind.Pipe })
        {
            throw new InvalidOperationException($"Standard output goes elsewhere and can't be captured: {command.Settings.Stdout}.");
        }

        long limit = command.Settings.OutputLimit;
        BufferSink output = new(limit);
        OutputSink? error = command.Settings.Stderr is null or { Kind: StdioKind.Pipe } ? new BufferSink(limit) : SinkOf(command.Settings.Stderr);
        // On a terminal both are what the terminal shows, unless said otherwise.
        bool hasTerminal = command.Settings.Terminal is not null;
        OutputSink? terminal = hasTerminal && command.Settings.Stdout is null ? output : ShowTerminal(command.Settings);
        Command capturing = hasTerminal ? command : new(command.Settings with
        {
            Stdout = Stdio.Pipe,
            Stderr = command.Settings.Stderr ?? Stdio.Pipe,
        });
        CapturedBytes Collect(CommandResult result) => new(result, output.Written, (error as BufferSink)?.Written ?? default);
        CommandResult Show(CommandResult result) => asText ? Collect(result).ToText() : Collect(result);
        CommandResult result = await ConverseAsync(capturing, new(output, error, terminal), isAsync, timeout, Show, cancellationToken)
            .ConfigureAwait(false);
        return Collect(result);
    }

    /// <summary>Starts a command.</summary>
    public static Child Start(Command command)
    {
        CommandSettings settings = command.Settings;
        ChildStreams streams = OpenStreams(settings, settings.Stdin);
        Conversation? conversation = null;
        PseudoTerminal? terminal = null;
        try
        {
            Sinks sinks = new(SinkOf(settings.Stdout), SinkOf(settings.Stderr), Terminal: null);
            bool isCopied = sinks != default || settings.Stdin?.Kind is StdioKind.Stream || !streams.InputBytes.IsEmpty;
            conversation = isCopied ? new(settings, streams, sinks, CancellationToken.None) : null;
            terminal = streams.Terminal is null ? null : new(streams.Terminal);
            ChildRecord record = ChildRecord.Start(ToRequest(settings, streams));
            streams.CloseChildEnds();
            return new Child(record, settings, streams, terminal, conversation);
        }
        catch
        {
            conversation?.Dispose();
            terminal?.Dispose();
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
        Terminal = streams.TerminalTarget ?? settings.ControllingTerminal ?? settings.ForegroundTerminal ?? 0,
        TakesTerminal = streams.TerminalTarget is not null || settings.ControllingTerminal is not null,
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
        DefaultSignals = settings.DefaultSignals | (settings.Terminal is null ? 0 : SignalSet.Terminal),
        IgnoredSignals = settings.IgnoredSignals,
        BlockedSignals = settings.BlockedSignals,
        Fallbacks = settings.Fallbacks,
    };

    private static async ValueTask<CommandResult> ConverseAsync(
        Command command,
        Sinks sinks,
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
        using ChildStreams streams = OpenStreams(settings, settings.Stdin ?? (settings.Terminal is null ? null : s_nothing));
        using Conversation conversation = new(settings, streams, sinks, cancellationToken);
        if (isAsync)
        {
            // What it takes to wait without a thread has to be there before there is something to wait for.
            _ = EventLoop.Shared;
        }

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
            // Nobody else knows of this child.
            child.Abandon();
            throw;
        }
        finally
        {
            ChildTable.Claim(child);
        }
    }

    private static ChildStreams OpenStreams(CommandSettings settings, Stdio? stdin)
    {
        Stdio unsaid = settings.Terminal is null ? Stdio.Inherit : Stdio.Terminal;
        return ChildStreams.Open(
            stdin ?? unsaid, settings.Stdout ?? unsaid, settings.Stderr ?? unsaid, settings.Descriptors, settings.Terminal);
    }

    // What a terminal shows that nobody collects.
    private static StreamSink? ShowTerminal(CommandSettings settings) => settings.Terminal is null
        ? null
        : new(new DescriptorStream(StandardStreams.Output, FileAccess.Write));

    private static StreamSink? SinkOf(Stdio? output) => output?.Source is Stream stream ? new StreamSink(stream) : null;

    private static void RefusePipe(Stdio? stream)
    {
        if (stream?.Kind is StdioKind.Pipe)
        {
            throw new InvalidOperationException("Nobody would hold the other end of the pipe; start the command, or capture it.");
        }
    }
}
