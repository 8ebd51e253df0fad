using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// Commands of which each reads what the one before it writes: <c>Command.Of("sort", "names") | Command.Of("uniq", "-c")</c>. They run at the same
/// time, connected by pipes of the kernel; nothing of what flows between them comes through this program. Immutable, as
/// <see cref="Command"/> is.
/// </summary>
/// <remarks>
/// <para>What the commands say stands: the standard input of the first, the output of the last, the standard error of each, and how each is
/// ended. Timeouts, cancellations and limits are those of the whole; limit and drain time are what the last one says.</para>
/// <para>The status of a pipeline is that of its last member, as in a shell, unless <see cref="WithPipeFail"/> is said;
/// <see cref="CommandResult.Members"/> has all of them. A member that does not read its input to the end lets the one before it end by
/// SIGPIPE, as it would in a shell.</para>
/// <para>Source: POSIX, Shell Command Language, Pipelines; pipe(7). CPython leaves the pipes, and closing them, to the caller.</para>
/// </remarks>
public sealed partial class Pipeline
{
    private readonly PipelineSettings _settings;

    internal Pipeline(Command command)
    {
        ArgumentNullException.ThrowIfNull(command, "left");
        _settings = PipelineSettings.Of(command);
    }

    private Pipeline(PipelineSettings settings) => _settings = settings;

    /// <summary>The commands in their order, two or more.</summary>
    public IReadOnlyList<Command> Members => _settings.Members;

    /// <summary>A longer pipeline.</summary>
    /// <param name="left">What writes.</param>
    /// <param name="right">What reads.</param>
    /// <exception cref="ArgumentNullException">One of them is null.</exception>
    /// <exception cref="ArgumentException">The output of the one or the input of the other goes elsewhere already.</exception>
    [SuppressMessage("Usage", "CA2225", Justification = "The operator's name is PipeTo.")]
    public static Pipeline operator |(Pipeline left, Command right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return left.PipeTo(right);
    }

    /// <inheritdoc cref="op_BitwiseOr(Pipeline, Command)"/>
    [SuppressMessage("Usage", "CA2225", Justification = "The operator's name is PipeTo.")]
    public static Pipeline operator |(Command left, Pipeline right) => new Pipeline(left).PipeTo(right);

    /// <summary>A longer pipeline. What one of the two says of the whole, the new one says.</summary>
    /// <inheritdoc cref="op_BitwiseOr(Pipeline, Command)"/>
    [SuppressMessage("Usage", "CA2225", Justification = "The operator's name is PipeTo.")]
    public static Pipeline operator |(Pipeline left, Pipeline right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return left.PipeTo(right);
    }

    /// <summary>The operator <c>|</c> by name.</summary>
    /// <param name="right">The command that reads what the last one of these writes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="right"/> is null.</exception>
    /// <exception cref="ArgumentException">The output of the one or the input of the other goes elsewhere already.</exception>
    public Pipeline PipeTo(Command right)
    {
        ArgumentNullException.ThrowIfNull(right);
        return PipeTo(new Pipeline(right));
    }

    /// <summary>The operator <c>|</c> by name.</summary>
    /// <param name="right">The pipeline that reads what the last one of these writes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="right"/> is null.</exception>
    /// <exception cref="ArgumentException">The output of the one or the input of the other goes elsewhere already.</exception>
    public Pipeline PipeTo(Pipeline right)
    {
        ArgumentNullException.ThrowIfNull(right);
        RequireFree(Members[^1], StandardStreams.Output, _settings.Last.Stdout);
        RequireFree(right.Members[0], StandardStreams.Input, right._settings.First.Stdin);
        return With(new PipelineSettings([.. _settings.Members, .. right._settings.Members])
        {
            PipeFail = _settings.PipeFail || right._settings.PipeFail,
            SharesGroup = _settings.SharesGroup || right._settings.SharesGroup,
            EndsGroup = _settings.EndsGroup || right._settings.EndsGroup,
        });
    }

    /// <summary><c>set -o pipefail</c>: a failure of any member is the failure of the whole, whose status is then that of the last one
    /// that failed. A member other than the last that SIGPIPE ends has not failed: the next one did not want any more.</summary>
    /// <remarks>bash counts SIGPIPE as a failure, so that there <c>yes | head -1</c> fails. A program that handles SIGPIPE itself, and exits with
    /// another status, has failed here as well.</remarks>
    public Pipeline WithPipeFail() => new(_settings with { PipeFail = true });

    /// <summary><c>setpgid</c>: with all members in one process group of their own, which the first leads, as a shell with job control has
    /// it.</summary>
    /// <exception cref="InvalidOperationException">A member says another group or session.</exception>
    public Pipeline WithProcessGroup() => With(_settings with { SharesGroup = true });

    /// <summary>With another way to be ended for all members: see <see cref="Command.WithTermination"/>.</summary>
    /// <param name="signal">The first signal.</param>
    /// <param name="grace">How long each may take to end by it; zero for SIGKILL at once after it,
    /// <see cref="Timeout.InfiniteTimeSpan"/> for never.</param>
    /// <param name="wholeGroup">Whether all members are in one process group (<see cref="WithProcessGroup"/>) that gets the signal, and SIGKILL
    /// whoever of it is left when they have ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">No signal, or a negative time.</exception>
    /// <exception cref="InvalidOperationException">The whole group is meant, and a member says another group or session.</exception>
    public Pipeline WithTermination(Signal signal, TimeSpan grace, bool wholeGroup = false) => With(_settings with
    {
        Members = [.. _settings.Members.Select(member => member.WithTermination(signal, grace))],
        SharesGroup = _settings.SharesGroup || wholeGroup,
        EndsGroup = wholeGroup,
    });

