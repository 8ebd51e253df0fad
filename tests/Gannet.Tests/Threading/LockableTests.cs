using System.Diagnostics;
using Gannet.Threading;

namespace Gannet.Tests.Threading;

/// <summary>What holds for everything that one at a time can acquire.</summary>
public abstract class LockableTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(30);

    private protected abstract Lockable Make(bool fair = false);

    [Fact, Trait("S", "S504"), Trait("S", "S562"), Trait("S", "S573")]
    public void A_new_one_is_free()
    {
        Lockable made = Make();
        Assert.False(made.IsLocked);
        Assert.DoesNotContain(" locked", made.ToString());
    }

    [Fact, Trait("S", "S510"), Trait("S", "S511"), Trait("S", "S514"), Trait("S", "S520"), Trait("S", "S565"), Trait("S", "S566")]
    public void Acquiring_gives_true_and_releasing_frees_it()
    {
        Lockable made = Make();
        Assert.True(made.Acquire());
        Assert.True(made.IsLocked);
        made.Release();
        Assert.False(made.IsLocked);
        Assert.True(Crew.Elsewhere(made.TryAcquire));
    }

    [Fact, Trait("S", "S506"), Trait("S", "S508"), Trait("S", "S564"), Trait("S", "S574"), Trait("S", "S604")]
    public void An_attempt_without_waiting_fails_while_another_holds_it()
    {
        Lockable made = Make();
        Assert.True(made.Acquire(blocking: true));
        Assert.False(Crew.Elsewhere(made.TryAcquire));
        Assert.False(Crew.Elsewhere(() => made.Acquire(blocking: false)));
        Assert.False(Crew.Elsewhere(() => made.TryAcquire(TimeSpan.Zero)));
        made.Release();
        Assert.True(Crew.Elsewhere(() => made.Acquire(blocking: false)));
    }

    [Theory, Trait("S", "S507"), Trait("S", "S509"), Trait("S", "S563"), Trait("S", "S598")]
    [InlineData(false)]
    [InlineData(true)]
    public void Acquiring_waits_until_it_is_free(bool fair)
    {
        Lockable made = Make(fair);
        made.Acquire();
        using Crew crew = Crew.Of(5, () =>
        {
            made.Acquire();
            made.Release();
        });
        Crew.Stays(() => crew.Ended == 0);
        made.Release();
    }

    [Theory, Trait("S", "S502")]
    [InlineData(false)]
    [InlineData(true)]
    public void Increments_under_it_are_never_lost(bool fair)
    {
        const int threads = 4, each = 5000;
        Lockable made = Make(fair);
        int counter = 0;
        using (Crew.Of(threads, () =>
        {
            for (int i = 0; i < each; i++)
            {
                made.Acquire();
                counter++;
                made.Release();
            }
        }))
        {
        }

        Assert.Equal(threads * each, counter);
        Assert.False(made.IsLocked);
    }

    [Fact, Trait("S", "S518")]
    public void A_using_block_holds_it_and_frees_it_also_after_an_exception()
    {
        Lockable made = Make();
        using (made.Enter())
        {
            Assert.False(Crew.Elsewhere(made.TryAcquire));
        }

        Assert.False(made.IsLocked);
        Assert.Throws<FormatException>((Action)(() =>
        {
            using (made.Enter())
            {
                throw new FormatException();
            }
        }));
        Assert.False(made.IsLocked);
    }

    [Fact, Trait("S", "S519"), Trait("S", "S607")]
    public void A_time_limits_the_wait_and_leaves_it_as_it_was()
    {
        Lockable made = Make();
        made.Acquire();
        Stopwatch clock = Stopwatch.StartNew();
        Assert.False(Crew.Elsewhere(() => made.TryAcquire(s_short)));
        Assert.False(Crew.Elsewhere(() => made.Acquire(blocking: true, s_short)));
        Assert.True(clock.Elapsed >= 2 * s_short);
        made.Release();
        Assert.False(made.IsLocked);
        Assert.True(made.TryAcquire(Crew.Patience));
        made.Release();
        Assert.True(made.TryAcquire(TimeSpan.MaxValue));
    }

    [Fact, Trait("S", "S519")]
    public void A_time_for_a_call_that_does_not_wait_and_a_negative_one_are_errors()
    {
        Lockable made = Make();
        Assert.Throws<ArgumentException>(() => made.Acquire(blocking: false, s_short));
        Assert.Throws<ArgumentOutOfRangeException>(() => made.TryAcquire(-s_short));
        Assert.Throws<ArgumentOutOfRangeException>(() => made.Acquire(blocking: true, -s_short));
        Assert.False(made.IsLocked);
        Assert.True(made.Acquire(blocking: false, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void A_cancelled_token_ends_the_wait_and_leaves_nothing_behind()
    {
        Lockable made = Make();
        made.Acquire();
        using CancellationTokenSource source = new();
        using (Crew crew = Crew.Of(3, () => Assert.Throws<OperationCanceledException>(() => made.Acquire(source.Token))))
        {
            Crew.Stays(() => crew.Ended == 0);
            source.Cancel();
        }

        made.Release();
        Assert.False(made.IsLocked);
        Assert.Throws<OperationCanceledException>(() => made.Acquire(source.Token));
        Assert.Throws<OperationCanceledException>(() => made.Enter(source.Token));
        Assert.False(made.IsLocked);
    }

    [Fact]
    public void A_thread_that_gives_up_does_not_take_another_ones_turn()
    {
        Lockable made = Make();
        for (int i = 0; i < 200; i++)
        {
            made.Acquire();
            using Crew impatient = Crew.Of(1, () =>
            {
                if (made.TryAcquire(TimeSpan.FromMilliseconds(i % 3)))
                {
                    made.Release();
                }
            });
            using Crew patient = Crew.Of(1, () =>
            {
                made.Acquire();
                made.Release();
            });
            Thread.Sleep(i % 3);
            made.Release();
        }
    }

    [Fact]
    public void Many_foreign_threads_may_use_it()
    {
        Lockable made = Make();
        using Crew crew = Crew.Of(15, () =>
        {
            made.Acquire();
            made.Release();
        });
    }

    [Fact]
    public void It_is_collected_although_threads_have_waited_for_it()
    {
        WeakReference reference = UseAndForget();
        Crew.Await(() =>
        {
            GC.Collect();
            return !reference.IsAlive;
        });
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private WeakReference UseAndForget()
    {
        Lockable made = Make();
        made.Acquire();
        Crew.Elsewhere(() => made.TryAcquire(s_short));
        made.Release();
        return new(made);
    }
}
