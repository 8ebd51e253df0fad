using System.Runtime.ExceptionServices;

namespace Gannet;

/// <summary>What has come of a <see cref="Conversation"/>.</summary>
/// <param name="End">How the child ended.</param>
/// <param name="Ending">What it took.</param>
/// <param name="Reason">Why it was made to end.</param>
/// <param name="OutputAbandoned">Whether a pipe was closed while somebody could still write to it.</param>
/// <param name="Failure">The failure of a stream of the caller's.</param>
internal sealed record ConversationOutcome(
    ChildEnd End, ChildEnding Ending, StopReason Reason, bool OutputAbandoned, ExceptionDispatchInfo? Failure);
