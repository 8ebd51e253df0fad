using BenchmarkDotNet.Attributes;

namespace Gannet.Benchmarks.EnvironmentRoom;

/// <summary>Setting a variable. The framework changes its own copy; Gannet changes libc's as well.</summary>
public class EnvironSetBenchmarks
{
    private const string Name = "GANNET_BENCH";

    private int _count;

    [Benchmark(Baseline = true, Description = "SetEnvironmentVariable")]
    public void Framework() => Environment.SetEnvironmentVariable(Name, Next());

    [Benchmark(Description = "Os.PutEnv")]
    public void PutEnv() => Os.PutEnv(Name, Next());

    private string Next() => ++_count % 2 == 0 ? "some value" : "another one";
}
