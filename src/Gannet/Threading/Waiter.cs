using System.Threading.Tasks.Sources;
using Gannet.Interop;

namespace Gannet.Threading;

/// <summary>
/// One wait of a thread or of a task. Whoever ends it, by delivering or by giving up, does so by one compare-and-swap on
/// <see cref="Outcome"/>: nothing is delivered to a wait that was given up, and no delivered wait is given up.
/// </summary>
/// <remarks>
/// A thread has one waiter, since it waits for one thing at a time; those of tasks come from a pool. A waiter is in lists of
/// <see cref="WaitSite"/>s, and leaves them under their guards before it is used again; nobody else keeps it, except to wake its thread
/// once too often, which does no harm.
/// </remarks>
internal class Waiter : IValueTaskSource<bool>, IValueTaskSource
{
    private const int PoolSize = 64;
    private const int LongestTimer = int.MaxValue - 1;
    private const int OutcomeMask = 7;
    private const int OneWait = OutcomeMask + 1;

    [ThreadStatic]
    private static Waiter? t_own;

    private static readonly Ring<Waiter> s_pool = new(PoolSize);

    private readonly Parker? _parker;

    // In a forked child a thread of the pool goes on waiting; the program's own are not there.
    private readonly bool _isOfPool;
    private int _forks;

    // The outcome in the lowest bits, and above them a number of the wait, so that a timer which fires late can't end the next one.
    private int _state;
    private ManualResetValueTaskSourceCore<bool> _task = new() { RunContinuationsAsynchronously = true };
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private Timer? _timer;
    private long _due = long.MaxValue;

    /// <summary>A new waiter, for the calling thread or for tasks.</summary>
    protected Waiter(bool ofThread)
    {
        if (ofThread)
        {
            _parker = Parker.Create();
            ThreadId = Environment.CurrentManagedThreadId;
            _isOfPool = Thread.CurrentThread.IsThreadPoolThread;
        }
    }

    /// <summary>The list that it stands in, and its neighbours there; under the guard of that list's site.</summary>
    public WaiterList? List { get; set; }

    /// <summary>The one before it in the list.</summary>
    public Waiter? Previous { get; set; }

    /// <summary>The one after it in the list.</summary>
    public Waiter? Next { get; set; }

    /// <summary>The next one to be woken, between a claim and its delivery.</summary>
    public Waiter? NextToWake { get; set; }

    /// <summary>What the claim of <see cref="WakeChain"/> will end in.</summary>
    public WaitOutcome Promised { get; set; }

    /// <summary>A number for the use of the site.</summary>
    public long Mark { get; set; }

    /// <summary>Where a task waits.</summary>
    public WaitSite? Site { get; set; }

    /// <summary>The thread that waits; 0 for a task.</summary>
    public int ThreadId { get; }

    /// <summary>Whether a task waits.</summary>
    public bool IsTask => _parker is null;

    /// <summary>Whether it must be given what it waits for, and does not want to compete for it.</summary>
    public bool WantsDelivery { get; set; }

    /// <summary>How the wait stands.</summary>
    public WaitOutcome Outcome => (WaitOutcome)(Volatile.Read(ref _state) & OutcomeMask);

    /// <summary>Whether it may still end in any way.</summary>
    public bool IsOpen => !IsDead && Outcome is (WaitOutcome.Waiting or WaitOutcome.Claimed);

    /// <summary>The calling thread's waiter, for a new wait.</summary>
    public static Waiter OfThread()
    {
        Waiter own = t_own ??= new(ofThread: true);
        own.Renew();
        return own;
    }

    /// <summary>A waiter for a new wait of a task.</summary>
    public static Waiter OfTask(WaitSite site)
    {
        Waiter waiter = s_pool.TryTake(out Waiter? pooled) ? pooled : new(ofThread: false);
        waiter.Site = site;
        waiter.Renew();
        return waiter;
    }

