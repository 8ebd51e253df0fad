using System.Runtime.CompilerServices;
using Gannet.Interop;

namespace Gannet.Threading;

/// <summary>
/// Those who wait for a lock or a semaphore. It is made at the first contention, so that a lock which nobody contends for stays small.
/// </summary>
/// <remarks>
/// <para>A release makes its permit free and then looks whether somebody waits; a waiter steps into the list and then looks whether a
/// permit is free. With a fence on both sides one of the two sees the other. See <see cref="OfLock"/> for the releases before the
/// first contention, which have none.</para>
/// <para>Unless the lock is fair, a woken thread competes with those who come along, and meanwhile nobody else is woken. If it
/// loses, it goes to the front of the list and is handed the next permit: nobody starves. Tasks are always handed theirs.</para>
/// </remarks>
internal sealed class PermitQueue(IPermits permits, bool isFair) : WaitSite
{
    private readonly WaiterList _waiters = new();
    private int _called;
    private int _forks = ForkCount.Value;

    /// <summary>The queue of a lock, made at its first contention.</summary>
    /// <remarks>
    /// As long as there is none, a release is a plain store and a look at the field, in which a fence would double the price of a lock
    /// that nobody contends for. Such a look may have missed the queue that is published here while its store was still on
    /// the way; so there is, once in the life of a lock, a fence that counts for every processor, and a look on behalf of those who came in
    /// behind the queue's maker.
    /// </remarks>
    public static PermitQueue OfLock(ref PermitQueue? field, IPermits permits, bool isFair)
    {
        PermitQueue made = new(permits, isFair);
        if (Interlocked.CompareExchange(ref field, made, null) is { } other)
        {
            return other;
        }

        Interlocked.MemoryBarrierProcessWide();
        made.Serve();
        return made;
    }

    /// <summary>Serves those who wait for a lock that has just been released, if there are any.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ServeOf(ref PermitQueue? field)
    {
        if (Volatile.Read(ref field) is { IsEmpty: false } waiters)
        {
            waiters.Serve();
        }
    }

    /// <summary>How many wait.</summary>
    public int Count => _waiters.Count;

    /// <summary>Whether nobody waits.</summary>
    public bool IsEmpty => _waiters.IsEmpty;

    /// <summary>Waits for a permit and takes it; false when the time is over first.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool Wait(Deadline deadline, CancellationToken token)
    {
        int thread = Environment.CurrentManagedThreadId;
        if (!isFair && TrySpin(thread))
        {
            return true;
        }

        Waiter waiter = Waiter.OfThread();
        waiter.WantsDelivery = isFair;
        while (true)
        {
            Enlist(waiter);
            WaitOutcome outcome = waiter.Wait(spins: false, deadline, token);
            switch (outcome)
            {
                case WaitOutcome.Delivered:
                    return true;
                case WaitOutcome.Called:
                    AnswerCall();
                    if (permits.TryTake(thread) || TrySpin(thread))
                    {
                        return true;
                    }

                    waiter.Renew();
                    waiter.WantsDelivery = true;
                    break;
                default:
                    Forget(waiter);
                    return outcome is WaitOutcome.TimedOut ? false : throw new OperationCanceledException(token);
            }
        }
    }

    /// <summary>As <see cref="Wait"/>, for a task.</summary>
    public ValueTask<bool> WaitAsync(Deadline deadline, CancellationToken token)
    {
        Waiter waiter = Waiter.OfTask(this);
        ValueTask<bool> task = waiter.AsTask();
        waiter.WantsDelivery = true;
        Enlist(waiter);
        waiter.Arm(deadline, token);
        return task;
    }

    /// <summary>Calls, or hands permits to, as many as there are permits for.</summary>
    public void Serve()
    {
        if (Volatile.Read(ref _forks) != ForkCount.Value)
        {
            ForgetDeadCalls();
        }

        // Who has been called and has not answered takes one of them.
        if (permits.Free <= Volatile.Read(ref _called))
        {
            return;
        }

        WakeChain chain = default;
        using (Guard.Enter())
        {
            while (permits.Free > _called && _waiters.First is { } waiter)
            {
                if (!waiter.TryClaim())
                {
                    _waiters.Remove(waiter);
                }
                else if (!waiter.WantsDelivery)
                {
                    _waiters.Remove(waiter);
                    _called++;
                    chain.Add(waiter, WaitOutcome.Called);
                }
                else if (permits.TryTake(waiter.ThreadId))
                {
                    _waiters.Remove(waiter);
                    chain.Add(waiter, WaitOutcome.Delivered);
                }
                else
                {
                    waiter.Unclaim();
                    break;
                }
            }
        }

        chain.Wake();
    }

    private void Enlist(Waiter waiter)
    {
        using (Guard.Enter())
        {
            // Who has been called before and lost is the next one.
            if (waiter.WantsDelivery && !isFair && !waiter.IsTask)
            {
                _waiters.AddFirst(waiter);
            }
            else
            {
                _waiters.Add(waiter);
            }
        }

        SchedulePoint.Pass();
        Interlocked.MemoryBarrier();
        Serve();
    }

    // From now on a release wakes another one; what was released before is seen by the attempt that follows.
    private void AnswerCall()
    {
        using (Guard.Enter())
        {
            // Not below: a thread of the pool may answer in a forked child what was forgotten there.
            _called = Math.Max(0, _called - 1);
        }

        Interlocked.MemoryBarrier();
    }

    // In a forked child: who was called there and did not answer never will.
    private void ForgetDeadCalls()
    {
        using (Guard.Enter())
        {
            if (_forks != ForkCount.Value)
            {
                _called = 0;
                Volatile.Write(ref _forks, ForkCount.Value);
            }
        }
    }

    private bool TrySpin(int thread)
    {
        Spinner spinner = default;
        bool taken = false;
        while (!taken && spinner.Next())
        {
            taken = permits.Free > 0 && permits.TryTake(thread);
        }

        spinner.End();
        return taken;
    }
}
