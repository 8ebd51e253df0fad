namespace Gannet.Threading;

/// <summary><c>threading.BoundedSemaphore</c>: a semaphore whose counter never passes what it began with. A release too many, which
/// is an error of the program, is told at once.</summary>
public sealed class BoundedSemaphore : CountingSemaphore
{
    /// <summary>Makes one.</summary>
    /// <param name="value">What the counter begins with, and its maximum.</param>
    /// <param name="fair">Whether those who wait are served strictly in the order in which they came.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative <paramref name="value"/>.</exception>
    public BoundedSemaphore(int value = 1, bool fair = false)
        : base(value, value, fair)
    {
    }
}
