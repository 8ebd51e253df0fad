using System.Diagnostics;
using System.Globalization;

namespace Gannet.Benchmarks.Processes;

/// <summary>What comes through a pipe from a child: bytes, lines, and small outputs as a whole.</summary>
internal sealed class PipesComparison : Comparison
{
    private const int Rounds = 7;
    private const long Bulk = 1L << 30;
    private const int ChunkSize = 1 << 18;
    private const int TextSize = 1 << 28;
    private const int SmallRounds = 25;
    private const int SmallCount = 40;
    private const int SmallSize = 16384;

    private const string PythonRead = """
        import os, subprocess, sys, time
        start = time.perf_counter()
        child = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE, bufsize=0)
        buffer, count, fd = bytearray(int(sys.argv[1])), 0, child.stdout.fileno()
        while got := os.readv(fd, [buffer]):
            count += got
        child.wait()
        print(time.perf_counter() - start, count)
        """;

    private const string PythonLines = """
        import subprocess, sys, time
        start = time.perf_counter()
        count = 0
        with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE) as child:
            for line in child.stdout:
                count += len(line)
        print(time.perf_counter() - start, count)
        """;

    private const string PythonCapture = """
        import subprocess, sys, time
        start = time.perf_counter()
        for i in range(int(sys.argv[1])):
            output = subprocess.check_output(sys.argv[2:])
        print(time.perf_counter() - start, len(output))
        """;

    private static readonly string[] s_writer = ["dd", "if=/dev/zero", "bs=1M", $"count={Bulk >> 20}", "status=none"];

    public override string Name => "pipes";

    public override string Summary => "1 GiB read from a child, its lines, captures of 16 KiB: Gannet, Process, MedallionShell, CPython";

    public override void Run()
    {
        string? python = PythonInterpreter.Find();
        string folder = Directory.CreateTempSubdirectory("gannet-pipes-").FullName;
        try
        {
            Console.WriteLine($"{string.Join(' ', s_writer)}:");
            ReadBulk(python);
            string text = Path.Combine(folder, "text"), small = Path.Combine(folder, "small");
            WriteText(text, TextSize);
            WriteText(small, SmallSize);
            Console.WriteLine($"cat of {TextSize >> 20} MiB in lines of 0 to 100 bytes:");
            ReadLines(python, text);
            Console.WriteLine($"cat of {SmallSize >> 10} KiB, captured:");
            Capture(python, small);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void ReadBulk(string? python)
    {
        Command command = Command.Of(s_writer[0], s_writer[1..]);
        byte[] buffer = new byte[ChunkSize];
        ThroughputTable table = new(Rounds, Bulk);
        table.Add("CPython, os.readv", python is null ? null : () => AskPython(python, PythonRead, [$"{ChunkSize}", .. s_writer]));
        table.Add("Gannet, Child.Stdout.Read", () =>
        {
            using Child child = command.WithStdout(Stdio.Pipe).Start();
            long count = Count(child.Stdout, buffer);
            child.Wait();
            return count;
        });
        table.Add("Gannet, Child.Stdout.ReadAsync", () => CountAsync(command, buffer).GetAwaiter().GetResult());
        table.Add("Gannet, command | cat", () =>
        {
            using ChildPipeline children = (command | Command.Of("cat").WithStdout(Stdio.Pipe)).Start();
            long count = Count(children.Stdout, buffer);
            children.Wait();
            return count;
        });
        table.Add("Gannet, Run into a Stream", () =>
        {
            using CountingStream stream = new();
            command.WithStdout(Stdio.Stream(stream)).Run();
            return stream.Count;
        });
        table.Add("Process, BaseStream.Read", () =>
        {
            using Process process = StartProcess(s_writer);
            long count = Count(process.StandardOutput.BaseStream, buffer);
            process.WaitForExit();
            return count;
        });
        table.Print();
    }

    private static void ReadLines(string? python, string path)
    {
        Command command = Command.Of("cat", path);
        ThroughputTable table = new(Rounds, TextSize);
        table.Add("Process, StandardOutput.ReadLine", () =>
        {
            using Process process = StartProcess(["cat", path]);
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
        table.Add("Gannet, Command.Lines", () => command.Lines().Sum(line => line.Length + 1L));
        table.Add("MedallionShell, StandardOutput.GetLines", () =>
            Medallion.Shell.Command.Run("cat", path).StandardOutput.GetLines().Sum(line => line.Length + 1L));
        table.Add("CPython, for line in stdout (bytes)", python is null ? null : () => AskPython(python, PythonLines, ["cat", path]));
        table.Print();
    }

    private static void Capture(string? python, string path)
    {
        Command command = Command.Of("cat", path);
        TurnTable table = new(SmallRounds, SmallCount);
        table.Add("Process, ReadToEnd + WaitForExit", () =>
        {
            using Process process = StartProcess(["cat", path]);
            Check(process.StandardOutput.ReadToEnd().Length);
            process.WaitForExit();
        });
        table.Add("Gannet, Command.CaptureBytes", () => Check(command.CaptureBytes().Output.Length));
        table.Add("Gannet, Command.Capture", () => Check(command.Capture().Output.Length));
        table.Add("Gannet, Capture, error inherited", () => Check(command.WithStderr(Stdio.Inherit).Capture().Output.Length));
        table.Add("Gannet, Command.CaptureAsync", () => Check(command.CaptureAsync().GetAwaiter().GetResult().Output.Length));
        table.Add("MedallionShell, Run + Result", () => Check(Medallion.Shell.Command.Run("cat", path).Result.StandardOutput.Length));
        if (python is not null)
        {
            table.AddForeign("CPython, subprocess.check_output", count => AskPython(python, PythonCapture, [$"{count}", "cat", path]).Seconds);
        }

        table.Print();
    }

    private static void Check(int length)
    {
        if (length != SmallSize)
        {
            throw new InvalidOperationException($"{length} bytes came");
        }
    }

    private static long Count(Stream stream, byte[] buffer)
    {
        long count = 0;
        for (int got; (got = stream.Read(buffer)) > 0;)
        {
            count += got;
        }

        return count;
    }

    private static async Task<long> CountAsync(Command command, byte[] buffer)
    {
        using Child child = command.WithStdout(Stdio.Pipe).Start();
        long count = 0;
        for (int got; (got = await child.Stdout.ReadAsync(buffer)) > 0;)
        {
            count += got;
        }

        await child.WaitAsync();
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

    private static Process StartProcess(string[] words) =>
        Process.Start(new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false, RedirectStandardOutput = true })!;

    private static (double Seconds, long Count) AskPython(string python, string program, string[] arguments)
    {
        string[] answer = Command.Of(python, ["-c", program, .. arguments]).Capture().EnsureSuccess().Output.Split(' ');
        return (double.Parse(answer[0], CultureInfo.InvariantCulture), long.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    private static void WriteText(string path, int size)
    {
        const string Words = "the quick brown fox jumps over the lazy dog and runs away from all the noise of the wide world beyond these hills";
        const int LongestLine = 100;
        Random random = new(1);
        using StreamWriter writer = new(path);
        for (int left = size; left > 0;)
        {
            int length = Math.Min(random.Next(LongestLine + 1), left - 1);
            writer.Write(Words.AsSpan(0, length));
            writer.Write('\n');
            left -= length + 1;
        }
    }

    private sealed class CountingStream : MemoryStream
    {
        public long Count { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer) => Count += buffer.Length;
    }
}
