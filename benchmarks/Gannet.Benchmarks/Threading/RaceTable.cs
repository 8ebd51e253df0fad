using System.Diagnostics;

namespace Gannet.Benchmarks.Threading;

/// <summary>
/// Measures what several threads do together, candidate after candidate, round after round: the best round's rate, its ratio to the first
/// candidate's, the processor time that an operation took, and what it allocated.
/// </summary>
internal sealed class RaceTable(string title, int rounds, int operations)
{
    private const double NanosecondsPerSecond = 1e9;

    private readonly List<(string Name, Action<int> Race, List<Result> Results)> _candidates = [];
    private readonly List<(string Name, double Rate)> _foreign = [];

    /// <summary>A candidate that does so many operations.</summary>
    public void Add(string name, Action<int> race) => _candidates.Add((name, race, []));

    /// <summary>A candidate of several threads, each of which does its share.</summary>
    public void Add(string name, params (int Count, Action<int> Work)[] crews) => Add(name, total => Run(total, crews));

    /// <summary>A candidate that was measured elsewhere.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rate">Operations in a second.</param>
    public void AddForeign(string name, double rate) => _foreign.Add((name, rate));

    /// <summary>Measures, and prints a row for each candidate.</summary>
    public void Print()
    {
        _candidates.ForEach(candidate => candidate.Race(operations));
        for (int round = 0; round < rounds; round++)
        {
            _candidates.ForEach(candidate => candidate.Results.Add(Measure(candidate.Race)));
        }

        double baseline = _candidates[0].Results.Max(result => result.Rate);
        Console.WriteLine($"{title,-36} {"best",12} {"median",12} {"ratio",7} {"CPU/op",10} {"allocated/op",13}");
        foreach ((string name, _, List<Result> results) in _candidates)
        {
            results.Sort((x, y) => y.Rate.CompareTo(x.Rate));
            Result best = results[0];
            Console.WriteLine(
                $"{name,-36} {best.Rate / 1e6,8:N2} M/s {results[results.Count / 2].Rate / 1e6,8:N2} M/s {best.Rate / baseline,7:N2} "
                + $"{best.ProcessorTime,7:N0} ns {best.Allocated,11:N1} B");
        }

        foreach ((string name, double rate) in _foreign)
        {
            Console.WriteLine($"{name,-36} {rate / 1e6,8:N2} M/s {"",12} {rate / baseline,7:N2}");
        }
    }

    private static void Run(int total, (int Count, Action<int> Work)[] crews)
    {
        Thread[] threads = [.. crews.SelectMany(crew => Enumerable.Range(0, crew.Count).Select(_ => new Thread(() => crew.Work(total / crew.Count))))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }

    private Result Measure(Action<int> race)
    {
        TimeSpan processorTime = Environment.CpuUsage.TotalTime;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        race(operations);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new(
            operations / seconds,
            (Environment.CpuUsage.TotalTime - processorTime).TotalSeconds * NanosecondsPerSecond / operations,
            (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / operations);
    }

    private readonly record struct Result(double Rate, double ProcessorTime, double Allocated);
}
