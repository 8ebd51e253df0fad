namespace Gannet.Threading;

/// <summary>
/// <c>threading.Timer</c>: a thread that calls a function once, some time after its start, unless it is cancelled before.
/// </summary>
/// <remarks>It is a thread like others: a program waits at its end for a timer that is no daemon.</remarks>
public sealed class ThreadTimer : OsThread
{
    private readonly TimeSpan _interval;
    private readonly Action _function;
    private readonly EventFlag _finished = new();

    /// <summary>Makes one, to be started.</summary>
    /// <param name="interval">How long after the start; zero for at once.</param>
    /// <param name="function">What it calls, on its own thread.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="interval"/> is negative.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> is null.</exception>
    public ThreadTimer(TimeSpan interval, Action function)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(function);
        _interval = interval;
        _function = function;
    }

    /// <summary><c>timer.cancel()</c>: lets it end without calling the function, if it has not called it yet.</summary>
    public void Cancel() => _finished.Set();

    /// <summary>Waits, and calls the function.</summary>
    public override void Run()
    {
        if (!_finished.Wait(_interval))
        {
            _function();
        }

        _finished.Set();
    }
}
