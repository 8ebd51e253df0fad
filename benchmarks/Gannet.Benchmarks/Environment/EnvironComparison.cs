namespace Gannet.Benchmarks.EnvironmentRoom;

/// <summary>The environment; the ratios are to the framework's own copy, which native code and exec do not see.</summary>
internal sealed class EnvironComparison : Comparison
{
    public override string Name => "environ";

    public override string Summary => "reading and setting a variable: System.Environment, Os.Environ";

    public override void Run()
    {
        MeasuredTable.Print<EnvironGetBenchmarks>();
        MeasuredTable.Print<EnvironSetBenchmarks>();
    }
}
