namespace Gannet.Stress;

/// <summary>A test of what only a debug build has: the places at which threads can be made to pause.</summary>
public sealed class DebugFactAttribute : FactAttribute
{
#if !DEBUG
    public DebugFactAttribute() => Skip = "A release build has no schedule points, so nothing would be paused.";
#endif
}
