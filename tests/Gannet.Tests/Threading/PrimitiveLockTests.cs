using Gannet.Threading;

namespace Gannet.Tests.Threading;

public class PrimitiveLockTests : TaskLockableTests
{
    private protected override Lockable Make(bool fair = false) => new PrimitiveLock(fair);

    [Fact, Trait("S", "S503"), Trait("S", "S560"), Trait("S", "S561")]
    public void The_lock_of_both_modules_is_the_same_type()
    {
        PrimitiveLock made = Threads.AllocateLock();
        Assert.Equal("PrimitiveLock (unlocked)", made.ToString());
        made.Name = "mine";
        made.Acquire();
        Assert.Equal("PrimitiveLock 'mine' (locked)", made.ToString());
    }

    [Fact, Trait("S", "S512"), Trait("S", "S513"), Trait("S", "S569")]
    public void Its_holder_cannot_take_it_again()
    {
        PrimitiveLock made = new();
        int counter = 0;
        if (made.Acquire(blocking: false))
        {
            counter++;
        }

        Assert.Equal((1, true, false), (counter, made.IsLocked, made.Acquire(blocking: false)));
    }

    [Fact, Trait("S", "S515"), Trait("S", "S567")]
    public void Releasing_a_free_one_is_an_error()
    {
        PrimitiveLock made = new();
        Assert.Equal("release unlocked lock", Assert.Throws<SynchronizationLockException>(made.Release).Message);
        made.Acquire();
        made.Release();
        Assert.Throws<SynchronizationLockException>(made.Release);
    }

    [Fact]
    public void Of_two_releases_of_one_hold_at_the_same_moment_one_is_an_error_once_somebody_has_waited()
    {
        const int Rounds = 3000;
        PrimitiveLock made = new();
        made.Acquire();
        Assert.False(made.TryAcquire(TimeSpan.FromMilliseconds(1)));
        made.Release();
        using Barrier both = new(2);
        int errors = 0;
        using (Crew.Of(2, () =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                made.TryAcquire();
                both.SignalAndWait();
                if (Record.Exception(made.Release) is SynchronizationLockException)
                {
                    Interlocked.Increment(ref errors);
                }

                both.SignalAndWait();
            }
        }))
        {
        }

        Assert.Equal(Rounds, errors);
    }

    [Fact, Trait("S", "S516"), Trait("S", "S567")]
    public void Any_thread_may_release_it()
    {
        PrimitiveLock made = new();
        made.Acquire();
        using (Crew.Of(1, made.Release))
        {
        }

        Assert.False(made.IsLocked);
    }

    [Fact, Trait("S", "S567")]
    public void A_release_by_another_thread_lets_a_holder_that_waits_for_it_go_on()
    {
        PrimitiveLock made = new();
        int phase = 0;
        using Crew crew = Crew.Of(1, () =>
        {
            made.Acquire();
            Volatile.Write(ref phase, 1);
            made.Acquire();
            Volatile.Write(ref phase, 2);
        });
        Crew.Await(() => Volatile.Read(ref phase) == 1);
        made.Release();
        Crew.Await(() => Volatile.Read(ref phase) == 2);
    }

    [Fact, Trait("S", "S567")]
    public void One_release_lets_one_waiter_go_on()
    {
        PrimitiveLock made = new();
        made.Acquire();
        using Crew crew = Crew.Of(3, () => made.Acquire());
        for (int i = 1; i <= 3; i++)
        {
            Crew.Stays(() => crew.Ended == i - 1);
            made.Release();
            Crew.Await(() => crew.Ended == i);
        }
    }

    [Fact, Trait("S", "S517")]
    public void A_thread_that_ends_while_it_holds_one_leaves_it_held()
    {
        PrimitiveLock made = new();
        Assert.True(Crew.Elsewhere(made.Acquire));
        Assert.True(made.IsLocked);
        Assert.False(made.TryAcquire());
    }

    [Fact, Trait("S", "S505")]
    public void What_it_guards_can_be_changed_without_it()
    {
        PrimitiveLock made = new();
        int counter = 0;
        made.Acquire();
        using (Crew.Of(1, () => counter = 1))
        {
        }

        Assert.Equal(1, counter);
    }

    [Fact]
    public void A_fair_one_goes_to_who_has_waited_longest()
    {
        PrimitiveLock made = new(fair: true);
        made.Acquire();
        List<int> order = [];
        List<Crew> crews = [];
        for (int i = 0; i < 8; i++)
        {
            int number = i;
            int entered = 0;
            crews.Add(Crew.Of(1, () =>
            {
                Volatile.Write(ref entered, 1);
                made.Acquire();
                order.Add(number);
                made.Release();
            }));
            Crew.Await(() => made.WaitingCount == number + 1);
        }

        Assert.False(made.TryAcquire());
        made.Release();
        crews.ForEach(crew => crew.Dispose());
        Assert.Equal(Enumerable.Range(0, 8), order);
    }
}
