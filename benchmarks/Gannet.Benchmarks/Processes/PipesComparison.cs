using System.Diagnostics;

namespace Gannet.Benchmarks.Processes;

/// <summary>How fast bytes come through a pipe from a child.</summary>
internal sealed class PipesComparison : Comparison
{
    private const int Rounds = 7;
    private const long Bulk = 1L << 30;
    private const int ChunkSize = 1 << 18;

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

    private static readonly string[] s_writer = ["dd", "if=/dev/zero", "bs=1M", $"count={Bulk >> 20}", "status=none"];

    public override string Name => "pipes";

    public override string Summary => "1 GiB read from a child: Gannet, Process, CPython";

    public override void Run()
    {
        Console.WriteLine($"{string.Join(' ', s_writer)}:");
        ReadBulk(PythonInterpreter.Find());
    }

    private static void ReadBulk(string? python)
    {
        Command command = Command.Of(s_writer[0], s_writer[1..]);
        byte[] buffer = new byte[ChunkSize];
        ThroughputTable table = new(Rounds, Bulk);
        table.Add("CPython, os.readv", python is null ? null : () => PipePeers.AskPython(python, PythonRead, [$"{ChunkSize}", .. s_writer]));
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
            using Process process = PipePeers.StartProcess(s_writer);
            long count = Count(process.StandardOutput.BaseStream, buffer);
            process.WaitForExit();
            return count;
        });
        table.Print();
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

    private sealed class CountingStream : MemoryStream
    {
        public long Count { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer) => Count += buffer.Length;
    }
}
