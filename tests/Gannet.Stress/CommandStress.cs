using System.Collections.Concurrent;
using Gannet.Testing;

namespace Gannet.Stress;

/// <summary>Commands in every way of running and waiting at once, cancelled and out of time at random: each child's end is told
/// exactly as it was, and nothing is left behind.</summary>
[Collection("Children of this process")]
public class CommandStress
{
    private const int Workers = 8;
    private const int ShortCount = 2_000;
    private const int LongCount = 40_000;
    private const int Ways = 8;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static int Count => Environment.GetEnvironmentVariable("GANNET_STRESS") is "long" ? LongCount : ShortCount;

    [Fact]
    public async Task Commands_in_every_way_at_once_leave_nothing_behind()
    {
        ConcurrentDictionary<int, int> expected = new();
        for (int way = 0; way < Ways; way++)
        {
            await RunAsync(way, expected);
        }

        CollectEnds(expected);
        int descriptors = Directory.GetFiles("/proc/self/fd").Length;
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = Workers }, async (number, _) => await RunAsync(number, expected));
        CollectEnds(expected);
        Assert.True(SpinWait.SpinUntil(() => OwnTasks.Children().Length == 0, s_patience), $"left: {string.Join(' ', OwnTasks.Children())}");

        // The runtime keeps a few of its own for threads that it has started since.
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, descriptors + Workers);
    }

    private static async Task RunAsync(int number, ConcurrentDictionary<int, int> expected)
    {
        int status = number / Ways % 200;
        Command command = Command.Of("/bin/sh", "-c", $"exit {status}");
        switch (number % Ways)
        {
            case 0:
                Assert.Equal(status, command.Run().Status.ExitStatus);
                break;
            case 1:
                Assert.Equal(status, (await command.RunAsync()).Status.ExitStatus);
                break;
            case 2:
                string text = new('x', number * 37 % 200_000);
                Assert.Equal(text, (await Command.Of("cat").WithInput(text).CaptureAsync()).Output);
                break;
            case 3:
                using (Child child = command.Start())
                {
                    Assert.Equal(status, (await child.WaitAsync()).ExitStatus);
                }

                break;
            case 4:
                // Its end is told to a wait for any child, at the end of it all or to somebody who asks meanwhile.
                Child untold = command.Start();
                Assert.True(expected.TryAdd(untold.Pid, status));
                TakeOne(expected);
                GC.KeepAlive(untold);
                break;
            case 5:
                using (CancellationTokenSource cancellation = new(number % 3))
                {
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Command.Of("sleep", "100").RunAsync(cancellationToken: cancellation.Token));
                }

                break;
            case 6:
                CommandTimeoutException late = Assert.Throws<CommandTimeoutException>(
                    () => Command.Of("/bin/sh", "-c", "sleep 100 & wait").WithTermination(Signal.SIGTERM, s_patience, wholeGroup: true)
                        .Capture(TimeSpan.FromMilliseconds(number % 5)));
                Assert.Equal((Signal.SIGTERM, false), (late.Result.Status.TermSignal, late.Result.OutputAbandoned));
                break;
            default:
                command.Start().Dispose();
                break;
        }
    }

    private static void TakeOne(ConcurrentDictionary<int, int> expected)
    {
        if (Os.WaitPid(-1, WaitOptions.WNOHANG) is { Pid: > 0 } ended)
        {
            Take(ended.Pid, ended.Status, expected);
        }
    }

    private static void CollectEnds(ConcurrentDictionary<int, int> expected)
    {
        foreach ((int pid, WaitStatus status) in Os.WaitAll(s_patience))
        {
            Take(pid, status, expected);
        }

        Assert.Empty(expected);
    }

    // The children of the other ways are told where they are waited for, or lost with what was disposed of.
    private static void Take(int pid, WaitStatus status, ConcurrentDictionary<int, int> expected)
    {
        if (expected.TryRemove(pid, out int exitStatus))
        {
            Assert.Equal(exitStatus, status.ExitStatus);
        }
    }
}
