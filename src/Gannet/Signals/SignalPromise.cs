using System.Runtime.Versioning;

namespace Gannet;

/// <summary>A task that the first delivery completes.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SignalPromise : SignalSubscription
{
    private readonly TaskCompletionSource<SignalInfo> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SignalPromise(SignalMask signals)
        : base(signals) => Begin();

    /// <summary>The delivery; ends the subscription.</summary>
    public async Task<SignalInfo> WaitAsync(CancellationToken cancellation)
    {
        using (this)
        using (cancellation.UnsafeRegister(Cancel, _completion))
        {
            return await _completion.Task.ConfigureAwait(false);
        }
    }

    protected override bool TryOffer(in SignalInfo info) => _completion.TrySetResult(info);

    // Either the delivery or the cancellation: what comes second does not count.
    private static void Cancel(object? completion, CancellationToken cancellation) =>
        ((TaskCompletionSource<SignalInfo>)completion!).TrySetCanceled(cancellation);
}
