namespace Gannet.Benchmarks;

/// <summary>One comparison with the peers; <c>bench NAME</c> runs it. A class derived from this one is found by itself.</summary>
internal abstract class Comparison
{
    /// <summary>What is typed to run it.</summary>
    public abstract string Name { get; }

    /// <summary>What it measures, in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>Measures, and prints the table.</summary>
    public abstract void Run();
}
