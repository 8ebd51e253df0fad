namespace Gannet;

/// <summary>How one child of a <see cref="Conversation"/> has ended.</summary>
/// <param name="Pid">Its number until then.</param>
/// <param name="End">Its status, and what it has used.</param>
/// <param name="Ending">What it took.</param>
internal readonly record struct HeldEnd(int Pid, ChildEnd End, ChildEnding Ending);
