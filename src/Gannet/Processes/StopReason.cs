namespace Gannet;

/// <summary>Why a child was made to end.</summary>
internal enum StopReason
{
    None,
    Timeout,
    Cancellation,
    OutputLimit,
    Failure,
}
