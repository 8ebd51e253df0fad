using BenchmarkDotNet.Attributes;

namespace Gannet.Benchmarks.Options;

/// <summary>
/// Every candidate declares the same three options, reads the same line and gives the number of its options, values and operands. The
/// peers keep their parsers between runs where they can; GetOpt has none to keep.
/// </summary>
public class GetOptBenchmarks
{
    private const int Expected = 7;

    private static readonly string[] Args = ["-a", "-x", ".bak", "--debuglevel", "99", "file1", "file2"];

    private readonly GlibcGetOpt _glibc = new(Args);
    private readonly System.CommandLine.Option<bool> _flag = new("-a");
    private readonly System.CommandLine.Option<string> _suffix = new("-x");
    private readonly System.CommandLine.Option<string> _level = new("--debuglevel");
    private readonly System.CommandLine.Argument<string[]> _files = new("files");
    private readonly System.CommandLine.RootCommand _command;

    public GetOptBenchmarks() => _command = new System.CommandLine.RootCommand { _flag, _suffix, _level, _files };

    /// <summary>A candidate that read something else is no candidate.</summary>
    [GlobalSetup]
    public void Check()
    {
        int[] answers = [Glibc(), Enumerate(), EnumerateGnu(), Parse(), ParseGnu(), SystemCommandLine(), CommandLineParser()];
        if (answers.Any(answer => answer != Expected))
        {
            throw new InvalidOperationException($"The candidates disagree: {string.Join(' ', answers)}");
        }
    }

    [Benchmark(Baseline = true, Description = "glibc getopt_long")]
    public int Glibc() => _glibc.Read();

    [Benchmark(Description = "GetOpt.Enumerate")]
    public int Enumerate() => Read(GetOptSettings.None);

    [Benchmark(Description = "GetOpt.Enumerate, Permute")]
    public int EnumerateGnu() => Read(GetOptSettings.Permute);

    [Benchmark(Description = "GetOpt.Parse")]
    public int Parse() => Count(GetOpt.Parse(Args, "ax:", "debuglevel="));

    [Benchmark(Description = "GetOpt.ParseGnu")]
    public int ParseGnu() => Count(GetOpt.ParseGnu(Args, "ax:", "debuglevel="));

    [Benchmark(Description = "System.CommandLine 3")]
    public int SystemCommandLine()
    {
        System.CommandLine.ParseResult result = _command.Parse(Args);
        return (result.GetValue(_flag) ? 1 : 0)
            + (result.GetValue(_suffix) is null ? 0 : 2)
            + (result.GetValue(_level) is null ? 0 : 2)
            + result.GetValue(_files)!.Length;
    }

    [Benchmark(Description = "CommandLineParser 2.9")]
    public int CommandLineParser()
    {
        Declared declared = ((CommandLine.Parsed<Declared>)CommandLine.Parser.Default.ParseArguments<Declared>(Args)).Value;
        return (declared.Flag ? 1 : 0)
            + (declared.Suffix is null ? 0 : 2)
            + (declared.Level is null ? 0 : 2)
            + declared.Files.Count();
    }

    private static int Read(GetOptSettings settings)
    {
        GetOptReader reader = GetOpt.Enumerate(Args, settings, "ax:", "debuglevel=");
        int sum = 0;
        foreach (GetOptItem option in reader)
        {
            switch (option.Name)
            {
                case "a":
                    sum++;
                    break;
                case "x" or "debuglevel":
                    sum += option.HasValue ? 2 : 0;
                    break;
            }
        }

        return sum + reader.Arguments.Length;
    }

    private static int Count(GetOptResult result)
    {
        int sum = 0;
        foreach ((_, string value) in result.Options)
        {
            sum += value.Length == 0 ? 1 : 2;
        }

        return sum + result.Arguments.Count;
    }

    /// <summary>The options as CommandLineParser wants them.</summary>
    private sealed class Declared
    {
        [CommandLine.Option('a')]
        public bool Flag { get; set; }

        [CommandLine.Option('x')]
        public string? Suffix { get; set; }

        [CommandLine.Option("debuglevel")]
        public string? Level { get; set; }

        [CommandLine.Value(0)]
        public IEnumerable<string> Files { get; set; } = [];
    }
}
