#!/usr/bin/env gannet
#:project ../src/Gannet
#:package Spectre.Console@0.49.1

// Runs command lines, several at once, and gives the output of each in the order of the list:
//     parallel.cs -j 4 'make a' 'make b' 'make c'
using Gannet;
using Spectre.Console;

const string Usage = "usage: parallel.cs [-x] [-j jobs] [command ...]\n"
    + "Without commands, their lines are read from standard input. With -x the first failure stops all.";

return Sys.Run(async () =>
{
    int jobs = Environment.ProcessorCount;
    bool stopsAtFailure = false;
    IReadOnlyList<string> commands;
    try
    {
        (IReadOnlyList<ParsedOption> options, commands) = GetOpt.Parse(args, "j:x");
        foreach (ParsedOption option in options)
        {
            jobs = option.Name is "-j" ? int.Parse(option.Value) : jobs;
            stopsAtFailure |= option.Name is "-x";
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(jobs, 1);
    }
    catch (Exception error) when (error is GetOptException or FormatException or OverflowException or ArgumentOutOfRangeException)
    {
        Console.Error.WriteLine($"parallel: {(error is GetOptException ? error.Message : "-j takes a number, 1 or more")}\n{Usage}");
        return 2;
    }

    commands = commands.Count > 0 ? commands : [.. Lines(Sys.Stdin)];
    if (!Os.IsATty(2))
    {
        return await RunAsync(commands, jobs, stopsAtFailure, Sys.Stdout.Write, () => { });
    }

    // A bar on the terminal; what goes there too has to be written above it.
    IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    Action<string> write = Os.IsATty(1) ? text => terminal.Write(new Text(text)) : Sys.Stdout.Write;
    return await terminal.Progress().AutoClear(true).StartAsync(async context =>
    {
        ProgressTask bar = context.AddTask("commands", maxValue: Math.Max(1, commands.Count));
        return await RunAsync(commands, jobs, stopsAtFailure, write, () => bar.Increment(1));
    });
});

// Gives the first status in the list that is no success.
static async Task<int> RunAsync(IReadOnlyList<string> commands, int jobs, bool stopsAtFailure, Action<string> write, Action onEnd)
{
    using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Signals.Shutdown);
    using SemaphoreSlim free = new(jobs);
    List<Task<CapturedText?>> runs = [.. commands.Select(RunOneAsync)];
    int status = 0;
    try
    {
        foreach (Task<CapturedText?> run in runs)
        {
            if (await run is { } ended)
            {
                write(ended.Output);
                status = status is 0 ? ended.Status.ShellStatus ?? 0 : status;
            }
        }
    }
    finally
    {
        // Whatever has gone wrong: no command is left to itself.
        await stop.CancelAsync();
        await Task.WhenAll((IEnumerable<Task>)runs).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    return Signals.ShutdownSignal is { } asked ? 128 + (int)asked.Signal : status;

    // Null for one that has not run, or not to its end. What it has started ends with it.
    async Task<CapturedText?> RunOneAsync(string line)
    {
        try
        {
            await free.WaitAsync(stop.Token);
            try
            {
                CapturedText ended = await Command.Of("/bin/sh", "-c", line)
                    .WithStdin(Stdio.Null).WithMergedOutput().WithTermination(Signal.SIGTERM, TimeSpan.FromSeconds(5), wholeGroup: true)
                    .CaptureAsync(cancellationToken: stop.Token);
                if (stopsAtFailure && !ended.Succeeded)
                {
                    await stop.CancelAsync();
                }

                onEnd();
                return ended;
            }
            finally
            {
                free.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch
        {
            // One that can't be started, say, or that writes too much: the others end with this program.
            await stop.CancelAsync();
            throw;
        }
    }
}

static IEnumerable<string> Lines(TextReader reader)
{
    while (reader.ReadLine() is { } line)
    {
        if (!string.IsNullOrWhiteSpace(line))
        {
            yield return line;
        }
    }
}
