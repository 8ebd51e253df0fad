using System.Diagnostics;

namespace Gannet.Benchmarks.Processes;

/// <summary>How fast the lines of a child are read.</summary>
internal sealed class LinesComparison : Comparison
{
    private const int Rounds = 7;
    private const int TextSize = 1 << 27;

    private const string PythonLines = """
        import subprocess, sys, time
        start = time.perf_counter()
        count = 0
        with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE) as child:
            for line in child.stdout:
                count += len(line)
        print(time.perf_counter() - start, count)
        """;

    public override string Name => "lines";

    public override string Summary => "the lines of a child, as spans and as strings: Gannet, Process, MedallionShell, CPython";

    public override void Run()
    {
        string path = Path.GetTempFileName();
        try
        {
            PipePeers.WriteText(path, TextSize);
            Console.WriteLine($"cat of {TextSize >> 20} MiB in lines of 0 to 100 bytes:");
            ReadLines(PythonInterpreter.Find(), path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void ReadLines(string? python, string path)
    {
        Command command = Command.Of("cat", path);
        ThroughputTable table = new(Rounds, TextSize);
        table.Add("Process, StandardOutput.ReadLine", () =>
        {
            using Process process = PipePeers.StartProcess(["cat", path]);
            long count = 0;
            while (process.StandardOutput.ReadLine() is { } line)
            {
                count += line.Length + 1;
            }

            process.WaitForExit();
            return count;
        });
        table.Add("Gannet, Command.Utf8Lines", () =>
        {
            long count = 0;
            foreach (ReadOnlySpan<byte> line in command.Utf8Lines())
            {
                count += line.Length + 1;
            }

            return count;
        });
        table.Add("Gannet, Command.Utf8LinesAsync", () => CountLinesAsync(command).GetAwaiter().GetResult());
        table.Add("Gannet, Command.Lines", () => CountLines(command.Lines()));
        table.Add("MedallionShell, StandardOutput.GetLines", () =>
            CountLines(Medallion.Shell.Command.Run("cat", path).StandardOutput.GetLines()));
        table.Add("CPython, for line in stdout (bytes)", python is null ? null : () => PipePeers.AskPython(python, PythonLines, ["cat", path]));
        table.Print();
    }

    private static long CountLines(IEnumerable<string> lines)
    {
        long count = 0;
        foreach (string line in lines)
        {
            count += line.Length + 1;
        }

        return count;
    }

    private static async Task<long> CountLinesAsync(Command command)
    {
        long count = 0;
        await foreach (ReadOnlyMemory<byte> line in command.Utf8LinesAsync())
        {
            count += line.Length + 1;
        }

        return count;
    }
}
