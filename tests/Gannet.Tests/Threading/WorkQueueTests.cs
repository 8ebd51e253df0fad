using System.Collections.Concurrent;
using System.Diagnostics;
using Gannet.Threading;

namespace Gannet.Tests.Threading;

/// <summary>What holds for all three kinds of queue.</summary>
public abstract class WorkQueueTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(30);

    private protected abstract WorkQueue<int> Make(int maxSize = 0);

    /// <summary>The order in which 111, 333, 222 come out.</summary>
    private protected abstract int[] Order { get; }

    [Fact, Trait("S", "S622"), Trait("S", "S624"), Trait("S", "S628"), Trait("S", "S629"), Trait("S", "S630"), Trait("S", "S631")]
    public void Items_come_out_in_the_order_of_its_kind_and_are_counted()
    {
        WorkQueue<int> queue = Make(3);
        Assert.Equal((true, false, 0, 3), (queue.IsEmpty, queue.IsFull, queue.Count, queue.MaxSize));
        queue.Put(111);
        queue.Put(333);
        Assert.Equal((false, false, 2), (queue.IsEmpty, queue.IsFull, queue.Count));
        queue.Put(222);
        Assert.Equal((false, true, 3), (queue.IsEmpty, queue.IsFull, queue.Count));
        Assert.Equal(Order, (int[])[queue.Get(), queue.Get(), queue.Get()]);
        Assert.True(queue.IsEmpty);
    }

    [Theory, Trait("S", "S625")]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_size_of_zero_or_less_is_no_limit(int maxSize)
    {
        WorkQueue<int> queue = Make(maxSize);
        for (int i = 0; i < 5000; i++)
        {
            queue.Put(i);
        }

        Assert.Equal((false, 5000, 0), (queue.IsFull, queue.Count, queue.MaxSize));
    }

    [Fact, Trait("S", "S633"), Trait("S", "S634"), Trait("S", "S635"), Trait("S", "S641")]
    public void A_full_one_refuses_a_put_that_may_not_wait()
    {
        WorkQueue<int> queue = Make(2);
        queue.Put(1);
        queue.PutNoWait(2);
        Assert.Throws<QueueFullException>(() => queue.PutNoWait(3));
        Assert.Throws<QueueFullException>(() => queue.Put(3, block: false));
        Assert.Throws<QueueFullException>(() => queue.Put(3, TimeSpan.Zero));
        Assert.Throws<QueueFullException>(() => queue.Put(3, s_short));
        Assert.False(queue.TryPut(3));
        Assert.False(queue.TryPut(3, s_short));
        Assert.Equal(2, queue.Count);
    }

    [Fact, Trait("S", "S637"), Trait("S", "S638"), Trait("S", "S639"), Trait("S", "S641")]
    public void An_empty_one_refuses_a_get_that_may_not_wait()
    {
        WorkQueue<int> queue = Make();
        Assert.Throws<QueueEmptyException>(() => queue.GetNoWait());
        Assert.Throws<QueueEmptyException>(() => queue.Get(block: false));
        Assert.Throws<QueueEmptyException>(() => queue.Get(TimeSpan.Zero));
        Assert.Throws<QueueEmptyException>(() => queue.Get(s_short));
        Assert.False(queue.TryGet(out _));
        Assert.False(queue.TryGet(out _, s_short));
    }

    [Fact, Trait("S", "S641")]
    public void Times_limit_the_wait_and_negative_ones_are_errors()
    {
        WorkQueue<int> queue = Make(1);
        Stopwatch clock = Stopwatch.StartNew();
        Assert.Throws<QueueEmptyException>(() => queue.Get(s_short));
        queue.Put(1);
        Assert.Throws<QueueFullException>(() => queue.Put(2, s_short));
        Assert.True(clock.Elapsed >= 2 * s_short);
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Get(-s_short));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Put(2, -s_short));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Join(-s_short));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = queue.GetAsync(-s_short).AsTask(); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = queue.PutAsync(2, -s_short).AsTask(); });
        Assert.Equal(1, queue.Get(TimeSpan.MaxValue));
    }

    [Fact, Trait("S", "S632"), Trait("S", "S633")]
    public void A_put_waits_for_room()
    {
        WorkQueue<int> queue = Make(1);
        queue.Put(1);
        using Crew crew = Crew.Of(1, () => queue.Put(2));
        Crew.Stays(() => crew.Ended == 0);
        Assert.Equal(1, queue.Get());
        Crew.Await(() => crew.Ended == 1);
        Assert.Equal(2, queue.Get());
    }

    [Fact, Trait("S", "S636"), Trait("S", "S637")]
    public void A_get_waits_for_an_item()
    {
        WorkQueue<int> queue = Make();
        int got = 0;
        using Crew crew = Crew.Of(1, () => Volatile.Write(ref got, queue.Get(block: true)));
        Crew.Stays(() => crew.Ended == 0);
        queue.Put(7, block: true);
        Crew.Await(() => crew.Ended == 1);
        Assert.Equal(7, got);
    }

    [Theory, Trait("S", "S621"), Trait("S", "S623")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public void Each_item_of_many_producers_goes_to_one_of_many_consumers(int maxSize)
    {
        const int threads = 4, each = 2500;
        WorkQueue<int> queue = Make(maxSize);
        ConcurrentBag<int> got = [];
        int next = 0;
        using (Crew.Of(threads, () =>
        {
            for (int i = 0; i < each; i++)
            {
                got.Add(queue.Get());
            }
        }))
        using (Crew.Of(threads, () =>
        {
            for (int i = 0; i < each; i++)
            {
                queue.Put(Interlocked.Increment(ref next));
            }
        }))
        {
        }

        Assert.Equal(Enumerable.Range(1, threads * each), got.Order());
        Assert.True(queue.IsEmpty);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Each_item_of_many_tasks_goes_to_one_of_many_tasks(int maxSize)
    {
        const int tasks = 4, each = 2500;
        WorkQueue<int> queue = Make(maxSize);
        ConcurrentBag<int> got = [];
        int next = 0;
        Task[] all =
        [
            .. Enumerable.Range(0, tasks).Select(_ => Task.Run(async () =>
            {
                for (int i = 0; i < each; i++)
                {
                    got.Add(await queue.GetAsync());
                }
            })),
            .. Enumerable.Range(0, tasks).Select(_ => Task.Run(async () =>
            {
                for (int i = 0; i < each; i++)
                {
                    await queue.PutAsync(Interlocked.Increment(ref next));
                }
            })),
        ];
        await Task.WhenAll(all).WaitAsync(Crew.Patience);
        Assert.Equal(Enumerable.Range(1, tasks * each), got.Order());
    }

    [Fact, Trait("S", "S642")]
    public void A_report_too_many_is_an_error()
    {
        WorkQueue<int> queue = Make();
        Assert.Equal("task_done() called too many times", Assert.Throws<InvalidOperationException>(queue.TaskDone).Message);
        queue.Put(1);
        Assert.Equal(1, queue.UnfinishedCount);
        queue.Get();
        queue.TaskDone();
        Assert.Throws<InvalidOperationException>(queue.TaskDone);
        Assert.Equal(0, queue.UnfinishedCount);
    }

    [Fact, Trait("S", "S642")]
    public async Task Joining_waits_until_all_work_was_reported()
    {
        WorkQueue<int> queue = Make();
        queue.Join();
        Assert.True(await queue.JoinAsync());
        int sum = 0;
        for (int i = 1; i <= 100; i++)
        {
            queue.Put(i);
        }

        Assert.False(queue.Join(s_short));
        Assert.False(await queue.JoinAsync(s_short));
        Assert.False(queue.Join(TimeSpan.Zero));
        Task<bool> task = queue.JoinAsync().AsTask();
        using CancellationTokenSource source = new(20);
        Assert.Throws<OperationCanceledException>(() => queue.Join(Timeout.InfiniteTimeSpan, source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await queue.JoinAsync(cancellationToken: source.Token));
        using Crew crew = Crew.Of(2, () =>
        {
            for (int i = 0; i < 50; i++)
            {
                Interlocked.Add(ref sum, queue.Get());
                queue.TaskDone();
            }
        });
        queue.Join();
        Assert.Equal(5050, Volatile.Read(ref sum));
        Assert.True(await task.WaitAsync(Crew.Patience));
    }

    [Fact, Trait("S", "S642")]
    public void After_a_shutdown_what_is_in_comes_out_and_nothing_goes_in()
    {
        WorkQueue<int> queue = Make();
        queue.Put(1);
        queue.Put(2);
        queue.ShutDown();
        Assert.True(queue.IsShutDown);
        Assert.Throws<QueueShutDownException>(() => queue.Put(3));
        Assert.Throws<QueueShutDownException>(() => queue.PutNoWait(3));
        Assert.Throws<QueueShutDownException>(() => queue.TryPut(3));
        Assert.Equal(3, queue.Get() + queue.GetNoWait());
        Assert.Throws<QueueShutDownException>(() => queue.Get());
        Assert.Throws<QueueShutDownException>(() => queue.GetNoWait());
        Assert.Throws<QueueShutDownException>(() => queue.TryGet(out _));
        Assert.Throws<QueueShutDownException>(() => queue.Get(Crew.Patience));
        queue.ShutDown();
        queue.TaskDone();
        queue.TaskDone();
        queue.Join();
    }

    [Fact, Trait("S", "S642")]
    public void An_immediate_shutdown_throws_away_what_is_in_and_counts_it_as_done()
    {
        WorkQueue<int> queue = Make();
        queue.Put(1);
        queue.Put(2);
        queue.Put(3);
        queue.Get();
        queue.ShutDown(immediate: true);
        Assert.Throws<QueueShutDownException>(() => queue.Get());
        Assert.Equal((0, 1L), (queue.Count, queue.UnfinishedCount));
        Assert.False(queue.Join(s_short));
        queue.TaskDone();
        queue.Join();
        Assert.Throws<InvalidOperationException>(queue.TaskDone);
    }

    [Fact, Trait("S", "S642")]
    public void A_plain_shutdown_may_be_followed_by_an_immediate_one()
    {
        WorkQueue<int> queue = Make();
        queue.Put(1);
        queue.ShutDown();
        queue.ShutDown(immediate: true);
        Assert.Throws<QueueShutDownException>(() => queue.Get());
        queue.Join();
    }

    [Theory, Trait("S", "S642")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_shutdown_ends_all_gets_that_wait(bool immediate)
    {
        WorkQueue<int> queue = Make();
        Task<int> task = queue.GetAsync().AsTask();
        using (Crew crew = Crew.Of(4, () => Assert.Throws<QueueShutDownException>(() => queue.Get())))
        {
            Crew.Await(() => queue.Site.GettersCount == 5);
            queue.ShutDown(immediate);
        }

        await Assert.ThrowsAsync<QueueShutDownException>(() => task);
        await Assert.ThrowsAsync<QueueShutDownException>(async () => await queue.GetAsync());
    }

    [Theory, Trait("S", "S642")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_shutdown_refuses_all_puts_that_wait(bool immediate)
    {
        WorkQueue<int> queue = Make(1);
        queue.Put(1);
        Task task = queue.PutAsync(3).AsTask();
        using (Crew crew = Crew.Of(4, () => Assert.Throws<QueueShutDownException>(() => queue.Put(2))))
        {
            Crew.Await(() => queue.Site.PuttersCount == 5);
            queue.ShutDown(immediate);
        }

        await Assert.ThrowsAsync<QueueShutDownException>(() => task);
        await Assert.ThrowsAsync<QueueShutDownException>(async () => await queue.PutAsync(4));
        Assert.Equal(immediate ? 0 : 1, queue.Count);
    }

    [Fact]
    public async Task A_cancelled_get_loses_no_item()
    {
        WorkQueue<int> queue = Make();
        for (int i = 0; i < 300; i++)
        {
            using CancellationTokenSource source = new();
            Task<int> canceled = queue.GetAsync(source.Token).AsTask();
            Task cancellation = Task.Run(source.Cancel);
            queue.Put(i);
            await Task.WhenAny(canceled);
            Assert.Equal(i, canceled.IsCanceled ? queue.Get() : await canceled);
            await cancellation;
        }

        Assert.Equal((0, 0), (queue.Count, queue.Site.GettersCount));
    }

    [Fact]
    public async Task A_cancelled_task_is_canceled_and_one_that_fails_is_faulted()
    {
        WorkQueue<int> queue = Make(1);
        using CancellationTokenSource source = new();
        List<Task> canceled = [queue.GetAsync(source.Token).AsTask(), QueueSelect.GetAsync([queue, Make()], null, source.Token)];
        Task late = queue.GetAsync(TimeSpan.FromMilliseconds(1)).AsTask();
        await Assert.ThrowsAsync<QueueEmptyException>(() => late);
        source.Cancel();
        foreach (Task task in canceled)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        }

        queue.Put(1);
        using CancellationTokenSource later = new();
        canceled.AddRange([queue.PutAsync(2, later.Token).AsTask(), queue.JoinAsync(null, later.Token).AsTask()]);
        later.Cancel();
        foreach (Task task in canceled)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        }

        Assert.True(late.IsFaulted);
        Assert.All(canceled, task => Assert.True(task.IsCanceled));
    }

    [Fact]
    public void A_select_misses_nothing_while_another_queue_looks_after_it()
    {
        const int Items = 3000;
        WorkQueue<int> busy = Make(), other = Make();
        using CancellationTokenSource end = new();
        using Crew crowd = Crew.Of(2, () =>
        {
            while (!end.IsCancellationRequested)
            {
                busy.TryGet(out _, TimeSpan.FromMicroseconds(1));
            }
        });
        int got = -1;
        using Crew selector = Crew.Of(1, () =>
        {
            for (int i = 0; i < Items; i++)
            {
                Volatile.Write(ref got, QueueSelect.Get([busy, other], Crew.Patience).Item);
            }
        });
        for (int i = 0; i < Items; i++)
        {
            Thread.SpinWait(2000);
            other.Put(i);
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref got) == i, Crew.Patience));
        }

        end.Cancel();
    }

    [Fact]
    public void A_join_waits_for_work_that_work_has_put_in()
    {
        const int Depth = 9;
        WorkQueue<int> queue = Make();
        long done = 0, lowest = 0;
        using Crew workers = Crew.Of(3, () =>
        {
            foreach (int depth in queue.GetConsumingEnumerable())
            {
                for (int child = 0; child < 2 && depth > 0; child++)
                {
                    queue.Put(depth - 1);
                }

                Interlocked.Increment(ref done);
                queue.TaskDone();
            }
        });
        using CancellationTokenSource end = new();
        using (Crew.Of(1, () =>
        {
            while (!end.IsCancellationRequested)
            {
                lowest = Math.Min(lowest, queue.UnfinishedCount);
            }
        }))
        {
            for (int tree = 1; tree <= 50; tree++)
            {
                queue.Put(Depth);
                Assert.True(queue.Join(Crew.Patience));
                Assert.Equal(tree * ((2 << Depth) - 1), Volatile.Read(ref done));
            }

            end.Cancel();
        }

        queue.ShutDown();
        Assert.Equal(0, lowest);
    }

    [Fact]
    public void A_get_that_is_out_of_time_or_cancelled_leaves_nothing_behind()
    {
        WorkQueue<int> queue = Make();
        for (int i = 0; i < 100; i++)
        {
            using CancellationTokenSource source = new();
            using Crew canceled = Crew.Of(1, () => Record.Exception(() => queue.Get(source.Token)));
            Thread.Sleep(i % 2);
            source.Cancel();
        }

        Assert.False(queue.TryGet(out _, TimeSpan.FromMilliseconds(1)));
        Assert.Equal(0, queue.Site.GettersCount);
        queue.Put(1);
        Assert.Equal(1, queue.Get());
    }

    [Fact]
    public async Task A_cancelled_put_has_put_nothing()
    {
        WorkQueue<int> queue = Make(1);
        queue.Put(1);
        using CancellationTokenSource source = new();
        Task canceled = queue.PutAsync(2, source.Token).AsTask();
        Task late = queue.PutAsync(3, s_short).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        await Assert.ThrowsAsync<QueueFullException>(() => late);
        Assert.Throws<OperationCanceledException>(() => queue.Put(4, source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await queue.PutAsync(4, source.Token));
        Assert.Equal(1, queue.Get());
        Assert.Equal((0, 0, 0L), (queue.Count, queue.Site.PuttersCount, queue.UnfinishedCount - 1));
    }

    [Fact]
    public async Task Waiting_gets_are_served_in_their_order()
    {
        WorkQueue<int> queue = Make();
        Task<int>[] gets = [.. Enumerable.Range(0, 20).Select(_ => queue.GetAsync().AsTask())];
        for (int i = 0; i < 20; i++)
        {
            queue.Put(i);
        }

        Assert.Equal(Enumerable.Range(0, 20), await Task.WhenAll(gets).WaitAsync(Crew.Patience));
    }

    [Fact]
    public async Task A_batch_takes_what_is_there_and_waits_for_the_first_only()
    {
        WorkQueue<int> queue = Make();
        int[] items = new int[4];
        Assert.Equal(0, queue.GetBatch([]));
        Assert.Throws<QueueEmptyException>(() => queue.GetBatch(items, s_short));
        for (int i = 1; i <= 6; i++)
        {
            queue.Put(i);
        }

        Assert.Equal(4, queue.GetBatch(items));
        int sum = items.Sum();
        Assert.Equal(2, await queue.GetBatchAsync(items));
        Assert.Equal(21, sum + items[0] + items[1]);
        Task<int> waiting = queue.GetBatchAsync(items).AsTask();
        Assert.False(waiting.IsCompleted);
        queue.Put(9);
        Assert.Equal(1, await waiting.WaitAsync(Crew.Patience));
        queue.Put(8);
        queue.ShutDown();
        Assert.Equal(1, queue.GetBatch(items));
        Assert.Throws<QueueShutDownException>(() => queue.GetBatch(items));
    }

    [Fact]
    public async Task Loops_over_the_queue_end_with_its_shutdown()
    {
        WorkQueue<int> queue = Make(4);
        int sum = 0;
        Task loop = Task.Run(async () =>
        {
            await foreach (int item in queue)
            {
                Interlocked.Add(ref sum, item);
            }
        });
        using (Crew.Of(2, () =>
        {
            foreach (int item in queue.GetConsumingEnumerable())
            {
                Interlocked.Add(ref sum, item);
            }
        }))
        {
            for (int i = 1; i <= 1000; i++)
            {
                queue.Put(i);
            }

            queue.ShutDown();
        }

        await loop.WaitAsync(Crew.Patience);
        Assert.Equal(500_500, sum);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Make().GetConsumingEnumerable(source.Token).First());
    }

    [Fact]
    public async Task A_select_takes_one_item_of_the_first_queue_that_has_one()
    {
        WorkQueue<int>[] queues = [Make(), Make(), Make()];
        Assert.Throws<QueueEmptyException>(() => QueueSelect.Get(queues, TimeSpan.Zero));
        Assert.Throws<QueueEmptyException>(() => QueueSelect.Get(queues, s_short));
        queues[2].Put(2);
        queues[1].Put(1);
        Assert.Equal((1, 1), QueueSelect.Get(queues));
        Assert.Equal((2, 2), await QueueSelect.GetAsync(queues));
        (int, int) got = default;
        using (Crew.Of(1, () => got = QueueSelect.Get(queues)))
        {
            Crew.Await(() => queues.All(queue => queue.Site.GettersCount == 1));
            queues[1].Put(5);
        }

        Assert.Equal((1, 5), got);
        Task<(int, int)> task = QueueSelect.GetAsync(queues);
        Assert.False(task.IsCompleted);
        queues[0].ShutDown();
        queues[2].Put(6);
        Assert.Equal((2, 6), await task.WaitAsync(Crew.Patience));
        using CancellationTokenSource source = new(20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => QueueSelect.GetAsync(queues, cancellationToken: source.Token));
        Assert.All(queues, queue => Assert.Equal((0, 0), (queue.Count, queue.Site.GettersCount)));
        queues[1].ShutDown();
        queues[2].ShutDown();
        Assert.Throws<QueueShutDownException>(() => QueueSelect.Get(queues));
        Assert.Throws<ArgumentException>(() => QueueSelect.Get(Array.Empty<WorkQueue<int>>()));
    }

    [Fact]
    public void Selects_of_many_threads_take_each_item_once()
    {
        const int items = 4000;
        WorkQueue<int>[] queues = [Make(2), Make(), Make(1)];
        ConcurrentBag<int> got = [];
        using (Crew.Of(3, () =>
        {
            try
            {
                while (true)
                {
                    got.Add(QueueSelect.Get(queues).Item);
                }
            }
            catch (QueueShutDownException)
            {
                // All are through.
            }
        }))
        {
            for (int i = 0; i < items; i++)
            {
                queues[i % 3].Put(i);
            }

            Array.ForEach(queues, queue => queue.ShutDown());
        }

        Assert.Equal(Enumerable.Range(0, items), got.Order());
    }

    [Fact]
    public void Its_text_tells_the_kind_and_how_full_it_is()
    {
        WorkQueue<int> queue = Make(3);
        queue.Put(1);
        queue.ShutDown();
        Assert.EndsWith(" (1/3, shut down)", queue.ToString());
    }
}
