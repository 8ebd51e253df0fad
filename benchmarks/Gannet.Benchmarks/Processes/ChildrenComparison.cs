using System.Diagnostics;

namespace Gannet.Benchmarks.Processes;

/// <summary>What a thousand children cost that are alive at the same time and waited for asynchronously.</summary>
internal sealed class ChildrenComparison : Comparison
{
    private const int Count = 1000;
    private const int Rounds = 3;
    private const string Seconds = "3";

    public override string Name => "children";

    public override string Summary => "1,000 children at once, waited for asynchronously: CPU time and threads, Gannet and Process";

    public override void Run()
    {
        Console.WriteLine($"{Count} x sleep {Seconds}");
        Console.WriteLine($"{"",-28} {"wall",9} {"CPU time",11} {"threads",9} {"allocated",14}");
        Command command = Command.Of("sleep", Seconds);
        for (int round = 0; round < Rounds; round++)
        {
            Measure("Gannet, RunAsync", () => command.RunAsync());
            Measure("Process, WaitForExitAsync", RunProcessAsync);
        }
    }

    private static void Measure(string name, Func<Task> start)
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan processorTime = Environment.CpuUsage.TotalTime;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long begin = Stopwatch.GetTimestamp();
        Task[] children = [.. Enumerable.Range(0, Count).Select(_ => start())];
        self.Refresh();
        int threads = self.Threads.Count;
        Task.WaitAll(children);
        Console.WriteLine(
            $"{name,-28} {Stopwatch.GetElapsedTime(begin).TotalSeconds,7:N2} s {(Environment.CpuUsage.TotalTime - processorTime).TotalMilliseconds,8:N0} ms "
            + $"{threads,9} {(GC.GetTotalAllocatedBytes(precise: true) - allocated) / Count,8:N0} B/child");
    }

    private static async Task RunProcessAsync()
    {
        using Process process = Process.Start("sleep", Seconds);
        await process.WaitForExitAsync();
    }
}
