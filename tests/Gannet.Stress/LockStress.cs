using Gannet.Threading;

namespace Gannet.Stress;

/// <summary>Locks and semaphores under threads and tasks that give up at random: never two holders, and nobody waits for ever.</summary>
public class LockStress
{
    private const int Workers = 8;
    private const int ShortCount = 20_000;
    private const int LongCount = 2_000_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private static int Count => Environment.GetEnvironmentVariable("GANNET_STRESS") is "long" ? LongCount : ShortCount;

    [Fact]
    public void A_primitive_lock_has_one_holder_at_a_time() => Run(new PrimitiveLock(), Count);

    [Fact]
    public void A_fair_lock_has_one_holder_at_a_time() => Run(new PrimitiveLock(fair: true), Count / 10);

    [Fact]
    public void A_reentrant_lock_has_one_holder_at_a_time() => Run(new ReentrantLock(), Count);

    [Fact]
    public void A_semaphore_of_one_has_one_holder_at_a_time() => Run(new CountingSemaphore(1), Count);

    /// <summary>Takes a lock in every way, by threads and by tasks.</summary>
    internal static void Run(Lockable held, int count)
    {
        int holders = 0, taken = 0, counted = 0, left = count;
        void Hold()
        {
            Assert.Equal(1, Interlocked.Increment(ref holders));
            counted++;
            Interlocked.Increment(ref taken);
            Interlocked.Decrement(ref holders);
            held.Release();
        }

        void Work(int seed)
        {
            Random random = new(seed);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                if (TryTake(held, random))
                {
                    Hold();
                }
            }
        }

        async Task WorkAsync(int seed)
        {
            Random random = new(seed);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                if (await held.TryAcquireAsync(TimeSpan.FromMilliseconds(random.Next(4))))
                {
                    Hold();
                }
            }
        }

        Task[] all = [.. Enumerable.Range(0, Workers).Select(seed => seed % 4 == 3 && held is not ReentrantLock
            ? Task.Run(() => WorkAsync(seed))
            : Task.Factory.StartNew(() => Work(seed), TaskCreationOptions.LongRunning))];
        Assert.True(Task.WaitAll(all, s_patience));
        Assert.Equal((taken, false), (counted, held.IsLocked));
    }

    private static bool TryTake(Lockable held, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                return held.TryAcquire();
            case 1:
                return held.TryAcquire(TimeSpan.FromMicroseconds(random.Next(100)));
            case 2:
                using (CancellationTokenSource source = new())
                {
                    source.CancelAfter(random.Next(2));
                    try
                    {
                        return held.Acquire(source.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        return false;
                    }
                }

            default:
                return held.Acquire();
        }
    }
}
