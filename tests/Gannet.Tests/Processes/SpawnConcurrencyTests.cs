using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Processes;

[Collection(Spawned.Collection)]
public class SpawnConcurrencyTests
{
    private const int Children = 2_000;
    private const int Threads = 8;
    private const int BytesAllowed = 1024;

    [Fact]
    public void Two_thousand_children_from_eight_threads_are_all_reaped()
    {
        int[] pids = new int[Children];
        Parallel.For(0, Children, new ParallelOptions { MaxDegreeOfParallelism = Threads }, i =>
        {
            SpawnedChild child = Spawner.Start(True());
            using SafeFileHandle? pidFd = child.PidFd;
            pids[i] = child.Pid;
            if (i % 100 == 0)
            {
                GC.Collect();
            }

            Assert.Equal("exit 0", ChildWait.ForEnd(child).Status.ToString());
        });
        HashSet<string> zombies = [.. Spawned.Zombies().Select(stat => stat.Split(' ')[0])];
        Assert.DoesNotContain(pids, pid => zombies.Contains($"{pid}"));
    }

    [Fact]
    public void A_spawn_and_its_wait_allocate_less_than_a_kibibyte()
    {
        SpawnRequest request = True();
        Once(request);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Once(request);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesAllowed);
    }

    private static SpawnRequest True() => new() { Program = "true", Arguments = ["true"], Environment = ["PATH=/usr/bin:/bin"u8.ToArray()] };

    private static void Once(SpawnRequest request)
    {
        SpawnedChild child = Spawner.Start(request);
        using SafeFileHandle? pidFd = child.PidFd;
        ChildWait.ForEnd(child);
    }
}
