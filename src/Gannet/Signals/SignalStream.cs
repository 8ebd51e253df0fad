using System.Runtime.Versioning;
using System.Threading.Channels;

namespace Gannet;

/// <summary>The deliveries of some signals, one after another; see <see cref="Signals.Stream"/>. One loop reads it.</summary>
[SupportedOSPlatform("linux")]
public sealed class SignalStream : IAsyncEnumerable<SignalInfo>, IDisposable
{
    private readonly Subscription _subscription;

    internal SignalStream(SignalMask signals) => _subscription = new Subscription(signals);

    /// <summary>Begins the loop; ending it ends the stream.</summary>
    /// <param name="cancellationToken">Ends the loop with an <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerator<SignalInfo> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using (this)
        {
            await foreach (SignalInfo info in _subscription.Deliveries.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return info;
            }
        }
    }

    /// <summary>Ends the stream: a loop over it ends when it has taken what is there, and what stood on the signals stands
    /// there again.</summary>
    public void Dispose() => _subscription.Dispose();

    private sealed class Subscription : SignalSubscription
    {
        private readonly Channel<SignalInfo> _channel =
            Channel.CreateUnbounded<SignalInfo>(new UnboundedChannelOptions { SingleWriter = true });

        public Subscription(SignalMask signals)
            : base(signals) => Begin();

        public ChannelReader<SignalInfo> Deliveries => _channel.Reader;

        protected override bool TryOffer(in SignalInfo info) => _channel.Writer.TryWrite(info);

        protected override void OnEnd() => _channel.Writer.TryComplete();
    }
}
