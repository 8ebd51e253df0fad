using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Gannet.Benchmarks.Processes;

/// <summary>Starting the smallest program and waiting for its end, in a small process and in one with 4 GiB of resident memory.</summary>
internal sealed class SpawnComparison : Comparison
{
    private const int Rounds = 25;
    private const int Operations = 40;
    private const string Program = "/bin/true";
    private const long Ballast = 4L << 30;
    private const long Reserve = 2L << 30;
    private static readonly nuint s_pages = (nuint)(Ballast / Environment.SystemPageSize);

    private const string PythonLoop = """
        import subprocess, sys, time
        count = int(sys.argv[1])
        start = time.perf_counter()
        for i in range(count):
            subprocess.run(["/bin/true"])
        print(time.perf_counter() - start)
        """;

    public override string Name => "spawn";

    public override string Summary => "starting /bin/true and waiting for it: posix_spawn, Gannet, Process, MedallionShell, CPython; with 4 GiB resident";

    public override void Run()
    {
        Console.WriteLine("A small process:");
        Table(withPeers: true).Print();

        if (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < Ballast + Reserve)
        {
            Console.WriteLine("4 GiB resident: not measured, the machine has less than 6 GiB.");
            return;
        }

        Console.WriteLine("With 4 GiB resident:");
        nint ballast = Fill();
        Table(withPeers: false).Print();
        Free(ballast);
    }

    private static TurnTable Table(bool withPeers)
    {
        TurnTable table = new(Rounds, Operations);
        PosixSpawn spawn = new(Program);
        Command command = Command.Of(Program);
        table.Add("C, posix_spawn + waitpid", spawn.Run);
        table.Add("Gannet, Command.Run", () => command.Run());
        table.Add("Gannet, Command.Start + Child.Wait", () =>
        {
            using Child child = command.Start();
            child.Wait();
        });
        table.Add("Gannet, Command.RunAsync", () => command.RunAsync().GetAwaiter().GetResult());
        table.Add("System.Diagnostics.Process", () =>
        {
            using Process process = Process.Start(new ProcessStartInfo(Program) { UseShellExecute = false })!;
            process.WaitForExit();
        });
        if (withPeers)
        {
            table.Add("MedallionShell, Run + Wait", () => Medallion.Shell.Command.Run(Program).Wait());
            if (PythonInterpreter.Find() is { } python)
            {
                table.AddForeign("CPython, subprocess.run", count => double.Parse(
                    Command.Of(python, "-c", PythonLoop, $"{count}").Capture().EnsureSuccess().Output, CultureInfo.InvariantCulture));
            }
        }

        return table;
    }

    private static unsafe nint Fill()
    {
        byte* memory = (byte*)NativeMemory.Alloc(s_pages, (nuint)Environment.SystemPageSize);
        for (long at = 0; at < Ballast; at += Environment.SystemPageSize)
        {
            memory[at] = 1;
        }

        return (nint)memory;
    }

    private static unsafe void Free(nint memory) => NativeMemory.Free((void*)memory);
}
