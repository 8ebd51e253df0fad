using Gannet.Threading;

namespace Gannet.Tests.Threading;

public class ReentrantLockTests : LockableTests
{
    private protected override Lockable Make(bool fair = false) => new ReentrantLock(fair);

    [Fact, Trait("S", "S560"), Trait("S", "S568"), Trait("S", "S571")]
    public void Its_holder_takes_it_again_without_waiting()
    {
        ReentrantLock made = new();
        Assert.True(made.Acquire());
        Assert.True(made.Acquire());
        Assert.True(made.Acquire(blocking: false));
        Assert.True(made.TryAcquire(TimeSpan.Zero));
        Assert.Equal(4, made.Depth);
    }

    [Fact, Trait("S", "S570"), Trait("S", "S572"), Trait("S", "S574")]
    public void Only_the_outermost_release_frees_it()
    {
        ReentrantLock made = new();
        made.Acquire();
        made.Acquire();
        Assert.False(Crew.Elsewhere(made.TryAcquire));
        made.Release();
        Assert.False(Crew.Elsewhere(made.TryAcquire));
        made.Release();
        Assert.True(Crew.Elsewhere(made.TryAcquire));
    }

    [Fact, Trait("S", "S575")]
    public void Releasing_it_when_it_is_free_or_anothers_is_an_error()
    {
        ReentrantLock made = new();
        Assert.Equal("cannot release un-acquired lock", Assert.Throws<SynchronizationLockException>(made.Release).Message);
        made.Acquire();
        made.Acquire();
        made.Release();
        made.Release();
        Assert.Throws<SynchronizationLockException>(made.Release);
        made.Acquire();
        Assert.IsType<SynchronizationLockException>(Crew.Elsewhere(() => Record.Exception(made.Release)));
        Assert.Equal(1, made.Depth);
    }

    [Fact]
    public void Its_depth_is_the_callers_own()
    {
        ReentrantLock made = new();
        Assert.Equal(0, made.Depth);
        made.Acquire();
        made.Acquire();
        Assert.Equal((2, 0), (made.Depth, Crew.Elsewhere(() => made.Depth)));
    }

    [Fact]
    public void A_thread_that_was_woken_owns_it()
    {
        ReentrantLock made = new();
        made.Acquire();
        using Crew crew = Crew.Of(4, () =>
        {
            made.Acquire();
            made.Acquire();
            Assert.Equal(2, made.Depth);
            made.Release();
            made.Release();
        });
        Thread.Sleep(5);
        made.Release();
    }

    [Fact]
    public void Tasks_are_refused_because_it_belongs_to_a_thread()
    {
        ReentrantLock made = new();
        Assert.Throws<NotSupportedException>(() => { _ = made.AcquireAsync().AsTask(); });
        Assert.Throws<NotSupportedException>(() => { _ = made.TryAcquireAsync(TimeSpan.Zero).AsTask(); });
        Assert.Throws<NotSupportedException>(() => { _ = made.EnterAsync().AsTask(); });
        Assert.False(made.IsLocked);
    }
}
