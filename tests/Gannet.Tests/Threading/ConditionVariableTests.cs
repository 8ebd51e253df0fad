using System.Collections.Concurrent;
using System.Diagnostics;
using Gannet.Threading;

namespace Gannet.Tests.Threading;

/// <summary>Condition variables over either lock.</summary>
public abstract class ConditionVariableTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(30);

    private protected abstract ThreadLock MakeLock();

    [Fact, Trait("S", "S576"), Trait("S", "S579"), Trait("S", "S581"), Trait("S", "S582")]
    public void It_acquires_and_releases_the_lock_that_it_was_given()
    {
        ThreadLock held = MakeLock();
        ConditionVariable condition = new(held);
        Assert.True(condition.Acquire());
        Assert.True(held.IsLocked);
        Assert.False(Crew.Elsewhere(() => condition.Acquire(blocking: false)));
        condition.Release();
        Assert.False(held.IsLocked);
        Assert.Throws<SynchronizationLockException>(condition.Release);
        Assert.Throws<ArgumentNullException>(() => new ConditionVariable(null!));
    }

    [Fact, Trait("S", "S589"), Trait("S", "S592")]
    public void Waiting_and_notifying_without_the_lock_are_errors()
    {
        ConditionVariable condition = new(MakeLock());
        Assert.Equal("cannot wait on un-acquired lock", Assert.Throws<SynchronizationLockException>(() => condition.Wait()).Message);
        Assert.Throws<SynchronizationLockException>(() => condition.WaitFor(() => true));
        Assert.Equal("cannot notify on un-acquired lock", Assert.Throws<SynchronizationLockException>(() => condition.Notify()).Message);
        Assert.Throws<SynchronizationLockException>(condition.NotifyAll);
    }

    [Fact]
    public void A_wait_whose_lock_was_released_by_its_predicate_fails_and_leaves_nothing_behind()
    {
        ConditionVariable condition = new(MakeLock());
        condition.Acquire();
        Assert.Throws<SynchronizationLockException>(() => condition.WaitFor(() =>
        {
            condition.Release();
            return false;
        }));
        Assert.Equal((0, false), (condition.WaitingCount, condition.IsLocked));
    }

    [Fact, Trait("S", "S583"), Trait("S", "S587"), Trait("S", "S588")]
    public void A_wait_without_notification_ends_after_its_time_with_the_lock_held()
    {
        ConditionVariable condition = new(MakeLock());
        using (condition.Enter())
        {
            Stopwatch clock = Stopwatch.StartNew();
            Assert.False(condition.Wait(s_short));
            Assert.True(clock.Elapsed >= s_short);
            Assert.False(Crew.Elsewhere(condition.TryAcquire));
            Assert.Equal(0, condition.WaitingCount);
        }
    }

    [Theory, Trait("S", "S589")]
    [InlineData(0)]
    [InlineData(-5)]
    public void A_wait_of_no_time_returns_at_once(int seconds)
    {
        ConditionVariable condition = new(MakeLock());
        using (condition.Enter())
        {
            Assert.False(condition.Wait(TimeSpan.FromSeconds(seconds)));
            Assert.False(condition.WaitFor(() => false, TimeSpan.FromSeconds(seconds)));
            Assert.True(condition.WaitFor(() => true, TimeSpan.FromSeconds(seconds)));
            Assert.True(condition.IsLocked);
        }
    }

    [Fact, Trait("S", "S590"), Trait("S", "S592"), Trait("S", "S593")]
    public void A_notification_wakes_one_one_of_n_wakes_n_and_all_wakes_all()
    {
        ConditionVariable condition = new(MakeLock());
        using Crew crew = Crew.Of(10, () =>
        {
            using (condition.Enter())
            {
                Assert.True(condition.Wait());
            }
        });
        Crew.Await(() => condition.WaitingCount == 10);
        foreach ((int count, int ended) in ((int, int)[])[(1, 1), (3, 4), (0, 4)])
        {
            using (condition.Enter())
            {
                condition.Notify(count);
            }

            Crew.Await(() => crew.Ended == ended);
            Crew.Stays(() => crew.Ended == ended);
        }

        using (condition.Enter())
        {
            condition.NotifyAll();
        }

        Crew.Await(() => crew.Ended == 10);
        using (condition.Enter())
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => condition.Notify(-1));
        }
    }

    [Fact, Trait("S", "S584"), Trait("S", "S586"), Trait("S", "S591")]
    public void A_wait_frees_the_lock_and_goes_on_only_when_the_notifier_has_released_it()
    {
        ConditionVariable condition = new(MakeLock());
        bool heldAfter = false;
        using Crew crew = Crew.Of(1, () =>
        {
            condition.Acquire();
            condition.Wait();
            heldAfter = !Crew.Elsewhere(condition.TryAcquire);
            condition.Release();
        });
        Crew.Await(() => condition.WaitingCount == 1);
        condition.Acquire();
        condition.Notify();
        Crew.Stays(() => crew.Ended == 0);
        condition.Release();
        Crew.Await(() => crew.Ended == 1);
        Assert.True(heldAfter);
    }

    [Fact, Trait("S", "S592")]
    public void A_notification_without_a_waiter_is_not_remembered()
    {
        ConditionVariable condition = new(MakeLock());
        using (condition.Enter())
        {
            condition.Notify();
            condition.NotifyAll();
            Assert.False(condition.Wait(TimeSpan.Zero));
        }
    }

    [Fact]
    public void Those_who_wait_are_woken_in_the_order_in_which_they_came()
    {
        ConditionVariable condition = new(MakeLock());
        ConcurrentQueue<int> order = new();
        List<Crew> crews = [];
        for (int i = 0; i < 6; i++)
        {
            int number = i;
            crews.Add(Crew.Of(1, () =>
            {
                using (condition.Enter())
                {
                    condition.Wait();
                    order.Enqueue(number);
                }
            }));
            Crew.Await(() => condition.WaitingCount == number + 1);
        }

        for (int i = 0; i < 6; i++)
        {
            using (condition.Enter())
            {
                condition.Notify();
            }

            Crew.Await(() => order.Count == i + 1);
        }

        crews.ForEach(crew => crew.Dispose());
        Assert.Equal(Enumerable.Range(0, 6), order);
    }

    [Fact, Trait("S", "S577"), Trait("S", "S594"), Trait("S", "S595")]
    public void Two_threads_pass_messages_in_turn_each_once_and_in_order()
    {
        ConditionVariable condition = new(MakeLock());
        string? message = null;
        List<string> shown = [];
        using (Crew.Of(1, () =>
        {
            for (int i = 0; i < 200; i++)
            {
                using (condition.Enter())
                {
                    condition.WaitFor(() => message is null);
                    message = $"New Message: {i}";
                    condition.Notify();
                }
            }
        }))
        {
            for (int i = 0; i < 200; i++)
            {
                using (condition.Enter())
                {
                    condition.WaitFor(() => message is not null);
                    shown.Add(message!);
                    message = null;
                    condition.Notify();
                }
            }
        }

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"New Message: {i}"), shown);
    }

    [Fact]
    public void Several_conditions_share_a_lock()
    {
        ThreadLock held = MakeLock();
        ConditionVariable first = new(held), second = new(held);
        using Crew one = Crew.Of(1, () =>
        {
            using (first.Enter())
            {
                first.Wait();
            }
        });
        using Crew two = Crew.Of(1, () =>
        {
            using (second.Enter())
            {
                second.Wait();
            }
        });
        Crew.Await(() => first.WaitingCount + second.WaitingCount == 2);
        using (held.Enter())
        {
            second.NotifyAll();
        }

        Crew.Await(() => two.Ended == 1);
        Assert.Equal((0, 1), (one.Ended, first.WaitingCount));
        using (held.Enter())
        {
            first.NotifyAll();
        }
    }

    [Fact]
    public void Waiting_for_something_that_never_comes_ends_after_the_time()
    {
        ConditionVariable condition = new(MakeLock());
        int state = 0;
        using Crew crew = Crew.Of(1, () =>
        {
            using (condition.Enter())
            {
                Assert.False(condition.WaitFor(() => state == 4, TimeSpan.FromMilliseconds(100)));
            }
        });
        for (int i = 0; i < 3; i++)
        {
            using (condition.Enter())
            {
                state++;
                condition.Notify();
            }
        }
    }

    [Fact]
    public void A_cancelled_wait_has_the_lock_again_and_no_notification_is_lost_on_it()
    {
        ConditionVariable condition = new(MakeLock());
        using CancellationTokenSource source = new();
        using Crew canceled = Crew.Of(1, () =>
        {
            using (condition.Enter())
            {
                Assert.Throws<OperationCanceledException>(() => condition.Wait(Timeout.InfiniteTimeSpan, source.Token));
                Assert.False(Crew.Elsewhere(condition.TryAcquire));
            }
        });
        Crew.Await(() => condition.WaitingCount == 1);
        using Crew waiting = Crew.Of(1, () =>
        {
            using (condition.Enter())
            {
                Assert.True(condition.Wait());
            }
        });
        Crew.Await(() => condition.WaitingCount == 2);
        source.Cancel();
        Crew.Await(() => canceled.Ended == 1);
        using (condition.Enter())
        {
            condition.Notify();
        }
    }
}
