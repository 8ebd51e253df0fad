using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Gannet.Benchmarks;

/// <summary>
/// Runs a class of benchmarks and prints one row for each. The ratio is that of the least times: whatever else the machine does can
/// only add to a time, so the least of many short ones is nearest to the truth; the distance to the median shows how much was added.
/// </summary>
internal static class MeasuredTable
{
    /// <summary>Measures in this process, some two seconds for each benchmark; one of them is the baseline.</summary>
    public static void Print<TBenchmarks>()
    {
        Job job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(20)
            .WithIterationCount(60)
            .WithIterationTime(TimeInterval.FromMilliseconds(25));
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .WithOption(ConfigOptions.DisableLogFile, true)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "gannet-bench"));
        Summary summary = BenchmarkRunner.Run<TBenchmarks>(config);
        if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success))
        {
            throw new InvalidOperationException("A benchmark failed; a candidate that reads something else fails in its set-up.");
        }

        double baseline = summary.Reports.Single(report => report.BenchmarkCase.Descriptor.Baseline).ResultStatistics!.Min;
        Console.WriteLine($"{"",-28} {"least",12} {"median",12} {"ratio",8} {"allocated",12}");
        foreach (BenchmarkReport report in summary.Reports)
        {
            PrintRow(report, baseline);
        }
    }

    private static void PrintRow(BenchmarkReport report, double baseline)
    {
        double least = report.ResultStatistics!.Min;
        double median = report.ResultStatistics.Median;
        long? allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
        string name = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
        Console.WriteLine($"{name,-28} {least,9:N0} ns {median,9:N0} ns {least / baseline,8:N2} {allocated ?? 0,10:N0} B");
    }
}
