using Gannet.Interop;

namespace Gannet;

/// <summary>Turns commands into children, and holds them to their end.</summary>
internal static class CommandRunner
{
    /// <summary>Runs commands to their end, with their streams as they are said.</summary>
    public static async ValueTask<CommandResult> RunAsync(
        PipelineSettings line, bool isAsync, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        Stdio.RefusePipe(line.Last.Stdout);
        using CommandRun run = new(line, StreamSink.TryCreate(line.Last.Stdout), errors: null, timeout, cancellationToken);
        run.Start(isAsync);
        return await run.FinishAsync(isAsync, result => result).ConfigureAwait(false);
    }

    /// <summary>Runs commands to their end, and collects what they write, as text.</summary>
    /// <exception cref="InvalidOperationException">Their standard output goes elsewhere.</exception>
    public static ValueTask<CapturedText> CaptureTextAsync(
        PipelineSettings line, bool isAsync, TimeSpan? timeout, CancellationToken cancellationToken) =>
        CaptureAsync(
            line,
            isAsync,
            timeout,
            static (result, output, errors) => new CapturedText(result, OsText.Decode(output.Written), errors is null ? "" : OsText.Decode(errors.Written)),
            cancellationToken);

    /// <summary>Runs commands to their end, and collects what they write, as bytes.</summary>
    /// <exception cref="InvalidOperationException">Their standard output goes elsewhere.</exception>
    public static ValueTask<CapturedBytes> CaptureBytesAsync(
        PipelineSettings line, bool isAsync, TimeSpan? timeout, CancellationToken cancellationToken) =>
        CaptureAsync(
            line, isAsync, timeout, static (result, output, errors) => new CapturedBytes(result, output.Kept, errors?.Kept ?? default), cancellationToken);

    /// <summary>Starts a command.</summary>
    public static Child Start(CommandSettings settings) => StartHeld(settings, isPrivate: false).ToChild();

    /// <summary>Starts a command, and leaves its child alone until <see cref="HeldCommand.ToChild"/>: nobody reaps it.</summary>
    public static HeldCommand StartHeld(CommandSettings settings, bool isPrivate)
    {
        ChildStreams streams = ChildStreams.Open(settings);
        Conversation? conversation = null;
        PseudoTerminal? terminal = null;
        try
        {
            StreamSink? output = StreamSink.TryCreate(settings.Stdout), error = StreamSink.TryCreate(settings.Stderr);
            if (output is not null || error is not null || settings.Stdin?.Kind is StdioKind.Stream || !streams.InputBytes.IsEmpty)
            {
                conversation = new(settings, CancellationToken.None);
                conversation.AddOutput(streams.Output, output);
                conversation.AddOutput(streams.Error, error);
                conversation.AddInput(settings.Stdin, streams);
            }

            if (streams.Terminal is not null)
            {
                terminal = new(streams.Terminal);
                conversation?.EndInputWith(terminal.Closing);
            }

            ChildRecord record = ChildRecord.Start(ToRequest(settings, streams), isPrivate);
            streams.CloseChildEnds();
            return new(record, settings, streams, terminal, conversation);
        }
        catch
        {
            conversation?.Dispose();
            terminal?.Dispose();
            streams.Dispose();
            throw;
        }
    }

    /// <summary>Refuses to read an output that is said to go elsewhere.</summary>
    /// <exception cref="InvalidOperationException">It is.</exception>
    public static void RequireFreeOutput(PipelineSettings line)
    {
        if (HasDescriptor(line.Last, StandardStreams.Output))
        {
            throw new InvalidOperationException("Standard output is a descriptor of this program's and can't be captured.");
        }

        if (line.Last.Stdout is { Kind: not StdioKind.Pipe } stdout)
        {
            throw new InvalidOperationException($"Standard output goes elsewhere and can't be captured: {stdout}.");
        }
    }

    /// <summary>What the shim is to do for a command.</summary>
    public static SpawnRequest ToRequest(CommandSettings settings, ChildStreams streams) => new()
    {
        Program = settings.Program,
        Arguments = [settings.Arg0 ?? settings.Program, .. settings.Arguments],
        Environment = (settings.Order?.LayOver(settings.Environment) ?? settings.Environment).ToEntries(),
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

    private static async ValueTask<T> CaptureAsync<T>(
        PipelineSettings line, bool isAsync, TimeSpan? timeout, Func<CommandResult, BufferSink, BufferSink?, T> collect, CancellationToken cancellationToken)
        where T : CommandResult
    {
        RequireFreeOutput(line);
        if (line.Members.Any(member => HasDescriptor(member.Settings, StandardStreams.Error)))
        {
            throw new InvalidOperationException("Standard error is a descriptor of this program's and can't be captured.");
        }

        long limit = line.Last.OutputLimit;
        using BufferSink output = new(limit);
        bool areErrorsFree = line.Members.Any(member => member.Settings.Stderr is null or { Kind: StdioKind.Pipe });
        using BufferSink? errors = areErrorsFree ? new(limit) : null;
        T Collect(CommandResult result) => collect(result, output, errors);
        using CommandRun run = new(line, output, errors, timeout, cancellationToken);
        run.Start(isAsync);
        return Collect(await run.FinishAsync(isAsync, Collect).ConfigureAwait(false));
    }

    private static bool HasDescriptor(CommandSettings settings, int target) =>
        settings.Descriptors.Any(descriptor => descriptor.Target == target);
}