    /// <summary>Begins a new wait.</summary>
    public void Renew()
    {
        WantsDelivery = false;
        _forks = ForkCount.Value;
        Volatile.Write(ref _state, (_state & ~OutcomeMask) + OneWait);
    }

    /// <summary>Takes the right to end the wait by a delivery; false when it has ended, as the wait of a thread that a fork has left behind
    /// has, or another holds the right, which <see cref="IsOpen"/> tells apart.</summary>
    public bool TryClaim()
    {
        SchedulePoint.Pass();
        int state = Volatile.Read(ref _state);
        return (state & OutcomeMask) == (int)WaitOutcome.Waiting
            && !IsDead
            && Interlocked.CompareExchange(ref _state, state | (int)WaitOutcome.Claimed, state) == state;
    }

    /// <summary>Gives the right back: there was nothing to deliver.</summary>
    public void Unclaim() => Volatile.Write(ref _state, _state & ~OutcomeMask);

    /// <summary>Makes a claim final: the wait is to be completed, and those who would give it up need not wait for that.</summary>
    public void Decide() => Volatile.Write(ref _state, (_state & ~OutcomeMask) | (int)WaitOutcome.Decided);

    /// <summary>Ends a wait that was claimed.</summary>
    public void Complete(WaitOutcome outcome)
    {
        SchedulePoint.Pass();
        Volatile.Write(ref _state, (_state & ~OutcomeMask) | (int)outcome);
        SchedulePoint.Pass();
        Wake();
    }

    /// <summary>Sleeps until the wait has ended, and ends it itself when the time is over or the token is cancelled. After the latter
    /// two it still stands in its lists.</summary>
    /// <param name="spins">Whether to look a few times before going to sleep.</param>
    /// <param name="deadline">When the time is over.</param>
    /// <param name="token">Ends the wait.</param>
    public WaitOutcome Wait(bool spins, Deadline deadline, CancellationToken token)
    {
        if (spins && TrySpin())
        {
            return Outcome;
        }

        CancellationTokenRegistration registration = token.UnsafeRegister(static waiter => ((Waiter)waiter!).TryGiveUp(WaitOutcome.Canceled), this);
        while (!IsOver)
        {
            SchedulePoint.Pass();
            bool isDecided = Outcome is WaitOutcome.Decided;
            _parker!.Park(isDecided ? Deadline.Never : deadline);
            if (!isDecided && deadline.IsOver)
            {
                TryGiveUp(WaitOutcome.TimedOut);
            }
        }

        // Waits for a cancellation that is under way: it must not meet this waiter's next wait.
        registration.Dispose();
        return Outcome;
    }

    /// <summary>Lets the time or the token end a task's wait from now on.</summary>
    public void Arm(Deadline deadline, CancellationToken token)
    {
        _token = token;
        TimeSpan left = deadline.Left;
        if (left != Timeout.InfiniteTimeSpan)
        {
            long milliseconds = (long)Math.Ceiling(left.TotalMilliseconds);
            Volatile.Write(ref _due, Environment.TickCount64 + milliseconds);
            _timer ??= NewTimer();
            _timer.Change(Math.Min(LongestTimer, milliseconds), Timeout.Infinite);
        }

        _registration = token.UnsafeRegister(static waiter => ((Waiter)waiter!).TryGiveUp(WaitOutcome.Canceled), this);
    }

    /// <summary>Gives back a task's waiter that stood in no list and was not needed.</summary>
    public void GiveBack()
    {
        Site = null;
        Return();
    }

    /// <summary>Ends a wait that was begun in vain.</summary>
    /// <returns>False when a delivery came first.</returns>
    public bool Withdraw()
    {
        TryGiveUp(WaitOutcome.Canceled);
        SpinWait spin = default;
        while (!IsOver)
        {
            spin.SpinOnce();
        }

        return Outcome is WaitOutcome.Canceled;
    }

