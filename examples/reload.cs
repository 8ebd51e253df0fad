#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// A service as init systems and logrotate like it: SIGHUP rereads the configuration, SIGUSR1 opens the log again after it was
// renamed, SIGTERM and SIGINT finish the job at hand and end. A second SIGTERM or SIGINT means now.
if (args is not [string configuration, string log])
{
    Console.Error.WriteLine("usage: reload.cs CONFIGURATION LOG");
    return 2;
}

return await Sys.RunAsync(async () =>
{
    // From here on no signal is missed: deliveries wait in the stream until the loop takes them.
    using SignalStream requests = Signals.Stream(Signal.SIGHUP, Signal.SIGUSR1);
    using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Signals.Shutdown);
    string greeting = File.ReadAllText(configuration).Trim();
    StreamWriter writer = OpenLog();
    Write($"started: {greeting}");
    Console.WriteLine("ready");
    try
    {
        await foreach (SignalInfo request in requests.WithCancellation(end.Token))
        {
            if (request.Signal is Signal.SIGHUP)
            {
                greeting = File.ReadAllText(configuration).Trim();
                Write($"configuration: {greeting}");
            }
            else
            {
                writer.Dispose();
                writer = OpenLog();
                Write("log opened");
            }
        }
    }
    catch (OperationCanceledException)
    {
        // The work that has begun is finished first.
        await Task.Delay(100);
        Write($"drained after {Signals.ShutdownSignal?.Signal}");
    }

    writer.Dispose();

    StreamWriter OpenLog() => new(log, append: true) { AutoFlush = true };

    void Write(string line)
    {
        writer.WriteLine(line);
        Console.WriteLine(line);
    }
});
