using System.Collections.Concurrent;
using System.Threading.Channels;
using Gannet.Threading;

namespace Gannet.Benchmarks.Threading;

/// <summary>Items from producers to consumers, by threads and by tasks.</summary>
internal sealed class QueueComparison : Comparison
{
    private const int Rounds = 7;
    private const int Operations = 2_000_000;
    private const int SlowOperations = 100_000;
    private const int Size = 1024;

    public override string Name => "queues";

    public override string Summary => "queues between threads and between tasks: Gannet, Channels, BlockingCollection, CPython";

    public override void Run()
    {
        RunThreads(Size, 1, Operations);
        RunThreads(Size, 4, Operations);
        RunThreads(1, 1, SlowOperations);
        RunThreads(0, 1, Operations);
        RunTasks(Size, 1, Operations);
        RunTasks(Size, 4, Operations);
        RunTasks(1, 1, SlowOperations);
    }

    private static void RunThreads(int size, int threads, int operations)
    {
        RaceTable table = new($"threads, {Describe(size, threads)}", Rounds, operations);
        BlockingQueue<int> queue = new(size);
        table.Add("Gannet, BlockingQueue", (threads, count => Repeat(count, queue.Put)), (threads, count => Repeat(count, _ => queue.Get())));
        Channel<int> channel = MakeChannel(size);
        table.Add("Channel", (threads, count => Repeat(count, item => Write(channel, item))), (threads, count => Repeat(count, _ => Read(channel))));
        BlockingCollection<int> collection = size > 0 ? new(size) : [];
        table.Add("BlockingCollection", (threads, count => Repeat(count, collection.Add)), (threads, count => Repeat(count, _ => collection.Take())));
        PythonThreads.AddTo(table, "CPython, queue.Queue", PythonThreads.Queue(size, threads), SlowOperations);
        table.Print();
    }

    private static void RunTasks(int size, int tasks, int operations)
    {
        RaceTable table = new($"tasks, {Describe(size, tasks)}", Rounds, operations);
        BlockingQueue<int> queue = new(size);
        table.Add("Gannet, BlockingQueue", total => RunAll(
            tasks,
            async () =>
            {
                for (int i = 0; i < total / tasks; i++)
                {
                    await queue.PutAsync(i);
                }
            },
            async () =>
            {
                for (int i = 0; i < total / tasks; i++)
                {
                    await queue.GetAsync();
                }
            }));
        Channel<int> channel = MakeChannel(size);
        table.Add("Channel", total => RunAll(
            tasks,
            async () =>
            {
                for (int i = 0; i < total / tasks; i++)
                {
                    await channel.Writer.WriteAsync(i);
                }
            },
            async () =>
            {
                for (int i = 0; i < total / tasks; i++)
                {
                    await channel.Reader.ReadAsync();
                }
            }));
        table.Print();
    }

    private static string Describe(int size, int workers) => $"{(size == 0 ? "no limit" : $"size {size}")}, {workers} to {workers}";

    private static Channel<int> MakeChannel(int size) => size > 0 ? Channel.CreateBounded<int>(size) : Channel.CreateUnbounded<int>();

    private static void RunAll(int tasks, Func<Task> produce, Func<Task> consume) =>
        Task.WaitAll([.. Enumerable.Range(0, tasks).Select(_ => Task.Run(produce)), .. Enumerable.Range(0, tasks).Select(_ => Task.Run(consume))]);

    private static void Repeat(int count, Action<int> operation)
    {
        for (int i = 0; i < count; i++)
        {
            operation(i);
        }
    }

    private static void Write(Channel<int> channel, int item)
    {
        if (!channel.Writer.TryWrite(item))
        {
            channel.Writer.WriteAsync(item).AsTask().Wait();
        }
    }

    private static int Read(Channel<int> channel) =>
        channel.Reader.TryRead(out int item) ? item : channel.Reader.ReadAsync().AsTask().Result;
}