    /// <summary>The task of this wait, which tells whether it was delivered in time.</summary>
    public ValueTask<bool> AsTask() => new(this, _task.Version);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token)
    {
        // The core knows of no failure: what the outcome means is told by GetResult.
        ValueTaskSourceStatus status = _task.GetStatus(token);
        return status is ValueTaskSourceStatus.Succeeded ? StatusOf(Outcome) : status;
    }

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _task.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    public bool GetResult(short token)
    {
        (WaitOutcome outcome, CancellationToken canceled) = EndTask(token);
        Return();
        return outcome is WaitOutcome.Canceled ? throw new OperationCanceledException(canceled) : outcome is WaitOutcome.Delivered;
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <summary>Ends a task's wait for good: afterwards the waiter may be used again.</summary>
    protected (WaitOutcome Outcome, CancellationToken Token) EndTask(short token)
    {
        _task.GetResult(token);
        _registration.Dispose();
        _registration = default;
        if (_due != long.MaxValue)
        {
            // A timer that fires nevertheless finds the time of the next wait, or none.
            Volatile.Write(ref _due, long.MaxValue);
            _timer!.Change(Timeout.Infinite, Timeout.Infinite);
        }

        _task.Reset();
        Site = null;
        (WaitOutcome, CancellationToken) end = (Outcome, _token);
        _token = default;
        return end;
    }

    /// <summary>The version of the task of this wait.</summary>
    protected short Version => _task.Version;

    /// <summary>What a task is that has ended so.</summary>
    private protected virtual ValueTaskSourceStatus StatusOf(WaitOutcome outcome) =>
        outcome is WaitOutcome.Canceled ? ValueTaskSourceStatus.Canceled : ValueTaskSourceStatus.Succeeded;

    private protected virtual void Return() => s_pool.TryAdd(this);

    private bool IsOver => Outcome > WaitOutcome.Decided;

    // It waited when this process was forked.
    private bool IsDead => _parker is not null && _forks != ForkCount.Value && !_isOfPool;

    private bool TrySpin()
    {
        Spinner spinner = default;
        while (!IsOver && spinner.Next())
        {
        }

        spinner.End();
        return IsOver;
    }

    private void TryGiveUp(WaitOutcome outcome) => TryGiveUp(outcome, Volatile.Read(ref _state) & ~OutcomeMask);

    private void TryGiveUp(WaitOutcome outcome, int wait)
    {
        SpinWait spin = default;
        while (true)
        {
            SchedulePoint.Pass();
            int seen = Interlocked.CompareExchange(ref _state, wait | (int)outcome, wait);
            if (seen == wait)
            {
                Site?.Forget(this);
                Wake();
                return;
            }

            if (seen != (wait | (int)WaitOutcome.Claimed))
            {
                return;
            }

            // It ends in a moment, or goes on waiting.
            spin.SpinOnce();
        }
    }

    // It serves waits of many tasks, so it must keep nothing of the one that makes it.
    private Timer NewTimer()
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return new(static waiter => ((Waiter)waiter!).LookAtTime(), this, Timeout.Infinite, Timeout.Infinite);
        }

        using (ExecutionContext.SuppressFlow())
        {
            return NewTimer();
        }
    }

    private void LookAtTime()
    {
        while (true)
        {
            // The wait first: the time that is read afterwards is its own or a later one's.
            int wait = Volatile.Read(ref _state) & ~OutcomeMask;
            long due = Volatile.Read(ref _due);
            if (due == long.MaxValue)
            {
                return;
            }

            long left = due - Environment.TickCount64;
            if (left <= 0)
            {
                TryGiveUp(WaitOutcome.TimedOut, wait);
                return;
            }

            _timer!.Change(Math.Min(LongestTimer, left), Timeout.Infinite);
            if (Volatile.Read(ref _due) == due)
            {
                return;
            }

            // The next wait began in between, and its time was put off.
        }
    }

    private void Wake()
    {
        if (_parker is null)
        {
            _task.SetResult(true);
        }
        else
        {
            _parker.Unpark();
        }
    }
}
