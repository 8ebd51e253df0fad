using Gannet.Threading;

namespace Gannet.Stress;

/// <summary>
/// Producers and consumers, threads and tasks, that give up by time and by token at random, and a queue that is shut down: each item that
/// a put has accepted is got exactly once.
/// </summary>
public class QueueStress
{
    private const int Workers = 8;
    private const int ShortCount = 20_000;
    private const int LongCount = 1_000_000;

    private static readonly int[] s_waysOfThreads = [0, 1, 2, 5, 6];
    private static readonly int[] s_waysOfTasks = [0, 3, 4];
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private static bool IsLong => Environment.GetEnvironmentVariable("GANNET_STRESS") is "long";

    private static int Count => IsLong ? LongCount : ShortCount;

    public static TheoryData<string, int> Queues => new()
    {
        { "queue", 0 }, { "queue", 1 }, { "queue", 64 }, { "stack", 16 }, { "priority", 16 },
    };

    [Theory]
    [MemberData(nameof(Queues))]
    public async Task Each_item_comes_out_exactly_once_whoever_gives_up(string kind, int size)
    {
        WorkQueue<int> queue = Make(kind, size);
        await RunAsync(queue, Count);
    }

    [Fact]
    public void A_select_over_several_queues_misses_nothing_while_others_give_up_at_them()
    {
        // One at a time: each takes as long as two changes of threads.
        int count = Count / 10;
        BlockingQueue<int>[] queues = [new(), new(), new()];
        using CancellationTokenSource end = new();
        Thread[] idlers = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            // Nothing is ever put into the first one.
            while (!end.IsCancellationRequested)
            {
                queues[0].TryGet(out int _, TimeSpan.FromMicroseconds(1));
            }
        }))];
        int got = -1;
        Thread putter = new(() =>
        {
            for (int i = 0; i < count && !end.IsCancellationRequested; i++)
            {
                queues[1 + (i % 2)].Put(i);

                // One at a time, so that each has to wake the selector or to meet it as it goes to sleep.
                while (Volatile.Read(ref got) != i && !end.IsCancellationRequested)
                {
                    Thread.Yield();
                }
            }
        });
        Thread[] all = [.. idlers, putter];
        Array.ForEach(all, thread => thread.Start());
        try
        {
            for (int i = 0; i < count; i++)
            {
                (int index, int item) = QueueSelect.Get(queues, TimeSpan.FromMinutes(1));
                Assert.Equal((1 + (i % 2), i), (index, item));
                Volatile.Write(ref got, item);
            }
        }
        finally
        {
            end.Cancel();
            Array.ForEach(all, thread => thread.Join());
        }
    }

    [DebugFact]
    public async Task With_pauses_at_the_worst_places_each_item_comes_out_exactly_once()
    {
        int seed = Environment.TickCount;
        using ThreadLocal<Random> random = new(() => new Random(Interlocked.Increment(ref seed)));
        SchedulePoint.Hook = () =>
        {
            switch (random.Value!.Next(64))
            {
                case 0:
                    Thread.Yield();
                    break;
                case 1:
                    Thread.SpinWait(200);
                    break;
                case 2 when random.Value.Next(32) == 0:
                    Thread.Sleep(0);
                    break;
            }
        };
        try
        {
            foreach (int size in (int[])[0, 1, 3])
            {
                await RunAsync(new BlockingQueue<int>(size), Count / 4);
            }

            LockStress.Run(new PrimitiveLock(), Count / 4);
            LockStress.Run(new PrimitiveLock(fair: true), Count / 40);
            LockStress.Run(new CountingSemaphore(1), Count / 4);
        }
        finally
        {
            SchedulePoint.Hook = null;
        }
    }

    [Fact]
    public async Task A_shutdown_at_any_moment_loses_no_item_that_was_accepted()
    {
        for (int round = 0; round < (IsLong ? 5000 : 100); round++)
        {
            BlockingQueue<int> queue = new(round % 3);
            int accepted = 0, got = 0;
            Task[] all =
            [
                .. Enumerable.Range(0, 3).Select(worker => Task.Factory.StartNew(() => PutUntilRefused(queue, ref accepted), TaskCreationOptions.LongRunning)),
                .. Enumerable.Range(0, 3).Select(worker => Task.Factory.StartNew(
                    () =>
                    {
                        foreach (int item in queue.GetConsumingEnumerable())
                        {
                            Interlocked.Increment(ref got);
                        }
                    },
                    TaskCreationOptions.LongRunning)),
            ];
            Thread.SpinWait(round * 100);
            queue.ShutDown();
            await Task.WhenAll(all).WaitAsync(s_patience);
            Assert.Equal((accepted, 0), (got, queue.Count));
        }
    }

    private static void PutUntilRefused(BlockingQueue<int> queue, ref int accepted)
    {
        try
        {
            while (true)
            {
                queue.Put(1);
                Interlocked.Increment(ref accepted);
            }
        }
        catch (QueueShutDownException)
        {
            // That is the end of it.
        }
    }

    private static WorkQueue<int> Make(string kind, int size) => kind switch
    {
        "stack" => new BlockingStack<int>(size),
        "priority" => new BlockingPriorityQueue<int>(size),
        _ => new BlockingQueue<int>(size),
    };

    private static async Task RunAsync(WorkQueue<int> queue, int count)
    {
        int[] seen = new int[count];
        int next = -1;
        Task[] producers = [.. Enumerable.Range(0, Workers).Select(worker => Start(worker, async (random, ways) =>
        {
            while (Interlocked.Increment(ref next) is int item && item < count)
            {
                while (!await TryPutAsync(queue, item, random, ways))
                {
                }
            }
        }))];
        Task[] consumers = [.. Enumerable.Range(0, Workers).Select(worker => Start(worker, async (random, ways) =>
        {
            try
            {
                while (true)
                {
                    if (await TryGetAsync(queue, random, ways) is { } item)
                    {
                        Interlocked.Increment(ref seen[item]);
                        queue.TaskDone();
                    }
                }
            }
            catch (QueueShutDownException)
            {
                // All are through.
            }
        }))];
        await Task.WhenAll(producers).WaitAsync(s_patience);
        Assert.True(queue.Join(s_patience));
        queue.ShutDown();
        await Task.WhenAll(consumers).WaitAsync(s_patience);
        Assert.Equal(count, seen.Count(times => times == 1));
        Assert.Equal((0, 0, 0, 0L), (queue.Count, queue.Site.GettersCount, queue.Site.PuttersCount, queue.UnfinishedCount));
    }

    // Half of the workers are threads, which only block; the others are tasks, which never do.
    private static Task Start(int worker, Func<Random, int[], Task> work) => worker % 2 == 0
        ? Task.Factory.StartNew(() => work(new Random(worker), s_waysOfThreads), TaskCreationOptions.LongRunning).Unwrap()
        : Task.Run(() => work(new Random(worker), s_waysOfTasks));

    private static async Task<bool> TryPutAsync(WorkQueue<int> queue, int item, Random random, int[] ways)
    {
        using CancellationTokenSource source = new();
        try
        {
            switch (ways[random.Next(ways.Length)])
            {
                case 0:
                    return queue.TryPut(item);
                case 1:
                    return queue.TryPut(item, TimeSpan.FromMicroseconds(random.Next(200)));
                case 2:
                    CancelSoon(source, random);
                    queue.Put(item, source.Token);
                    return true;
                case 3:
                    CancelSoon(source, random);
                    await queue.PutAsync(item, source.Token);
                    return true;
                case 4:
                    await queue.PutAsync(item, TimeSpan.FromMilliseconds(random.Next(3)));
                    return true;
                default:
                    queue.Put(item);
                    return true;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or QueueFullException)
        {
            return false;
        }
    }

    private static async Task<int?> TryGetAsync(WorkQueue<int> queue, Random random, int[] ways)
    {
        using CancellationTokenSource source = new();
        try
        {
            switch (ways[random.Next(ways.Length)])
            {
                case 0:
                    return queue.TryGet(out int item) ? item : null;
                case 1:
                    return queue.Get(TimeSpan.FromMicroseconds(random.Next(200)));
                case 2:
                    CancelSoon(source, random);
                    return queue.Get(source.Token);
                case 3:
                    CancelSoon(source, random);
                    return await queue.GetAsync(source.Token);
                case 4:
                    return await queue.GetAsync(TimeSpan.FromMilliseconds(random.Next(3)));
                case 5:
                    CancelSoon(source, random);
                    return QueueSelect.Get([queue, queue], Timeout.InfiniteTimeSpan, source.Token).Item;
                default:
                    return queue.Get();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or QueueEmptyException)
        {
            return null;
        }
    }

    private static void CancelSoon(CancellationTokenSource source, Random random)
    {
        if (random.Next(3) == 0)
        {
            source.CancelAfter(random.Next(2));
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static source =>
                {
                    try
                    {
                        source.Cancel();
                    }
                    catch (ObjectDisposedException)
                    {
                        // It was not needed.
                    }
                },
                source,
                preferLocal: false);
        }
    }
}
