using Gannet.Threading;

namespace Gannet.Tests.Threading;

public class BlockingQueueTests : WorkQueueTests
{
    private protected override int[] Order => [111, 333, 222];

    private protected override WorkQueue<int> Make(int maxSize = 0) => new BlockingQueue<int>(maxSize);

    [Fact, Trait("S", "S640")]
    public void Null_is_an_item()
    {
        BlockingQueue<string?> queue = new();
        queue.Put(null);
        Assert.Equal(1, queue.Count);
        Assert.Null(queue.Get());
    }

    [Theory, Trait("S", "S622")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void What_one_thread_puts_in_another_gets_in_that_order(int maxSize)
    {
        BlockingQueue<int> queue = new(maxSize);
        using Crew crew = Crew.Of(1, () =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                queue.Put(i);
            }
        });
        for (int i = 0; i < 20_000; i++)
        {
            Assert.Equal(i, queue.Get());
        }
    }

    [Fact]
    public async Task What_tasks_put_in_without_waiting_for_each_other_keeps_its_order()
    {
        BlockingQueue<int> queue = new(2);
        Task[] puts = [.. Enumerable.Range(0, 50).Select(i => queue.PutAsync(i).AsTask())];
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(i, await queue.GetAsync());
        }

        await Task.WhenAll(puts);
    }

    [Fact]
    public void An_item_that_was_taken_out_is_not_kept()
    {
        BlockingQueue<object> queue = new(8);
        WeakReference reference = PassThrough(queue);
        Crew.Await(() =>
        {
            GC.Collect();
            return !reference.IsAlive;
        });
        GC.KeepAlive(queue);
    }

    [Fact]
    public void Waiting_for_items_again_and_again_allocates_nothing()
    {
        BlockingQueue<int> queue = new(4), answers = new(4);
        using Crew crew = Crew.Of(1, () =>
        {
            foreach (int item in queue.GetConsumingEnumerable())
            {
                answers.Put(item);
            }
        });
        void Pass(int count)
        {
            for (int i = 0; i < count; i++)
            {
                queue.Put(i);
                answers.Get();
            }
        }

        // The least of several, because what is met for the first time, a timer for instance, allocates once.
        long least = long.MaxValue;
        for (int i = 0; i < 8; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Pass(500);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        queue.ShutDown();
        Assert.Equal(0, least);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference PassThrough(BlockingQueue<object> queue)
    {
        WeakReference reference = new(new object());
        queue.Put(reference.Target!);
        queue.Get();
        return reference;
    }
}