    /// <summary>Starts all members, and returns once they run.</summary>
    /// <returns>The children. Dispose them when done; that neither ends them nor waits for them.</returns>
    /// <exception cref="OsException">A member can't be started, as <see cref="Command.Start"/> says it; those before it have been ended, and
    /// no child is left.</exception>
    [SupportedOSPlatform("linux")]
    public ChildPipeline Start() => ChildPipeline.Start(_settings);

    /// <summary>Runs all members to their end, with this program's standard streams unless they say otherwise.</summary>
    /// <param name="timeout">How long it may take; null without end. Then all are ended.</param>
    /// <param name="cancellationToken">Has all ended as well.</param>
    /// <returns>How they ended; a status that is no success is none of an exception: see <see cref="CommandResult.EnsureSuccess"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="InvalidOperationException">A standard stream is a pipe that nobody would use.</exception>
    /// <exception cref="OsException">As <see cref="Start"/>.</exception>
    /// <exception cref="CommandTimeoutException">The time was over; all have been ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; if they had been started they have been ended, and this is a
    /// <see cref="CommandCanceledException"/>.</exception>
    [SupportedOSPlatform("linux")]
    public CommandResult Run(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        SyncCall.Result(CommandRunner.RunAsync(_settings, isAsync: false, timeout, cancellationToken));

    /// <summary>As <see cref="Run"/>, without a thread that waits. The programs are started before this returns.</summary>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has all ended.</param>
    /// <returns>How they ended; the exceptions are those of <see cref="Run"/>.</returns>
    [SupportedOSPlatform("linux")]
    public Task<CommandResult> RunAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CommandRunner.RunAsync(_settings, isAsync: true, timeout, cancellationToken).AsTask();

    /// <summary>Runs all members to their end, and collects as text what the last one writes, and the error output of all that do not say
    /// where theirs goes, as it comes.</summary>
    /// <param name="timeout">How long it may take; null without end. Then all are ended.</param>
    /// <param name="cancellationToken">Has all ended as well.</param>
    /// <returns>How they ended, and output and error.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="InvalidOperationException">The last one's standard output goes elsewhere, an output or error is a descriptor of this
    /// program's, or the first one's input is a pipe that nobody would use.</exception>
    /// <exception cref="OsException">As <see cref="Start"/>.</exception>
    /// <exception cref="CommandTimeoutException">The time was over; all have been ended.</exception>
    /// <exception cref="OutputLimitException">They wrote more than the last one's <see cref="Command.WithOutputLimit"/> allows; all have been
    /// ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; if they had been started they have been ended, and this is a
    /// <see cref="CommandCanceledException"/>.</exception>
    [SupportedOSPlatform("linux")]
    public CapturedText Capture(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        SyncCall.Result(CommandRunner.CaptureTextAsync(_settings, isAsync: false, timeout, cancellationToken));

    /// <summary>As <see cref="Capture"/>, without a thread that waits.</summary>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has all ended.</param>
    /// <returns>What <see cref="Capture"/> returns; the exceptions are its too.</returns>
    [SupportedOSPlatform("linux")]
    public Task<CapturedText> CaptureAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CommandRunner.CaptureTextAsync(_settings, isAsync: true, timeout, cancellationToken).AsTask();

    /// <summary>As <see cref="Capture"/>, with the output as bytes.</summary>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has all ended.</param>
    /// <returns>How they ended, and what they wrote; the exceptions are those of <see cref="Capture"/>.</returns>
    [SupportedOSPlatform("linux")]
    public CapturedBytes CaptureBytes(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        SyncCall.Result(CommandRunner.CaptureBytesAsync(_settings, isAsync: false, timeout, cancellationToken));

    /// <summary>As <see cref="CaptureBytes"/>, without a thread that waits.</summary>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has all ended.</param>
    /// <returns>How they ended, and what they wrote; the exceptions are those of <see cref="Capture"/>.</returns>
    [SupportedOSPlatform("linux")]
    public Task<CapturedBytes> CaptureBytesAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CommandRunner.CaptureBytesAsync(_settings, isAsync: true, timeout, cancellationToken).AsTask();

    /// <summary>Readable, as one would type it into a shell: <c>sort names | uniq -c</c>. Not for a shell to read.</summary>
    public override string ToString() => _settings.ToString();

    private static Pipeline With(PipelineSettings settings)
    {
        Command? other = settings.SharesGroup ? settings.Members.FirstOrDefault(member => HasGroup(member.Settings)) : null;
        return other is null
            ? new(settings)
            : throw new InvalidOperationException($"The members share one process group, and this one says another or a session: {other}.");
    }

    private static bool HasGroup(CommandSettings settings) =>
        settings.ProcessGroup is not null || settings.NewSession || settings.Ending.WholeGroup;

    private static void RequireFree(Command command, int target, Stdio? stream)
    {
        if (stream is not null || command.Settings.Descriptors.Any(descriptor => descriptor.Target == target))
        {
            string name = target == StandardStreams.Input ? "input" : "output";
            throw new ArgumentException($"The standard {name} of a member goes elsewhere and not into the pipe: {command}: {stream}.");
        }
    }
}
