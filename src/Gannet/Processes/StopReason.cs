namespace Gannet;

/// <summary>Why children were made to end.</summary>
internal enum StopReason
{
    None,
    Timeout,
    Cancellation,
    OutputLimit,
    Failure,
    ReaderLeft,
}
