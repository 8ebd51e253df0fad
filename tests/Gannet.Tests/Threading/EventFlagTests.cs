using System.Diagnostics;
using Gannet.Threading;

namespace Gannet.Tests.Threading;

public class EventFlagTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(30);

    [Fact, Trait("S", "S608"), Trait("S", "S609"), Trait("S", "S610"), Trait("S", "S611"), Trait("S", "S612"), Trait("S", "S613")]
    public void The_flag_is_clear_at_first_and_can_be_set_and_cleared_repeatedly()
    {
        EventFlag flag = new();
        Assert.False(flag.IsSet);
        flag.Set();
        flag.Set();
        Assert.Equal((true, "EventFlag (set)"), (flag.IsSet, flag.ToString()));
        flag.Clear();
        flag.Clear();
        Assert.Equal((false, "EventFlag (unset)"), (flag.IsSet, flag.ToString()));
        Assert.True(new EventFlag(initiallySet: true).IsSet);
    }

    [Fact, Trait("S", "S612"), Trait("S", "S614"), Trait("S", "S615")]
    public void Setting_it_lets_all_who_wait_go_on_and_it_stays_set()
    {
        EventFlag flag = new();
        using (Crew crew = Crew.Of(5, () =>
        {
            Assert.True(flag.Wait());
            Assert.True(flag.Wait());
        }))
        {
            Crew.Stays(() => crew.Ended == 0);
            flag.Set();
        }

        Assert.True(flag.IsSet);
    }

    [Fact, Trait("S", "S616"), Trait("S", "S618")]
    public void A_wait_gives_false_after_its_time()
    {
        EventFlag flag = new();
        Stopwatch clock = Stopwatch.StartNew();
        Assert.False(flag.Wait(s_short));
        Assert.True(clock.Elapsed >= s_short);
    }

    [Theory, Trait("S", "S617"), Trait("S", "S618")]
    [InlineData(0)]
    [InlineData(-1000)]
    public void A_wait_of_no_time_returns_at_once_with_the_flag(int milliseconds)
    {
        EventFlag flag = new();
        Assert.False(flag.Wait(TimeSpan.FromMilliseconds(milliseconds)));
        flag.Set();
        Assert.True(flag.Wait(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.True(flag.Wait(TimeSpan.MaxValue));
    }

    [Fact, Trait("S", "S619")]
    public void Who_waits_when_it_is_set_goes_on_even_if_it_is_cleared_at_once()
    {
        const int rounds = 50, threads = 3;
        EventFlag flag = new();
        for (int round = 0; round < rounds; round++)
        {
            int waiting = 0;
            using Crew crew = Crew.Of(threads, () =>
            {
                Interlocked.Increment(ref waiting);
                Assert.True(flag.Wait(Crew.Patience));
            });
            Crew.Await(() => flag.WaitingCount == threads);
            flag.Set();
            flag.Clear();
        }
    }

    [Fact]
    public void A_cancelled_token_ends_the_wait_and_leaves_nothing_behind()
    {
        EventFlag flag = new();
        using CancellationTokenSource source = new();
        using (Crew.Of(3, () => Assert.Throws<OperationCanceledException>(() => flag.Wait(source.Token))))
        {
            Crew.Await(() => flag.WaitingCount == 3);
            source.Cancel();
        }

        Assert.Equal(0, flag.WaitingCount);
        Assert.Throws<OperationCanceledException>(() => flag.Wait(source.Token));
    }

    [Fact]
    public async Task Tasks_wait_without_a_thread()
    {
        EventFlag flag = new();
        using CancellationTokenSource source = new();
        Task<bool>[] tasks = [.. Enumerable.Range(0, 100).Select(_ => flag.WaitAsync().AsTask())];
        Task<bool> canceled = flag.WaitAsync(cancellationToken: source.Token).AsTask();
        Assert.False(await flag.WaitAsync(s_short));
        Assert.False(await flag.WaitAsync(TimeSpan.Zero));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        Assert.Equal(100, flag.WaitingCount);
        flag.Set();
        flag.Clear();
        Assert.All(await Task.WhenAll(tasks).WaitAsync(Crew.Patience), Assert.True);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await flag.WaitAsync(cancellationToken: source.Token));
        flag.Set();
        Assert.True(await flag.WaitAsync());
    }
}
