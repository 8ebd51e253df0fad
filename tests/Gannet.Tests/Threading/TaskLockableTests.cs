using Gannet.Threading;

namespace Gannet.Tests.Threading;

/// <summary>What holds for those that tasks can acquire too.</summary>
public abstract class TaskLockableTests : LockableTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(30);

    [Fact]
    public async Task A_task_waits_without_a_thread_and_goes_on_when_it_is_free()
    {
        Lockable made = Make();
        await made.AcquireAsync();
        Task[] waiting = [.. Enumerable.Range(0, 100).Select(async _ =>
        {
            await made.AcquireAsync();
            await Task.Yield();
            made.Release();
        })];
        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        made.Release();
        await Task.WhenAll(waiting).WaitAsync(Crew.Patience);
        Assert.False(made.IsLocked);
    }

    [Fact]
    public async Task A_cancelled_task_is_canceled()
    {
        Lockable made = Make();
        made.Acquire();
        using CancellationTokenSource source = new();
        Task[] waiting =
        [
            made.AcquireAsync(source.Token).AsTask(),
            made.TryAcquireAsync(Crew.Patience, source.Token).AsTask(),
            made.EnterAsync(source.Token).AsTask(),
        ];
        source.Cancel();
        foreach (Task task in waiting)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
            Assert.True(task.IsCanceled);
        }
    }

    [Fact]
    public async Task Waiting_tasks_are_served_in_their_order()
    {
        Lockable made = Make();
        made.Acquire();
        List<int> order = [];
        Task[] waiting = [.. Enumerable.Range(0, 20).Select(number => TakeTurn(made, order, number))];
        made.Release();
        await Task.WhenAll(waiting).WaitAsync(Crew.Patience);
        Assert.Equal(Enumerable.Range(0, 20), order);
    }

    [Fact]
    public async Task A_tasks_time_limits_its_wait()
    {
        Lockable made = Make();
        Assert.True(await made.TryAcquireAsync(TimeSpan.Zero));
        Assert.False(await made.TryAcquireAsync(TimeSpan.Zero));
        for (int i = 0; i < 3; i++)
        {
            Assert.False(await made.TryAcquireAsync(s_short));
        }

        made.Release();
        Assert.True(await made.TryAcquireAsync(s_short));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = made.TryAcquireAsync(-s_short).AsTask(); });
    }

    [Fact]
    public async Task A_cancelled_task_has_taken_nothing()
    {
        Lockable made = Make();
        made.Acquire();
        using CancellationTokenSource source = new();
        Task first = made.AcquireAsync(source.Token).AsTask();
        Task<LockScope> second = made.EnterAsync(source.Token).AsTask();
        Task<bool> third = made.TryAcquireAsync(Crew.Patience, source.Token).AsTask();
        Assert.False(first.IsCompleted || second.IsCompleted || third.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        made.Release();
        Assert.False(made.IsLocked);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await made.AcquireAsync(source.Token));
        Assert.False(made.IsLocked);
    }

    [Fact]
    public async Task A_using_block_of_a_task_holds_it()
    {
        Lockable made = Make();
        using (await made.EnterAsync())
        {
            Assert.True(made.IsLocked);
            Task<LockScope> waiting = made.EnterAsync().AsTask();
            Assert.False(waiting.IsCompleted);
            made.Release();
            (await waiting.WaitAsync(Crew.Patience)).Dispose();
            Assert.False(made.IsLocked);
            Assert.True(made.TryAcquire());
        }

        Assert.False(made.IsLocked);
    }

    [Fact]
    public async Task Threads_and_tasks_share_it()
    {
        const int each = 2000;
        Lockable made = Make();
        int counter = 0;
        async Task Count()
        {
            for (int i = 0; i < each; i++)
            {
                await made.AcquireAsync();
                counter++;
                made.Release();
            }
        }

        Task[] tasks = [Task.Run(Count), Task.Run(Count)];
        using (Crew.Of(2, () =>
        {
            for (int i = 0; i < each; i++)
            {
                made.Acquire();
                counter++;
                made.Release();
            }
        }))
        {
            await Task.WhenAll(tasks).WaitAsync(Crew.Patience);
        }

        Assert.Equal(4 * each, counter);
    }

    private static async Task TakeTurn(Lockable made, List<int> order, int number)
    {
        using (await made.EnterAsync())
        {
            order.Add(number);
        }
    }
}
