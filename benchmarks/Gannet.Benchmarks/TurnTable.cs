using System.Diagnostics;

namespace Gannet.Benchmarks;

/// <summary>
/// Measures long operations in turn, round after round, so that whatever else the machine does meets all candidates. The table shows
/// the least and the median round, per operation; ratios are of the least, which other work can only add to.
/// </summary>
internal sealed class TurnTable(int rounds, int operations)
{
    private readonly List<(string Name, Func<int, double> Measure, bool Allocates)> _candidates = [];

    /// <summary>A candidate of this process, whose allocations are counted.</summary>
    public void Add(string name, Action operation) => _candidates.Add((name, count => Time(operation, count), true));

    /// <summary>A candidate that measures itself.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="seconds">Does so many operations, and tells how many seconds they took.</param>
    public void AddForeign(string name, Func<int, double> seconds) => _candidates.Add((name, seconds, false));

    /// <summary>Measures, and prints a row for each candidate; the first one is the baseline.</summary>
    public void Print()
    {
        double[][] times = [.. _candidates.Select(_ => new double[rounds])];
        long[] bytes = new long[_candidates.Count];
        foreach ((_, Func<int, double> measure, _) in _candidates)
        {
            measure(operations);
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < _candidates.Count; i++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                times[i][round] = _candidates[i].Measure(operations) / operations;
                bytes[i] = (GC.GetTotalAllocatedBytes(precise: true) - before) / operations;
            }
        }

        double baseline = times[0].Min();
        Console.WriteLine($"{"",-36} {"least",10} {"median",10} {"ratio",7} {"allocated",12}");
        for (int i = 0; i < _candidates.Count; i++)
        {
            Array.Sort(times[i]);
            string allocated = _candidates[i].Allocates ? $"{bytes[i],10:N0} B" : "";
            Console.WriteLine(
                $"{_candidates[i].Name,-36} {times[i][0] * 1e6,7:N1} us {times[i][rounds / 2] * 1e6,7:N1} us {times[i][0] / baseline,7:N2} {allocated}");
        }
    }

    private static double Time(Action operation, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            operation();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
