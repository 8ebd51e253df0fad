using System.Diagnostics;

namespace Gannet.Benchmarks.Start;

/// <summary>
/// How long it takes to print one line. The candidates run in turn, round after round, so that whatever else the machine does
/// meets them all; the table shows medians, and the spread as the quarter below and above.
/// </summary>
internal sealed class StartComparison : Comparison
{
    private const int Rounds = 15;
    private const string Line = "hello";

    public override string Name => "start";

    public override string Summary => "starting a one-line script: gannet warm and cold, dotnet run, a built apphost, python3";

    public override void Run()
    {
        string folder = Directory.CreateTempSubdirectory("gannet-bench-start-").FullName;
        try
        {
            Print(Measure(Candidates(folder)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<Candidate> Candidates(string folder)
    {
        string script = Path.Combine(folder, "hello.cs");
        File.WriteAllText(script, $"Console.WriteLine(\"{Line}\");\n");
        string gannet = Path.Combine(Repository, "gannet");
        string cache = Path.Combine(folder, "cache");
        Dictionary<string, string> environment = new() { ["XDG_CACHE_HOME"] = cache };
        List<Candidate> candidates =
        [
            new("apphost", BuildApphost(folder)),
            new("gannet, warm", gannet, script) { Environment = environment },
            new("gannet, cold", gannet, script)
            {
                Environment = new() { ["XDG_CACHE_HOME"] = cache + "-cold" },
                Prepare = () => DeleteIfPresent(cache + "-cold"),
            },
            new("dotnet run, warm", "dotnet", "run", script),
        ];
        if (PythonInterpreter.Find() is { } python)
        {
            candidates.Add(new Candidate("python3", python, "-c", $"print('{Line}')"));
        }

        return candidates;
    }

    /// <summary>Each candidate's times in milliseconds, in ascending order.</summary>
    private static List<(Candidate Candidate, double[] Times)> Measure(List<Candidate> candidates)
    {
        List<(Candidate Candidate, double[] Times)> results = [.. candidates.Select(candidate => (candidate, new double[Rounds]))];
        foreach (Candidate candidate in candidates)
        {
            candidate.Run(Line + "\n");
        }

        for (int round = 0; round < Rounds; round++)
        {
            foreach ((Candidate candidate, double[] times) in results)
            {
                times[round] = candidate.Run(Line + "\n");
            }
        }

        results.ForEach(result => Array.Sort(result.Times));
        return results;
    }

    private static void Print(List<(Candidate Candidate, double[] Times)> results)
    {
        double apphost = MedianOf("apphost");
        double dotnetRun = MedianOf("dotnet run, warm");
        Console.WriteLine($"{"",-18} {"median",9} {"quarter",9} {"3 quarters",11} {"/ apphost",10} {"/ dotnet run",13}");
        foreach ((Candidate candidate, double[] times) in results)
        {
            double median = times[Rounds / 2];
            Console.WriteLine(
                $"{candidate.Name,-18} {median,6:N1} ms {times[Rounds / 4],6:N1} ms {times[Rounds * 3 / 4],8:N1} ms {median / apphost,10:N2} {median / dotnetRun,13:N2}");
        }

        double MedianOf(string name) => results.Single(result => result.Candidate.Name == name).Times[Rounds / 2];
    }

    /// <summary>The same line as an ordinary program, built for release: the least that any program on .NET costs.</summary>
    private static string BuildApphost(string folder)
    {
        string project = Path.Combine(folder, "apphost");
        Directory.CreateDirectory(project);
        File.WriteAllText(Path.Combine(project, "hello.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(project, "Program.cs"), $"System.Console.WriteLine(\"{Line}\");\n");
        string output = Path.Combine(project, "out");
        using Process build = Process.Start(new ProcessStartInfo("dotnet", ["build", project, "-c", "Release", "-v", "quiet", "-nologo", "-o", output]))!;
        build.WaitForExit();
        return Path.Combine(output, "hello");
    }

    private static void DeleteIfPresent(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
