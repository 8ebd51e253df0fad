namespace Gannet.Threading;

/// <summary>
/// <c>threading.Semaphore</c>: a counter that an acquisition lowers and a release raises. At zero an acquisition waits. Any thread or
/// task may release, also more than was acquired.
/// </summary>
public class CountingSemaphore : Lockable, IPermits
{
    private readonly bool _isFair;
    private readonly int _most;
    private int _value;
    private PermitQueue? _waiters;

    /// <summary>Makes one.</summary>
    /// <param name="value">What the counter begins with; zero is allowed.</param>
    /// <param name="fair">Whether those who wait are served strictly in the order in which they came.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative <paramref name="value"/>.</exception>
    public CountingSemaphore(int value = 1, bool fair = false)
        : this(value, int.MaxValue, fair)
    {
    }

    private protected CountingSemaphore(int value, int most, bool fair)
    {
        if (value < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "semaphore initial value must be >= 0");
        }

        _value = value;
        _most = most;
        _isFair = fair;
    }

    /// <summary>The counter. Other threads may change it at any time.</summary>
    public int Value => Volatile.Read(ref _value);

    /// <summary>Whether the counter is at zero.</summary>
    public override bool IsLocked => Value == 0;

    int IPermits.Free => Value;

    /// <summary><c>semaphore.acquire()</c>: waits until the counter is above zero, and lowers it.</summary>
    /// <returns>True.</returns>
    public override bool Acquire()
    {
        if (!TryAcquire())
        {
            Wait(Deadline.Never, CancellationToken.None);
        }

        return true;
    }

    /// <summary><c>semaphore.acquire(False)</c>: lowers the counter if it is above zero.</summary>
    /// <returns>Whether it was lowered.</returns>
    public override bool TryAcquire() => !(_isFair && Volatile.Read(ref _waiters) is { IsEmpty: false }) && TryLower();

    /// <summary><c>semaphore.release()</c>: raises the counter by one and wakes one who waits.</summary>
    /// <exception cref="SemaphoreFullException">It would pass its maximum.</exception>
    public override void Release() => Release(1);

    /// <summary><c>semaphore.release(n)</c>: raises the counter, and wakes as many as can go on. All or nothing is added.</summary>
    /// <param name="count">By how much; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    /// <exception cref="SemaphoreFullException">It would pass its maximum.</exception>
    public void Release(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int value = Volatile.Read(ref _value);
        while (true)
        {
            if (value > _most - count)
            {
                throw new SemaphoreFullException("Semaphore released too many times");
            }

            int seen = Interlocked.CompareExchange(ref _value, value + count, value);
            if (seen == value)
            {
                break;
            }

            value = seen;
        }

        SchedulePoint.Pass();
        if (Volatile.Read(ref _waiters) is { IsEmpty: false } waiters)
        {
            waiters.Serve();
        }
    }

    bool IPermits.TryTake(int thread) => TryLower();

    private protected override string State => _most == int.MaxValue ? $"value={Value}" : $"value={Value}/{_most}";

    private protected override bool Wait(Deadline deadline, CancellationToken token) => Waiters.Wait(deadline, token);

    private protected override ValueTask<bool> WaitAsync(Deadline deadline, CancellationToken token) => Waiters.WaitAsync(deadline, token);

    /// <summary>How many wait for it.</summary>
    internal int WaitingCount => Volatile.Read(ref _waiters)?.Count ?? 0;

    private PermitQueue Waiters =>
        Volatile.Read(ref _waiters) ?? Interlocked.CompareExchange(ref _waiters, new PermitQueue(this, _isFair), null) ?? _waiters;

    private bool TryLower()
    {
        int value = Volatile.Read(ref _value);
        while (value > 0)
        {
            int seen = Interlocked.CompareExchange(ref _value, value - 1, value);
            if (seen == value)
            {
                return true;
            }

            value = seen;
        }

        return false;
    }
}
