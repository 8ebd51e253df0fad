using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gannet.Benchmarks;

/// <summary>
/// From kill to the handler: the time from just before the call to the first line of the handler. The candidates run in turn, round
/// after round, with a pause before each signal, as signals come in life: the thread to be woken sleeps.
/// </summary>
internal sealed class SignalComparison : Comparison
{
    private const int Rounds = 12;
    private const int Samples = 1000;
    private const int StormSignals = 100_000;
    private static readonly TimeSpan s_pause = TimeSpan.FromMicroseconds(50);
    private static readonly int s_pid = Environment.ProcessId;

    private long _sent;
    private long _received;
    private int _handled;

    public override string Name => "signals";

    public override string Summary => "kill to handler and storms: Gannet, Gannet's pump, the same in C, PosixSignalRegistration, CPython";

    public override void Run()
    {
        string folder = Directory.CreateTempSubdirectory("gannet-bench-signals-").FullName;
        try
        {
            RunRoundTrips(SignalPeers.BuildC(folder));
            RunStorms();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void RunRoundTrips(string? peerInC)
    {
        Signals.Set(Signal.SIGUSR1, (_, _) => Receive());
        using PosixSignalRegistration registration = PosixSignalRegistration.Create((PosixSignal)(int)Signal.SIGUSR2, context =>
        {
            context.Cancel = true;
            Receive();
        });
        List<(string Name, Func<IEnumerable<double>> Measure, List<double> Times)> candidates =
        [
            ("Gannet", () => MeasureHere(Signal.SIGUSR1), []),
            ("Gannet, Pump", MeasurePump, []),
            ("PosixSignalRegistration", () => MeasureHere(Signal.SIGUSR2), []),
            ("CPython", () => SignalPeers.MeasurePython(Samples), []),
        ];
        if (peerInC is not null)
        {
            candidates.Insert(0, ("C", () => SignalPeers.MeasureC(peerInC, Samples), []));
        }

        MeasureHere(Signal.SIGUSR1);
        MeasureHere(Signal.SIGUSR2);
        MeasurePump();
        for (int round = 0; round < Rounds; round++)
        {
            candidates.ForEach(candidate => candidate.Times.AddRange(candidate.Measure()));
        }

        candidates.ForEach(candidate => candidate.Times.Sort());
        // What else the machine does adds to the longer ones.
        double baseline = candidates[0].Times[candidates[0].Times.Count / 4];
        Console.WriteLine($"{"kill to handler",-26} {"quarter",12} {"median",12} {"3 quarters",13} {"/ " + candidates[0].Name,8}");
        foreach ((string name, _, List<double> times) in candidates.Where(candidate => candidate.Times.Count > 0))
        {
            double median = times[times.Count / 2];
            Console.WriteLine($"{name,-26} {times[times.Count / 4],9:N0} ns {median,9:N0} ns {times[times.Count * 3 / 4],10:N0} ns {times[times.Count / 4] / baseline,8:N2}");
        }
    }

    private void RunStorms()
    {
        Console.WriteLine();
        Console.WriteLine($"{"storm",-26} {"each",12} {"a second",12} {"allocated",13}");
        Signals.Set(Signal.SIGUSR1, (_, _) => Interlocked.Increment(ref _handled));
        RunStorm("Gannet", Signal.SIGUSR1);
        using PosixSignalRegistration registration = PosixSignalRegistration.Create((PosixSignal)(int)Signal.SIGUSR2, context =>
        {
            context.Cancel = true;
            Interlocked.Increment(ref _handled);
        });
        RunStorm("PosixSignalRegistration", Signal.SIGUSR2);
    }

    // To the thread itself, which takes each before it sends the next: all of them are delivered.
    private void RunStorm(string name, Signal signal)
    {
        _handled = 0;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < StormSignals; i++)
        {
            Signals.Raise(signal);
        }

        while (Volatile.Read(ref _handled) < StormSignals)
        {
            Thread.Yield();
        }

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Console.WriteLine($"{name,-26} {time.TotalNanoseconds / StormSignals,9:N0} ns {StormSignals / time.TotalSeconds,12:N0} {(double)allocated / StormSignals,11:N1} B");
    }

    private List<double> MeasureHere(Signal signal)
    {
        List<double> times = new(Samples);
        for (int i = 0; i < Samples; i++)
        {
            Pause();
            _handled = 0;
            _sent = Stopwatch.GetTimestamp();
            Os.Kill(s_pid, signal);
            while (Volatile.Read(ref _handled) == 0)
            {
            }

            times.Add(Stopwatch.GetElapsedTime(_sent, _received).TotalNanoseconds);
        }

        return times;
    }

    // As in CPython the thread that sends is the one that handles: the handler sends the next.
    private List<double> MeasurePump()
    {
        List<double> times = new(Samples);
        using CancellationTokenSource done = new();
        SignalHandler before = Signals.Set(Signal.SIGUSR1, (_, _) =>
        {
            times.Add(Stopwatch.GetElapsedTime(_sent).TotalNanoseconds);
            if (times.Count == Samples)
            {
                done.Cancel();
                return;
            }

            Pause();
            _sent = Stopwatch.GetTimestamp();
            Os.Kill(s_pid, Signal.SIGUSR1);
        });
        try
        {
            using IDisposable hold = Signals.Hold();
            _sent = Stopwatch.GetTimestamp();
            Os.Kill(s_pid, Signal.SIGUSR1);
            hold.Dispose();
            Signals.Pump(Timeout.InfiniteTimeSpan, done.Token);
        }
        catch (OperationCanceledException)
        {
            // All have come.
        }

        Signals.Set(Signal.SIGUSR1, before);
        return times;
    }

    private static void Pause()
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_pause)
        {
        }
    }

    private void Receive()
    {
        _received = Stopwatch.GetTimestamp();
        Volatile.Write(ref _handled, 1);
    }
}
