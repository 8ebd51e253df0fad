using Gannet.Threading;

namespace Gannet.Tests.Threading;

public class BlockingPriorityQueueTests : WorkQueueTests
{
    private protected override int[] Order => [111, 222, 333];

    private protected override WorkQueue<int> Make(int maxSize = 0) => new BlockingPriorityQueue<int>(maxSize);

    [Fact]
    public void Of_equal_items_the_first_in_is_the_first_out()
    {
        BlockingPriorityQueue<(int Priority, int Number)> queue = new(comparer: Comparer<(int Priority, int Number)>.Create((x, y) => x.Priority - y.Priority));
        Random random = new(1);
        List<(int Priority, int Number)> items = [.. Enumerable.Range(0, 500).Select(i => (random.Next(5), i))];
        items.ForEach(queue.Put);
        Assert.Equal(items.OrderBy(item => item.Priority), items.Select(_ => queue.Get()));
    }

    [Fact]
    public async Task An_order_that_throws_fails_the_put_and_leaves_the_queue_as_it_was()
    {
        BlockingPriorityQueue<int> queue = new(2, Comparer<int>.Create((x, y) => x < 0 || y < 0 ? throw new FormatException() : x - y));
        queue.Put(2);
        Assert.Throws<FormatException>(() => queue.Put(-1));
        queue.Put(1);
        Task failed = queue.PutAsync(-1).AsTask(), good = queue.PutAsync(3).AsTask();
        Assert.Equal(1, queue.Get());
        await Assert.ThrowsAsync<FormatException>(() => failed);
        await good;
        Assert.Equal((2, 3, 0), (queue.Get(), queue.Get(), queue.Count));
    }
}
