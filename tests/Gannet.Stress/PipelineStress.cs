using Gannet.Testing;
namespace Gannet.Stress;

/// <summary>Much through pipelines, and many of them: memory stays steady, and nothing is left behind.</summary>
[Collection("Children of this process")]
public class PipelineStress
{
    private const long FirstBytes = 1L << 20;
    private const long ShortBytes = 128L << 20;
    private const long LongBytes = 1L << 30;
    private const int ShortCount = 200;
    private const int LongCount = 5_000;
    private const int Workers = 4;
    private const int Ways = 5;
    private const long MostGrowth = 32L << 20;

    private static readonly Command s_cat = Command.Of("cat");
    private static readonly Command s_yes = Command.Of("yes");

    private static bool IsLong => Environment.GetEnvironmentVariable("GANNET_STRESS") is "long";

    [Fact]
    public void A_gigabyte_through_three_members_takes_no_memory()
    {
        long size = IsLong ? LongBytes : ShortBytes;
        // All that a first run brings into memory is there before.
        Read(FirstBytes);
        long before = Environment.WorkingSet;
        Assert.InRange(Read(size) - before, long.MinValue, MostGrowth);
    }

    [Fact]
    public async Task Pipelines_in_every_way_at_once_leave_nothing_behind()
    {
        int descriptors = Directory.GetFiles("/proc/self/fd").Length;
        await Parallel.ForAsync(0, IsLong ? LongCount : ShortCount, new ParallelOptions { MaxDegreeOfParallelism = Workers }, async (number, _) => await RunAsync(number));
        Assert.True(SpinWait.SpinUntil(() => OwnTasks.Children().Length == 0, TimeSpan.FromMinutes(2)), $"left: {string.Join(' ', OwnTasks.Children())}");

        // The runtime keeps a few of its own for threads that it has started since.
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, descriptors + (2 * Workers));
    }

    // How much memory was in use at most.
    private static long Read(long size)
    {
        Pipeline pipeline = Command.Of("head", "-c", $"{size}", "/dev/zero") | s_cat | Command.Of("tr", "\\0", "\\n");
        long most = 0, count = 0;
        CommandResult result = pipeline.ForEachLine(_ =>
        {
            if (count++ % (1 << 20) == 0)
            {
                most = Math.Max(most, Environment.WorkingSet);
            }

            return true;
        });
        Assert.Equal((size, true), (count, result.Succeeded));
        return Math.Max(most, Environment.WorkingSet);
    }

    private static async Task RunAsync(int number)
    {
        switch (number % Ways)
        {
            case 0:
                string text = new('x', number * 37 % 200_000);
                Assert.Equal(text, (await (s_cat.WithInput(text) | s_cat | s_cat).CaptureAsync()).Output);
                break;
            case 1:
                Assert.Equal(["y", "y"], (s_yes | s_cat).Lines().Take(2));
                break;
            case 2:
                using (CancellationTokenSource cancellation = new(number % 7))
                {
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => (s_yes | s_cat | Command.Of("sleep", "100")).RunAsync(cancellationToken: cancellation.Token));
                }

                break;
            case 3:
                Assert.Throws<OsException>(() => (s_yes | s_cat | Command.Of("/nothing")).Run());
                break;
            default:
                await foreach (ReadOnlyMemory<byte> line in (s_yes | Command.Of("head", "-n1")).WithPipeFail().Utf8LinesAsync())
                {
                    Assert.Equal(1, line.Length);
                }

                break;
        }
    }
}
