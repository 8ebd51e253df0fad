namespace Gannet.Threading;

/// <summary>Waiters that were claimed under a guard, to be woken once it is left.</summary>
internal struct WakeChain
{
    private Waiter? _first;
    private Waiter? _last;

    /// <summary>Adds a claimed waiter, with what its wait will end in.</summary>
    public void Add(Waiter waiter, WaitOutcome outcome)
    {
        waiter.Promised = outcome;
        waiter.Decide();
        if (_last is null)
        {
            _first = waiter;
        }
        else
        {
            _last.NextToWake = waiter;
        }

        _last = waiter;
    }

    /// <summary>Ends the waits in another way than was meant.</summary>
    public void WakeWith(WaitOutcome outcome)
    {
        for (Waiter? waiter = _first; waiter is not null; waiter = waiter.NextToWake)
        {
            waiter.Promised = outcome;
        }

        Wake();
    }

    /// <summary>Ends the waits, in the order in which they were added.</summary>
    public void Wake()
    {
        while (_first is { } waiter)
        {
            // Once it is complete it may begin its next wait.
            _first = waiter.NextToWake;
            waiter.NextToWake = null;
            waiter.Complete(waiter.Promised);
        }

        _last = null;
    }
}
