using Gannet.Threading;

namespace Gannet.Tests.Threading;

public class PrimitiveConditionTests : ConditionVariableTests
{
    private protected override ThreadLock MakeLock() => new PrimitiveLock();

    [Fact, Trait("S", "S596")]
    public void A_receiver_that_acquires_again_in_its_loop_is_stuck_on_a_lock_that_is_not_reentrant()
    {
        ConditionVariable condition = new(new PrimitiveLock());
        condition.Acquire();
        Assert.False(condition.TryAcquire(TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public async Task A_tasks_wait_that_fails_leaves_nothing_behind()
    {
        ConditionVariable condition = new(new PrimitiveLock());
        await condition.AcquireAsync();
        await Assert.ThrowsAsync<SynchronizationLockException>(async () => await condition.WaitForAsync(() =>
        {
            condition.Release();
            return false;
        }));
        Assert.Equal((0, false), (condition.WaitingCount, condition.IsLocked));
    }

    [Fact]
    public async Task Tasks_wait_without_a_thread_and_have_the_lock_again()
    {
        PrimitiveLock held = new();
        ConditionVariable condition = new(held);
        int awake = 0;
        async Task<bool> Wait()
        {
            using (await condition.EnterAsync())
            {
                bool notified = await condition.WaitAsync();
                awake++;
                return notified;
            }
        }

        Task<bool>[] tasks = [.. Enumerable.Range(0, 50).Select(_ => Wait())];
        Assert.Equal((50, false), (condition.WaitingCount, held.IsLocked));
        using (held.Enter())
        {
            condition.Notify(20);
        }

        Crew.Await(() => tasks.Count(task => task.IsCompleted) == 20);
        using (held.Enter())
        {
            condition.NotifyAll();
        }

        Assert.All(await Task.WhenAll(tasks).WaitAsync(Crew.Patience), Assert.True);
        Assert.Equal(50, awake);
    }

    [Fact]
    public async Task A_tasks_wait_ends_by_its_time_or_token_with_the_lock_held()
    {
        PrimitiveLock held = new();
        ConditionVariable condition = new(held);
        await held.AcquireAsync();
        Assert.False(await condition.WaitAsync(TimeSpan.FromMilliseconds(20)));
        Assert.True(held.IsLocked);
        using CancellationTokenSource source = new();
        Task<bool> wait = condition.WaitAsync(cancellationToken: source.Token).AsTask();
        Assert.False(held.IsLocked);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.True(held.IsLocked);
        Assert.False(await condition.WaitForAsync(() => false, TimeSpan.FromMilliseconds(20)));
        Assert.True(await condition.WaitForAsync(() => true));
        held.Release();
        Assert.Throws<SynchronizationLockException>(() => { _ = condition.WaitAsync().AsTask(); });
    }
}
