using System.Diagnostics;

namespace Gannet.Benchmarks.Processes;

/// <summary>What it costs to start a small program and to have its output as a whole.</summary>
internal sealed class CaptureComparison : Comparison
{
    private const int Rounds = 25;
    private const int Operations = 40;
    private const int Size = 16384;

    private const string PythonCapture = """
        import subprocess, sys, time
        start = time.perf_counter()
        for i in range(int(sys.argv[1])):
            output = subprocess.check_output(sys.argv[2:])
        print(time.perf_counter() - start, len(output))
        """;

    public override string Name => "capture";

    public override string Summary => "16 KiB captured from a child: Gannet, Process, MedallionShell, C, CPython";

    public override void Run()
    {
        string path = Path.GetTempFileName();
        try
        {
            PipePeers.WriteText(path, Size);
            Console.WriteLine($"cat of {Size >> 10} KiB, captured:");
            Capture(PythonInterpreter.Find(), path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Capture(string? python, string path)
    {
        Command command = Command.Of("cat", path);
        TurnTable table = new(Rounds, Operations);
        table.Add("Process, ReadToEnd + WaitForExit", () =>
        {
            using Process process = PipePeers.StartProcess(["cat", path]);
            Check(process.StandardOutput.ReadToEnd().Length);
            process.WaitForExit();
        });
        table.Add("Gannet, Command.CaptureBytes", () => Check(command.CaptureBytes().Output.Length));
        table.Add("Gannet, Command.Capture", () => Check(command.Capture().Output.Length));
        table.Add("Gannet, Capture, error inherited", () => Check(command.WithStderr(Stdio.Inherit).Capture().Output.Length));
        table.Add("Gannet, Command.CaptureAsync", () => Check(command.CaptureAsync().GetAwaiter().GetResult().Output.Length));
        table.Add("MedallionShell, Run + Result", () => Check(Medallion.Shell.Command.Run("cat", path).Result.StandardOutput.Length));
        PosixSpawn cat = new("/bin/cat", path);
        byte[] buffer = new byte[2 * Size];
        table.Add("C, posix_spawn, read, waitpid", () => Check(cat.Capture(buffer)));
        if (python is not null)
        {
            table.AddForeign("CPython, subprocess.check_output", count => PipePeers.AskPython(python, PythonCapture, [$"{count}", "cat", path]).Seconds);
        }

        table.Print();
    }

    private static void Check(int length)
    {
        if (length != Size)
        {
            throw new InvalidOperationException($"{length} bytes came");
        }
    }
}
