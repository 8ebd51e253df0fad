namespace Gannet.Benchmarks;

/// <summary>One comparison with the peers; <c>bench NAME</c> runs it. A class derived from this one is found by itself.</summary>
internal abstract class Comparison
{
    /// <summary>The folder that this program was built from.</summary>
    protected static string Repository
    {
        get
        {
            string directory = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(directory, "Gannet.slnx")))
            {
                directory = Path.GetDirectoryName(directory)!;
            }

            return directory;
        }
    }

    /// <summary>What is typed to run it.</summary>
    public abstract string Name { get; }

    /// <summary>What it measures, in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>Measures, and prints the table.</summary>
    public abstract void Run();
}
