namespace Gannet.Benchmarks.Options;

/// <summary>GetOpt and its peers on one command line; the ratio is to glibc's getopt_long.</summary>
internal sealed class GetOptComparison : Comparison
{
    public override string Name => "getopt";

    public override string Summary =>
        "reading -a -x .bak --debuglevel 99 file1 file2: GetOpt, glibc's getopt_long, System.CommandLine, CommandLineParser";

    public override void Run() => MeasuredTable.Print<GetOptBenchmarks>();
}
