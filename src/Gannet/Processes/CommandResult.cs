namespace Gannet;

/// <summary><c>subprocess.CompletedProcess</c>: a command that has been run to its end.</summary>
public class CommandResult
{
    private readonly PipelineSettings? _line;
    private readonly IReadOnlyList<CommandResult>? _members;

    private protected CommandResult(CommandResult other)
        : this(other.Command, other.Pid, other.Status, other.Usage, other.Elapsed, other.Ending, other.OutputAbandoned) =>
        (_line, _members) = (other._line, other._members);

    /// <summary>The result of a pipeline: that of the member that decides, and all of them.</summary>
    internal CommandResult(PipelineSettings line, IReadOnlyList<CommandResult> members)
        : this(members[line.FindDecisive([.. members.Select(member => member.Status)])]) =>
        (_line, _members) = (line, members);

    internal CommandResult(
        Command command, int pid, WaitStatus status, ResourceUsage usage, TimeSpan elapsed, ChildEnding ending, bool outputAbandoned)
    {
        Command = command;
        Pid = pid;
        Status = status;
        Usage = usage;
        Elapsed = elapsed;
        Ending = ending;
        OutputAbandoned = outputAbandoned;
    }

    /// <summary>What was run; of a pipeline, the member whose status counts.</summary>
    public Command Command { get; }

    /// <summary>Of a pipeline, the results of all members in their order; of a command, this one alone.</summary>
    public IReadOnlyList<CommandResult> Members => _members ?? [this];

    /// <summary>The number that the child had; it may be another process's by now.</summary>
    public int Pid { get; }

    /// <summary>How it ended.</summary>
    public WaitStatus Status { get; }

    /// <summary>Whether it ended with exit status 0.</summary>
    public bool Succeeded => Status.ExitStatus is 0;

    /// <summary>What it has used.</summary>
    public ResourceUsage Usage { get; }

    /// <summary>From the start to the end, and until its output was read.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>What it took to end it.</summary>
    public ChildEnding Ending { get; }

    /// <summary>Whether a process that the child had left behind still held an output open when the time of
    /// <see cref="Command.WithDrainTime"/> was over: what it wrote later is not here.</summary>
    public bool OutputAbandoned { get; }

    /// <summary><c>check_returncode</c>: nothing after success.</summary>
    /// <returns>This result.</returns>
    /// <exception cref="CommandFailedException">The exit status was not 0, or a signal ended it.</exception>
    public virtual CommandResult EnsureSuccess() => Succeeded ? this : throw new CommandFailedException(this);

    /// <summary>Readable: <c>tar czf x: exit 2</c>.</summary>
    public override string ToString() => _line is null || Command == _line.Members[^1]
        ? $"{Title}: {Status}"
        : $"{Title}: {Status}, by {Command}";

    /// <summary>All that was run, readable.</summary>
    internal string Title => _line?.ToString() ?? Command.ToString();

    /// <summary>What the child said last about its failure, as far as that was captured.</summary>
    internal virtual string? LastWords => null;
}
