using System.Collections.Concurrent;
using Gannet.Threading;

namespace Gannet.Tests.Threading;

public class CyclicBarrierTests
{
    private const int Parties = 5;

    [Fact]
    public void Parties_less_than_one_and_negative_times_are_errors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CyclicBarrier(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CyclicBarrier(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CyclicBarrier(1, timeout: TimeSpan.FromSeconds(-2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CyclicBarrier(1).Wait(TimeSpan.FromSeconds(-2)));
    }

    [Fact]
    public void Threads_pass_it_in_lockstep_again_and_again()
    {
        CyclicBarrier barrier = new(Parties);
        int arrived = 0;
        using (Crew.Of(Parties, () =>
        {
            for (int round = 1; round <= 20; round++)
            {
                Interlocked.Increment(ref arrived);
                barrier.Wait();
                Assert.Equal(round * Parties, Volatile.Read(ref arrived));
                barrier.Wait();
            }
        }))
        {
        }

        Assert.Equal((0, false, Parties), (barrier.WaitingCount, barrier.IsBroken, barrier.Parties));
    }

    [Fact]
    public void Each_gets_another_number()
    {
        CyclicBarrier barrier = new(Parties);
        ConcurrentBag<int> numbers = [];
        using (Crew.Of(Parties, () => numbers.Add(barrier.Wait())))
        {
        }

        Assert.Equal(Enumerable.Range(0, Parties), numbers.Order());
    }

    [Fact]
    public void The_last_one_runs_the_action_before_any_goes_on()
    {
        int runs = 0;
        CyclicBarrier barrier = new(Parties, () => runs++);
        using Crew crew = Crew.Of(Parties, () =>
        {
            barrier.Wait();
            Assert.Equal(1, Volatile.Read(ref runs));
        });
    }

    [Fact]
    public void An_action_that_fails_breaks_it()
    {
        CyclicBarrier barrier = new(2, () => throw new FormatException());
        using (Crew.Of(1, () => Assert.IsType<FormatException>(Assert.ThrowsAny<Exception>(() => Unwrap(barrier)))))
        {
            Assert.ThrowsAny<Exception>(() => Unwrap(barrier));
        }

        Assert.True(barrier.IsBroken);

        // Whoever comes last gets the action's exception, the other one that of the barrier.
        static void Unwrap(CyclicBarrier barrier)
        {
            try
            {
                barrier.Wait();
            }
            catch (BrokenBarrierException)
            {
                throw new FormatException();
            }
        }
    }

    [Fact]
    public void Aborting_breaks_it_until_it_is_reset()
    {
        CyclicBarrier barrier = new(Parties);
        using (Crew.Of(Parties - 1, () => Assert.Throws<BrokenBarrierException>(() => barrier.Wait())))
        {
            Crew.Await(() => barrier.WaitingCount == Parties - 1);
            Assert.Equal("CyclicBarrier (waiters=4/5)", barrier.ToString());
            barrier.Abort();
        }

        Assert.Throws<BrokenBarrierException>(() => barrier.Wait());
        Assert.Equal((true, "CyclicBarrier (broken)"), (barrier.IsBroken, barrier.ToString()));
        barrier.Reset();
        using Crew crew = Crew.Of(Parties, () => barrier.Wait());
    }

    [Fact]
    public void Resetting_refuses_those_who_wait_and_leaves_it_whole()
    {
        CyclicBarrier barrier = new(Parties);
        using (Crew.Of(Parties - 1, () => Assert.Throws<BrokenBarrierException>(() => barrier.Wait())))
        {
            Crew.Await(() => barrier.WaitingCount == Parties - 1);
            barrier.Reset();
        }

        Assert.False(barrier.IsBroken);
        using Crew crew = Crew.Of(Parties, () => barrier.Wait());
    }

    [Fact]
    public void A_time_that_is_over_breaks_it_for_all()
    {
        CyclicBarrier barrier = new(3);
        using (Crew.Of(1, () => Assert.Throws<BrokenBarrierException>(() => barrier.Wait())))
        {
            Crew.Await(() => barrier.WaitingCount == 1);
            Assert.Throws<BrokenBarrierException>(() => barrier.Wait(TimeSpan.FromMilliseconds(20)));
        }

        Assert.True(barrier.IsBroken);
    }

    [Fact]
    public void The_time_that_it_was_made_with_counts_for_waits_that_name_none()
    {
        CyclicBarrier barrier = new(2, timeout: TimeSpan.FromMilliseconds(20));
        Assert.Throws<BrokenBarrierException>(() => barrier.Wait());
    }

    [Fact]
    public void A_cancelled_wait_breaks_it_for_all()
    {
        CyclicBarrier barrier = new(3);
        using CancellationTokenSource source = new();
        using (Crew.Of(1, () => Assert.Throws<BrokenBarrierException>(() => barrier.Wait())))
        {
            using Crew canceler = Crew.Of(1, () =>
            {
                Crew.Await(() => barrier.WaitingCount == 2);
                source.Cancel();
            });
            Assert.Throws<OperationCanceledException>(() => barrier.Wait(Crew.Patience, source.Token));
        }

        Assert.True(barrier.IsBroken);
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_breaks_it_too()
    {
        CancellationToken canceled = new(canceled: true);
        CyclicBarrier barrier = new(2);
        using (Crew.Of(1, () => Assert.Throws<BrokenBarrierException>(() => barrier.Wait())))
        {
            Crew.Await(() => barrier.WaitingCount == 1);
            Assert.Throws<OperationCanceledException>(() => barrier.Wait(Crew.Patience, canceled));
        }

        barrier.Reset();
        Task<int> waiting = barrier.WaitAsync().AsTask();
        Task late = barrier.WaitAsync(cancellationToken: canceled).AsTask();
        await Assert.ThrowsAsync<BrokenBarrierException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        Assert.True(late.IsCanceled);
    }

    [Fact]
    public async Task An_action_may_cancel_those_who_wait_for_it_and_they_go_on_all_the_same()
    {
        using CancellationTokenSource source = new();
        CyclicBarrier barrier = new(3, source.Cancel);
        Task<int> task = barrier.WaitAsync(cancellationToken: source.Token).AsTask();
        using (Crew.Of(1, () => Assert.Equal(1, barrier.Wait(Crew.Patience, source.Token))))
        {
            Crew.Await(() => barrier.WaitingCount == 2);
            Assert.Equal(2, Crew.Elsewhere(() => barrier.Wait()));
        }

        Assert.Equal(0, await task.WaitAsync(Crew.Patience));
        Assert.False(barrier.IsBroken);
    }

    [Fact]
    public async Task A_time_that_ends_while_the_action_runs_breaks_nothing()
    {
        TimeSpan time = TimeSpan.FromMilliseconds(400);
        bool hasRun = false;

        // Again when this machine was too slow for all to come in time.
        while (!hasRun)
        {
            CyclicBarrier barrier = new(3, () =>
            {
                hasRun = true;
                Thread.Sleep(time + Crew.Moment);
            });
            Exception?[] errors = new Exception?[2];
            Task<int> task = barrier.WaitAsync(time).AsTask();
            using (Crew.Of(1, () => errors[0] = Record.Exception(() => barrier.Wait(time))))
            {
                errors[1] = Record.Exception(() => barrier.Wait());
            }

            Exception? ofTask = await Record.ExceptionAsync(() => task);
            Assert.Equal(hasRun, errors is [null, null] && ofTask is null && !barrier.IsBroken);
        }
    }

    [Fact]
    public void Whoever_is_refused_after_a_failed_action_sees_it_broken()
    {
        CyclicBarrier barrier = new(2, () => throw new FormatException());
        for (int round = 0; round < 200; round++)
        {
            using (Crew.Of(1, Refused))
            {
                Refused();
            }

            barrier.Reset();
        }

        void Refused()
        {
            Exception? error = Record.Exception(() => barrier.Wait());
            Assert.True(barrier.IsBroken);
            Assert.True(error is FormatException or BrokenBarrierException);
        }
    }

    [Fact]
    public async Task Who_comes_while_the_action_runs_is_held_back_until_it_has_ended()
    {
        using ManualResetEventSlim gate = new();
        int running = 0, runs = 0;
        CyclicBarrier barrier = new(2, () =>
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            Interlocked.Increment(ref runs);
            Assert.True(gate.Wait(Crew.Patience));
            Interlocked.Decrement(ref running);
        });
        using Crew first = Crew.Of(2, () => barrier.Wait());
        Crew.Await(() => Volatile.Read(ref runs) == 1);
        Task<int> task = barrier.WaitAsync().AsTask();
        using Crew second = Crew.Of(3, () => barrier.Wait());
        Crew.Stays(() => Volatile.Read(ref runs) == 1 && first.Ended + second.Ended == 0 && !task.IsCompleted);
        gate.Set();
        Assert.InRange(await task.WaitAsync(Crew.Patience), 0, 1);
        Crew.Await(() => first.Ended + second.Ended == 5);
        Assert.Equal((3, 0, false), (runs, barrier.WaitingCount, barrier.IsBroken));
    }

    [Fact]
    public void Who_is_held_back_and_gives_up_breaks_it_for_those_who_come()
    {
        using ManualResetEventSlim gate = new();
        using ManualResetEventSlim started = new();
        CyclicBarrier barrier = new(2, () =>
        {
            started.Set();
            Assert.True(gate.Wait(Crew.Patience));
        });
        using Crew first = Crew.Of(2, () => barrier.Wait());
        Assert.True(started.Wait(Crew.Patience));
        Assert.Throws<BrokenBarrierException>(() => barrier.Wait(TimeSpan.FromMilliseconds(20)));
        Assert.True(barrier.IsBroken);
        gate.Set();
    }

    [Fact]
    public void A_barrier_of_one_is_passed_at_once()
    {
        CyclicBarrier barrier = new(1);
        Assert.Equal((0, 0), (barrier.Wait(), barrier.Wait()));
    }

    [Fact]
    public async Task Tasks_and_threads_meet_at_it()
    {
        CyclicBarrier barrier = new(4);
        Task<int>[] tasks = [.. Enumerable.Range(0, 3).Select(_ => barrier.WaitAsync().AsTask())];
        Assert.Equal(3, barrier.WaitingCount);
        Assert.Equal(3, barrier.Wait());
        Assert.Equal((int[])[0, 1, 2], await Task.WhenAll(tasks).WaitAsync(Crew.Patience));
        await Assert.ThrowsAsync<BrokenBarrierException>(async () => await barrier.WaitAsync(TimeSpan.FromMilliseconds(20)));
        Assert.True(barrier.IsBroken);
    }
}
