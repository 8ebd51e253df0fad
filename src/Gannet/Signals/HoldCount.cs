using Gannet.Interop;

namespace Gannet;

/// <summary>How many holds of the handlers a thread has begun that have not ended.</summary>
internal sealed class HoldCount
{
    private int _forks = ForkCount.Value;
    private int _count;

    /// <summary>Whether the thread is one of this process, and not one that was left behind by a fork.</summary>
    public bool IsOfThisProcess => _forks == ForkCount.Value;

    /// <summary>Counts.</summary>
    public void Add(int difference) => Interlocked.Add(ref _count, difference);

    /// <summary>In a forked child: the thread is the one that lives on.</summary>
    /// <returns>How many it holds.</returns>
    public int MoveToChild()
    {
        _forks = ForkCount.Value;
        return _count;
    }
}
