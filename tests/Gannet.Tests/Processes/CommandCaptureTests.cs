using System.Text;

namespace Gannet.Tests.Processes;

/// <summary>What a command writes, collected.</summary>
[Collection(Spawned.Collection)]
public sealed class CommandCaptureTests : ChildrenTest
{
    private const int Large = 50_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Output_and_error_are_collected_apart(bool isAsync)
    {
        CapturedText result = await Commands.CaptureAsync(Commands.Script("echo out; echo error >&2; printf more; exit 3"), isAsync);
        Assert.Equal(("out\nmore", "error\n", "exit 3"), (result.Output, result.Error, result.Status.ToString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Merged_they_come_in_their_true_order(bool isAsync)
    {
        Command command = Commands.Script("for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; done").WithMergedOutput();
        CapturedText result = await Commands.CaptureAsync(command, isAsync);
        Assert.Equal(("o1\ne1\no2\ne2\no3\ne3\no4\ne4\no5\ne5\n", ""), (result.Output, result.Error));
    }

    [Fact]
    public void Error_output_may_go_elsewhere_while_the_output_is_collected()
    {
        Command command = Commands.Script("echo out; echo error >&2");
        using MemoryStream stream = new();
        CapturedText result = command.WithStderr(Stdio.Stream(stream)).Capture();
        Assert.Equal(("out\n", "", "error\n"), (result.Output, result.Error, Encoding.UTF8.GetString(stream.ToArray())));
        result = command.WithStderr(Stdio.File(At("log"))).Capture();
        Assert.Equal(("out\n", "", "error\n"), (result.Output, result.Error, File.ReadAllText(At("log"))));
        result = command.WithStderr(Stdio.Null).Capture();
        Assert.Equal(("out\n", ""), (result.Output, result.Error));
        result = command.WithStderr(Stdio.Pipe).WithStdout(Stdio.Pipe).Capture();
        Assert.Equal(("out\n", "error\n"), (result.Output, result.Error));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_come_as_they_are(bool isAsync)
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        CapturedBytes result = await Commands.CaptureBytesAsync(Command.Of("/bin/cat").WithInput(all), isAsync);
        Assert.Equal(all, result.Output.ToArray());
        Assert.True(result.Error.IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0a\0")]
    [InlineData("caf\udce9 \udcff")]
    [InlineData("caf\u00e9 \u20ac \ud83d\ude00")]
    [InlineData("a\r\nb\rc\n")]
    [InlineData("\ufeffmark")]
    public void Text_goes_in_and_comes_out_unchanged(string text) =>
        Assert.Equal(text, Command.Of("/bin/cat").WithInput(text).Capture().Output);

    [Fact]
    public void A_character_that_two_reads_divide_is_whole()
    {
        string text = "x" + string.Concat(Enumerable.Repeat("\u20ac\ud83d\ude00", 50_000));
        Assert.Equal(text, Command.Of("/bin/cat").WithInput(text).Capture().Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fifty_million_bytes_go_in_and_come_out_at_once(bool isAsync)
    {
        byte[] input = Pattern();
        CapturedBytes result = await Commands.CaptureBytesAsync(Command.Of("/bin/cat").WithInput(input), isAsync);
        Assert.True(result.Output.Span.SequenceEqual(input));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_that_writes_before_it_reads_does_not_stop_its_input_for_ever(bool isAsync)
    {
        byte[] input = Pattern()[..5_000_000];
        Command command = Commands.Script("head -c 5000000 /dev/zero; head -c 5000000 /dev/zero >&2; cat").WithInput(input);
        CapturedBytes result = await Commands.CaptureBytesAsync(command, isAsync);
        Assert.Equal((10_000_000, 5_000_000), (result.Output.Length, result.Error.Length));
        Assert.True(result.Output.Span[5_000_000..].SequenceEqual(input));
        Assert.False(result.Output.Span[..5_000_000].ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData("head -c 1", "a", false)]
    [InlineData("head -c 1", "a", true)]
    [InlineData("exec <&-; echo b", "b\n", false)]
    [InlineData("exec <&-; echo b", "b\n", true)]
    [InlineData("true", "", false)]
    public async Task A_child_that_does_not_read_its_input_is_no_error(string script, string output, bool isAsync)
    {
        CapturedText result = await Commands.CaptureAsync(Commands.Script(script).WithInput(new string('a', 1_000_000)), isAsync);
        Assert.Equal((output, "exit 0"), (result.Output, result.Status.ToString()));
    }

    [Theory]
    [InlineData(100, 60, 40, false)]
    [InlineData(100, 60, 40, true)]
    [InlineData(0, 0, 0, false)]
    [InlineData(200_000, 100_000, 100_000, true)]
    public async Task Exactly_as_much_as_the_limit_allows_is_collected(int limit, int output, int error, bool isAsync)
    {
        Command command = Commands.Script($"head -c {output} /dev/zero; head -c {error} /dev/zero >&2").WithOutputLimit(limit);
        CapturedBytes result = await Commands.CaptureBytesAsync(command, isAsync);
        Assert.Equal((output, error, true), (result.Output.Length, result.Error.Length, result.Succeeded));
    }

    [Theory]
    [InlineData("head -c 101 /dev/zero", false)]
    [InlineData("head -c 60 /dev/zero; head -c 41 /dev/zero >&2", true)]
    [InlineData("exec yes", false)]
    [InlineData("exec yes", true)]
    [InlineData("exec yes >&2", false)]
    public async Task More_than_the_limit_ends_the_child_and_fails(string script, bool isAsync)
    {
        OutputLimitException error = await Assert.ThrowsAsync<OutputLimitException>(
            () => Commands.CaptureBytesAsync(Commands.Script(script).WithOutputLimit(100), isAsync));
        CapturedBytes result = Assert.IsType<CapturedBytes>(error.Result);
        Assert.Equal((100, 100), (error.Limit, result.Output.Length + result.Error.Length));
        Assert.Contains("wrote more than 100 bytes", error.Message);
    }

    [Fact]
    public async Task A_limit_of_nothing_allows_nothing() =>
        Assert.Equal("", Assert.IsType<CapturedText>((await Assert.ThrowsAsync<OutputLimitException>(
            () => Commands.Script("echo x").WithOutputLimit(0).CaptureAsync())).Result).Output);

    [Fact]
    public void A_limit_counts_only_what_is_collected()
    {
        using MemoryStream stream = new();
        CapturedText result = Commands.Script("head -c 100000 /dev/zero >&2; echo x").WithStderr(Stdio.Stream(stream)).WithOutputLimit(2).Capture();
        Assert.Equal(("x\n", 100_000), (result.Output, stream.Length));
    }

    [Fact]
    public void A_child_that_closes_its_output_is_still_waited_for() =>
        Assert.Equal(("x\n", "exit 4"), Both(Commands.Script("echo x; exec >&- 2>&-; sleep 0.1; exit 4").Capture()));

    [Fact]
    public async Task Many_are_captured_at_once()
    {
        CapturedText[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            i => Commands.Script("cat; echo $0 >&2", $"{i}").WithInput($"{i} " + new string('x', 100_000)).CaptureAsync()));
        for (int i = 0; i < results.Length; i++)
        {
            Assert.Equal(($"{i} ", $"{i}\n"), (results[i].Output[..$"{i} ".Length], results[i].Error));
            Assert.Equal(100_000 + $"{i} ".Length, results[i].Output.Length);
        }
    }

    private static (string Output, string Status) Both(CapturedText result) => (result.Output, result.Status.ToString());

    private static byte[] Pattern()
    {
        byte[] bytes = new byte[Large];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
