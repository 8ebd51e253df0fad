using System.Globalization;

namespace Gannet.Benchmarks.Processes;

/// <summary>How long the parent waits for a fork, by the memory that it has; the child ends at once. Each peer is a program that does nothing else.</summary>
internal sealed class ForkComparison : Comparison
{
    private const int Rounds = 15;
    private const int Operations = 20;
    private static readonly int[] s_heaps = [10, 100, 1024];

    private const string PythonLoop = """
        import os, sys, time
        count, ballast = int(sys.argv[1]), bytearray(int(sys.argv[2]) << 20)
        for i in range(0, len(ballast), 4096):
            ballast[i] = 1
        total = 0
        for i in range(count):
            start = time.perf_counter()
            pid = os.fork()
            if not pid:
                os._exit(0)
            total += time.perf_counter() - start
            os.waitpid(pid, 0)
        print(total)
        """;

    private const string CLoop = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/wait.h>
        #include <time.h>
        #include <unistd.h>

        static double now(void)
        {
            struct timespec time;
            clock_gettime(CLOCK_MONOTONIC, &time);
            return time.tv_sec + time.tv_nsec / 1e9;
        }

        int main(int argc, char **argv)
        {
            size_t size = (size_t)atol(argv[2]) << 20;
            volatile char *ballast = malloc(size);
            double total = 0;
            (void)argc;
            for (size_t i = 0; i < size; i += 4096)
            {
                ballast[i] = 1;
            }

            for (int i = 0; i < atoi(argv[1]); i++)
            {
                double start = now();
                pid_t child = fork();
                if (child == 0)
                {
                    _exit(0);
                }

                total += now() - start;
                waitpid(child, 0, 0);
            }

            printf("%.9f\n", total);
            return 0;
        }
        """;

    public override string Name => "fork";

    public override string Summary => "the time in fork() with 10 MB, 100 MB and 1 GB of touched memory: C, CPython, Gannet; servers with forked workers";

    public override void Run()
    {
        PreforkServers.Compare();
        string folder = Directory.CreateTempSubdirectory("gannet-bench-").FullName;
        string source = Path.Combine(folder, "fork.c"), inC = Path.Combine(folder, "fork");
        File.WriteAllText(source, CLoop);
        Read("cc", "-O2", "-o", inC, source);
        foreach (int heap in s_heaps)
        {
            Console.WriteLine($"{heap} MiB:");
            Measure(inC, heap);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void Measure(string inC, int heap)
    {
        TurnTable table = new(Rounds, Operations);
        table.AddForeign("C, fork", count => Seconds(inC, $"{count}", $"{heap}"));
        if (PythonInterpreter.Find() is { } python)
        {
            table.AddForeign("CPython, os.fork", count => Seconds(python, "-c", PythonLoop, $"{count}", $"{heap}"));
        }

        using ForkingProgram program = new(heap, hasProtectedCode: true), unprotected = new(heap, hasProtectedCode: false);
        table.AddForeign("Gannet, Os.Fork", program.Measure);
        table.AddForeign("Gannet, Os.Fork without W^X", unprotected.Measure);
        table.Print();
    }

    private static double Seconds(params string[] command) => double.Parse(Read(command), CultureInfo.InvariantCulture);

    private static string Read(params string[] command) => Command.Of(command[0], command[1..]).Capture().EnsureSuccess().Output;
}
