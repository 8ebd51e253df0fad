using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Gannet.Benchmarks.Processes;

/// <summary>A process of its own that forks when it is told to, so that nothing of the benchmark's is copied.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ForkingProgram : IDisposable
{
    private const int Mebibyte = 1 << 20;

    private readonly Child _child;
    private readonly StreamWriter _orders;
    private readonly StreamReader _answers;

    /// <summary>Starts it.</summary>
    /// <param name="heap">How much memory it touches, in MiB.</param>
    /// <param name="hasProtectedCode">Whether its code is never writable and executable in one place (W^X), as is the runtime's default.</param>
    public ForkingProgram(int heap, bool hasProtectedCode)
    {
        _child = Command.OfSelf(Serve, $"{heap}")
            .WithVariable("DOTNET_EnableWriteXorExecute", hasProtectedCode ? "1" : "0")
            .WithStdin(Stdio.Pipe).WithStdout(Stdio.Pipe).Start();
        _orders = new(_child.Stdin) { AutoFlush = true };
        _answers = new(_child.Stdout);
    }

    /// <summary>What the process does: for each number that it reads it forks so often, and writes the seconds.</summary>
    public static int Serve(string[] arguments)
    {
        byte[][] ballast = Fill(int.Parse(arguments[0], CultureInfo.InvariantCulture));
        while (Console.ReadLine() is { } order)
        {
            Console.WriteLine(Time(int.Parse(order, CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture));
        }

        GC.KeepAlive(ballast);
        return 0;
    }

    /// <summary>Has it fork so often, and gives the seconds that it spent in the calls.</summary>
    public double Measure(int count)
    {
        _orders.WriteLine(count);
        return double.Parse(_answers.ReadLine()!, CultureInfo.InvariantCulture);
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _orders.Dispose();
        _answers.Dispose();
        _child.Wait();
        _child.Dispose();
    }

    private static byte[][] Fill(int heap)
    {
        byte[][] ballast = new byte[heap][];
        for (int i = 0; i < heap; i++)
        {
            ballast[i] = new byte[Mebibyte];
            Array.Fill(ballast[i], (byte)1);
        }

        GC.Collect();
        return ballast;
    }

    private static double Time(int count)
    {
        double total = 0;
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            int pid = Os.Fork();
            if (pid == 0)
            {
                Os.ExitNow(0);
            }

            total += Stopwatch.GetElapsedTime(start).TotalSeconds;
            Os.WaitPid(pid);
        }

        return total;
    }
}
