using System.Collections.Concurrent;
using Gannet.Threading;

namespace Gannet.Tests.Threading;

/// <summary>What holds for both semaphores.</summary>
public abstract class SemaphoreTests : TaskLockableTests
{
    private protected abstract CountingSemaphore MakeOf(int value);

    [Fact, Trait("S", "S597"), Trait("S", "S600"), Trait("S", "S603")]
    public void It_can_be_acquired_as_often_as_its_counter_says()
    {
        CountingSemaphore made = MakeOf(3);
        Assert.Equal((true, true, true, false), (made.TryAcquire(), made.TryAcquire(), made.TryAcquire(), made.TryAcquire()));
        Assert.Equal(0, made.Value);
        made.Release();
        Assert.Equal(1, made.Value);
    }

    [Fact, Trait("S", "S602")]
    public void Zero_is_allowed_and_a_negative_start_is_an_error()
    {
        Assert.False(MakeOf(0).TryAcquire());
        Assert.Contains("semaphore initial value must be >= 0", Assert.Throws<ArgumentOutOfRangeException>(() => MakeOf(-1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => MakeOf(int.MinValue));
    }

    [Fact, Trait("S", "S605"), Trait("S", "S606"), Trait("S", "S607")]
    public void Each_release_lets_one_waiter_go_on_and_a_release_of_many_as_many()
    {
        const int value = 7;
        CountingSemaphore made = MakeOf(value);
        for (int i = 0; i < value; i++)
        {
            made.Acquire();
        }

        using Crew crew = Crew.Of(10, () => made.Acquire());
        Crew.Stays(() => crew.Ended == 0);
        made.Release();
        Crew.Await(() => crew.Ended == 1);
        Crew.Stays(() => crew.Ended == 1);
        made.Release(4);
        Crew.Await(() => crew.Ended == 5);
        Crew.Stays(() => crew.Ended == 5);
        made.Release(5);
        Crew.Await(() => crew.Ended == 10);
        Assert.Equal(0, made.Value);
    }

    [Fact, Trait("S", "S607")]
    public void A_release_of_less_than_one_is_an_error()
    {
        CountingSemaphore made = MakeOf(1);
        made.Acquire();
        Assert.Throws<ArgumentOutOfRangeException>(() => made.Release(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => made.Release(-1));
        Assert.Equal(0, made.Value);
    }

    [Fact]
    public void Attempts_of_many_threads_succeed_as_often_as_there_is_room()
    {
        CountingSemaphore made = MakeOf(4);
        made.Acquire();
        ConcurrentBag<bool> results = [];
        using (Crew.Of(5, () =>
        {
            results.Add(made.TryAcquire());
            results.Add(made.TryAcquire());
        }))
        {
        }

        Assert.Equal(3, results.Count(taken => taken));
        Assert.Equal(10, results.Count);
    }

    [Fact]
    public void Nested_blocks_take_and_give_back()
    {
        CountingSemaphore made = MakeOf(2);
        using (made.Enter())
        {
            Assert.Equal(1, made.Value);
            using (made.Enter())
            {
                Assert.False(made.TryAcquire());
            }

            Assert.Equal(1, made.Value);
        }

        Assert.Equal(2, made.Value);
    }
}
