using System.Diagnostics;

namespace Gannet.Benchmarks;

/// <summary>
/// Measures how fast an amount of bytes is read, in turn, round after round, so that whatever else the machine does meets all candidates. The
/// table shows the best and the median round; ratios are of the best, which other work can only lessen.
/// </summary>
internal sealed class ThroughputTable(int rounds, long bytes)
{
    private readonly List<(string Name, Func<double> Measure)> _candidates = [];

    /// <summary>A candidate of this process, which tells how many bytes it has read.</summary>
    public void Add(string name, Func<long> read) => _candidates.Add((name, () =>
    {
        long start = Stopwatch.GetTimestamp();
        long count = read();
        return Check(name, count, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }));

    /// <summary>A candidate that measures itself, in seconds; null for one that is not there.</summary>
    public void Add(string name, Func<(double Seconds, long Count)>? measure)
    {
        if (measure is not null)
        {
            _candidates.Add((name, () =>
            {
                (double seconds, long count) = measure();
                return Check(name, count, seconds);
            }));
        }
    }

    /// <summary>Measures, and prints a row for each candidate; the first one is the baseline.</summary>
    public void Print()
    {
        double[][] times = [.. _candidates.Select(_ => new double[rounds])];
        _candidates.ForEach(candidate => candidate.Measure());
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < _candidates.Count; i++)
            {
                times[i][round] = _candidates[i].Measure();
            }
        }

        double baseline = times[0].Min();
        Console.WriteLine($"{"",-40} {"best",11} {"median",11} {"ratio",7}");
        for (int i = 0; i < _candidates.Count; i++)
        {
            Array.Sort(times[i]);
            Console.WriteLine(
                $"{_candidates[i].Name,-40} {bytes / times[i][0] / 1e9,6:N2} GB/s {bytes / times[i][rounds / 2] / 1e9,6:N2} GB/s {baseline / times[i][0],7:N2}");
        }
    }

    private double Check(string name, long count, double seconds) => count == bytes
        ? seconds
        : throw new InvalidOperationException($"{name}: {count} bytes came");
}
