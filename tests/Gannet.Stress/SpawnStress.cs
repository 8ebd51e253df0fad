using Gannet.Interop;
using Gannet.Testing;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Stress;

/// <summary>Storms of children, one storm at a time: none is lost, none is left behind, and no descriptor either.</summary>
[Collection("Children of this process")]
public class SpawnStress
{
    private const int Threads = 8;
    private const int ShortCount = 20_000;
    private const int LongCount = 100_000;
    private const int FailureShare = 16;

    private static int Count => Environment.GetEnvironmentVariable("GANNET_STRESS") is "long" ? LongCount : ShortCount;

    [Fact]
    public void Thousands_of_children_from_eight_threads_leave_nothing_behind_while_the_collector_runs()
    {
        Run(0);
        int descriptors = Directory.GetFiles("/proc/self/fd").Length;
        using CancellationTokenSource done = new();
        Thread collector = new(() => Collect(done.Token));
        collector.Start();
        Parallel.For(0, Count, new ParallelOptions { MaxDegreeOfParallelism = Threads }, Run);
        done.Cancel();
        collector.Join();
        // The runtime keeps a few of its own for threads that it has started since.
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, descriptors + Threads);
        Assert.Empty(OwnTasks.Children());
    }

    private static void Collect(CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            GC.KeepAlive(new byte[100_000]);
            GC.Collect(1, GCCollectionMode.Forced, blocking: true);
            Thread.Sleep(1);
        }
    }

    // Some fail, with the child reaped by the spawn itself.
    private static void Run(int number)
    {
        if (number % FailureShare == 1)
        {
            Assert.Equal(Errno.ENOENT, Assert.Throws<OsException>(() => Spawner.Start(Request("/no/such", number))).Errno);
            return;
        }

        SpawnedChild child = Spawner.Start(Request("/bin/true", number));
        using SafeFileHandle? pidFd = child.PidFd;
        Assert.Equal(0, ChildWait.ForEnd(child).Status.ExitStatus);
    }

    private static SpawnRequest Request(string program, int number) => new()
    {
        Program = program,
        Arguments = ["true", $"{number}"],
        Environment = [],
        Fallbacks = (number % 4) switch
        {
            2 => SpawnOptions.WithoutClone3,
            3 => SpawnOptions.WithoutClone3 | SpawnOptions.WithoutClonePidFd | SpawnOptions.WithoutPidFdOpen,
            _ => SpawnOptions.None,
        },
    };
}
