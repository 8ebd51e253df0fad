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
        {
            return await _completion.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    protected override void Offer(in SignalInfo info) => _completion.TrySetResult(info);
}
