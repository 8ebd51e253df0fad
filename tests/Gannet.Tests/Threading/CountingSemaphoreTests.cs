using Gannet.Threading;

namespace Gannet.Tests.Threading;

public class CountingSemaphoreTests : SemaphoreTests
{
    private protected override Lockable Make(bool fair = false) => new CountingSemaphore(1, fair);

    private protected override CountingSemaphore MakeOf(int value) => new(value);

    [Fact, Trait("S", "S601")]
    public void Its_counter_begins_with_1()
    {
        CountingSemaphore made = new();
        Assert.Equal((true, false), (made.TryAcquire(), made.TryAcquire()));
    }

    [Fact, Trait("S", "S606")]
    public void It_may_be_raised_above_its_start_by_any_thread()
    {
        CountingSemaphore made = new(1);
        using (Crew.Of(2, made.Release))
        {
        }

        Assert.Equal("CountingSemaphore (value=3)", made.ToString());
        Assert.Equal((true, true, true, false), (made.TryAcquire(), made.TryAcquire(), made.TryAcquire(), made.TryAcquire()));
    }

    [Fact]
    public void Beyond_the_largest_number_nothing_is_added()
    {
        CountingSemaphore made = new(int.MaxValue - 1);
        Assert.Throws<SemaphoreFullException>(() => made.Release(2));
        made.Release();
        Assert.Throws<SemaphoreFullException>(made.Release);
        Assert.Equal(int.MaxValue, made.Value);
    }

    [Fact, Trait("S", "S599")]
    public void It_counts_the_items_of_a_list_and_holds_up_who_takes_from_an_empty_one()
    {
        CountingSemaphore items = new(0);
        Stack<int> list = new();
        PrimitiveLock guard = new();
        int taken = 0;
        using Crew crew = Crew.Of(4, () =>
        {
            items.Acquire();
            using (guard.Enter())
            {
                list.Pop();
                taken++;
            }
        });
        void Put()
        {
            using (guard.Enter())
            {
                list.Push(1);
            }

            items.Release();
        }

        for (int i = 0; i < 3; i++)
        {
            Put();
        }

        Crew.Await(() => Volatile.Read(ref taken) == 3);
        Crew.Stays(() => Volatile.Read(ref taken) == 3);
        Put();
    }
}
