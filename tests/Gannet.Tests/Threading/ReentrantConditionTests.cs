using Gannet.Threading;

namespace Gannet.Tests.Threading;

public class ReentrantConditionTests : ConditionVariableTests
{
    private protected override ThreadLock MakeLock() => new ReentrantLock();

    [Fact, Trait("S", "S580")]
    public void The_default_lock_is_a_new_reentrant_one()
    {
        ConditionVariable condition = new();
        Assert.True(condition.Acquire());
        Assert.True(condition.Acquire(blocking: false));
        condition.Release();
        condition.Release();
        Assert.Throws<SynchronizationLockException>(condition.Release);
    }

    [Fact, Trait("S", "S585")]
    public void A_wait_frees_all_levels_and_restores_them()
    {
        ReentrantLock held = new();
        ConditionVariable condition = new(held);
        using Crew crew = Crew.Of(1, () =>
        {
            held.Acquire();
            held.Acquire();
            held.Acquire();
            condition.Wait();
            Assert.Equal(3, held.Depth);
        });
        Crew.Await(() => condition.WaitingCount == 1);
        held.Acquire();
        condition.Notify();
        held.Release();
    }

    [Fact, Trait("S", "S596")]
    public void A_receiver_that_acquires_again_in_its_loop_shows_all_messages()
    {
        ConditionVariable condition = new();
        string? message = null;
        int shown = 0;
        using Crew receiver = Crew.Of(1, () =>
        {
            while (shown < 3)
            {
                condition.Acquire();
                if (message is not null)
                {
                    message = null;
                    shown++;
                }

                condition.Wait(TimeSpan.FromMilliseconds(5));
            }
        });
        for (int i = 0; i < 3; i++)
        {
            using (condition.Enter())
            {
                message = $"New Message: {i}";
                condition.Notify();
            }

            Crew.Await(() => Volatile.Read(ref shown) == i + 1);
        }
    }

    [Fact]
    public void Tasks_are_refused_because_the_lock_belongs_to_a_thread()
    {
        ConditionVariable condition = new();
        using (condition.Enter())
        {
            Assert.Throws<NotSupportedException>(() => { _ = condition.WaitAsync().AsTask(); });
            Assert.Throws<NotSupportedException>(() => { _ = condition.WaitForAsync(() => true).AsTask(); });
        }
    }
}
