namespace Gannet;

/// <summary>How a child has ended.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Usage">What it has used.</param>
internal readonly record struct ChildEnd(WaitStatus Status, ResourceUsage Usage);
