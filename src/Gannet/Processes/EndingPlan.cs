namespace Gannet;

/// <summary>How a child is made to end: a signal that it may handle, time to do so, then SIGKILL.</summary>
/// <param name="Signal">The first signal.</param>
/// <param name="Grace">How long it may take to end by it.</param>
/// <param name="WholeGroup">Whether its process group is meant, not it alone.</param>
internal sealed record EndingPlan(Signal Signal, TimeSpan Grace, bool WholeGroup)
{
    public static EndingPlan Default { get; } = new(Signal.SIGTERM, TimeSpan.FromSeconds(5), WholeGroup: false);
}
