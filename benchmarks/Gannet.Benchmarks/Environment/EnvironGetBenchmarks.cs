using BenchmarkDotNet.Attributes;

namespace Gannet.Benchmarks.EnvironmentRoom;

/// <summary>Reading a variable. The framework reads its own copy; Gannet compares it with libc's.</summary>
public class EnvironGetBenchmarks
{
    private const string Name = "GANNET_BENCH";

    [GlobalSetup]
    public void Prepare() => Os.Environ[Name] = "some value";

    [Benchmark(Baseline = true, Description = "GetEnvironmentVariable")]
    public string? Framework() => Environment.GetEnvironmentVariable(Name);

    [Benchmark(Description = "Os.GetEnv")]
    public string? GetEnv() => Os.GetEnv(Name);

    [Benchmark(Description = "GetEnvironmentVariables")]
    public object FrameworksAll() => Environment.GetEnvironmentVariables();

    [Benchmark(Description = "Os.Environ, all of it")]
    public object All() => new Dictionary<string, string>(Os.Environ);
}
