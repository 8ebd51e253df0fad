using System.Diagnostics;

namespace Gannet.Benchmarks.Start;

/// <summary>A way to run one and the same small program, from its start to its end.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Program">The program to start.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Candidate(string Name, string Program, params string[] Arguments)
{
    /// <summary>What has to be undone before each run, outside the time that is taken; nothing for a warm start.</summary>
    public Action Prepare { get; init; } = () => { };

    /// <summary>Variables that the program gets beside the environment.</summary>
    public Dictionary<string, string> Environment { get; init; } = [];

    /// <summary>The time from just before the start to the end of the program, in milliseconds.</summary>
    /// <exception cref="InvalidOperationException">It printed something else than it should.</exception>
    public double Run(string expected)
    {
        Prepare();
        ProcessStartInfo start = new(Program, Arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double milliseconds = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        return output == expected ? milliseconds : throw new InvalidOperationException($"{Name} printed '{output}'.");
    }
}
