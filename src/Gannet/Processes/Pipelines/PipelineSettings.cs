using System.Collections.Immutable;

namespace Gannet;

/// <summary>Commands that run together, each writing to the next; one alone is the shortest of such lines.</summary>
/// <param name="Members">The commands in their order.</param>
internal sealed record PipelineSettings(ImmutableArray<Command> Members)
{
    /// <summary>Whether the failure of any member is the failure of the whole, not only that of the last.</summary>
    public bool PipeFail { get; init; }

    /// <summary>Whether all members are in one process group, which the first leads.</summary>
    public bool SharesGroup { get; init; }

    /// <summary>Whether that group is ended with them.</summary>
    public bool EndsGroup { get; init; }

    /// <summary>What the last member says counts for the output of the whole.</summary>
    public CommandSettings Last => Members[^1].Settings;

    /// <summary>What the first member says counts for the input of the whole.</summary>
    public CommandSettings First => Members[0].Settings;

    /// <summary>A command by itself.</summary>
    public static PipelineSettings Of(Command command) => new([command]);

    /// <summary>Which member's status is that of the whole.</summary>
    /// <param name="statuses">The statuses in the order of the members.</param>
    public int FindDecisive(IReadOnlyList<WaitStatus> statuses)
    {
        int last = statuses.Count - 1;
        for (int i = last; PipeFail && i >= 0; i--)
        {
            // Who is told by SIGPIPE that the next one has read enough has done its work.
            if (statuses[i].ExitStatus is not 0 && (i == last || statuses[i].TermSignal is not Signal.SIGPIPE))
            {
                return i;
            }
        }

        return last;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" | ", Members);
}
