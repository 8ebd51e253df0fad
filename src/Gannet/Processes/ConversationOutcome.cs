using System.Runtime.ExceptionServices;

namespace Gannet;

/// <summary>What has come of a <see cref="Conversation"/>.</summary>
/// <param name="Ends">How the children ended, in their order.</param>
/// <param name="Reason">Why they were made to end.</param>
/// <param name="OutputAbandoned">Whether a pipe was closed while somebody could still write to it.</param>
/// <param name="Failure">A failure that ended them: of a stream of the caller's, or of the start of another child.</param>
internal sealed record ConversationOutcome(
    IReadOnlyList<HeldEnd> Ends, StopReason Reason, bool OutputAbandoned, ExceptionDispatchInfo? Failure);
