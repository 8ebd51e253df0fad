using System.Diagnostics;

namespace Gannet.Threading;

/// <summary>
/// A place where another thread coming between would be worst. In a debug build a test may make threads pause there at random; in a
/// release build nothing is left of it.
/// </summary>
internal static class SchedulePoint
{
    /// <summary>What a test does at each of them.</summary>
    public static Action? Hook { get; set; }

    /// <summary>Passes such a place.</summary>
    [Conditional("DEBUG")]
    public static void Pass() => Hook?.Invoke();
}
