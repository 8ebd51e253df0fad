using System.Diagnostics;
using System.Text;
using Gannet.Interop;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>What a command writes, line by line while it runs.</summary>
[Collection(Spawned.Collection)]
public sealed class LinesTests : ChildrenTest
{
    // As long as others, but told from them.
    private const string Marked = "61.25";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static readonly string s_long = new('x', 3_000_000);

    // In each of the ways the same.
    private static readonly Dictionary<string, Func<Command, TimeSpan?, CancellationToken, IAsyncEnumerable<byte[]>>> s_ways = new()
    {
        ["Lines"] = (command, timeout, token) => InTurn(command.Lines(timeout, token).Select(Bytes)),
        ["LinesAsync"] = (command, timeout, token) => SelectAsync(command.LinesAsync(timeout, token), Bytes),
        ["Utf8Lines"] = (command, timeout, token) => InTurn(Copies(command.Utf8Lines(timeout, token))),
        ["Utf8LinesAsync"] = (command, timeout, token) => SelectAsync(command.Utf8LinesAsync(timeout, token), line => line.ToArray()),
        ["Pipeline.Lines"] = (command, timeout, token) => InTurn((Command.Of("true").WithStdin(Stdio.Null) | command).Lines(timeout, token).Select(Bytes)),
        ["Pipeline.LinesAsync"] = (command, timeout, token) => SelectAsync((Command.Of("true") | command).LinesAsync(timeout, token), Bytes),
        ["Pipeline.Utf8Lines"] = (command, timeout, token) => InTurn(Copies((Command.Of("true") | command).Utf8Lines(timeout, token))),
        ["Pipeline.Utf8LinesAsync"] = (command, timeout, token) => SelectAsync((Command.Of("true") | command).Utf8LinesAsync(timeout, token), line => line.ToArray()),
    };

    public static TheoryData<string> Ways { get; } = [.. s_ways.Keys];

    [Theory, MemberData(nameof(Ways))]
    public async Task A_line_ends_with_LF_or_CR_LF_and_the_last_one_may_end_without(string way)
    {
        Assert.Equal(["a", "", "b\rc", "d\0e", "last\r"], await TextsAsync(way, @"a\r\n\n" + @"b\rc\n" + @"d\000e\r\n" + @"last\r"));
        Assert.Equal(["a", ""], await TextsAsync(way, @"a\n\n"));
        Assert.Equal(["a"], await TextsAsync(way, "a"));
        Assert.Equal(["", "x"], await TextsAsync(way, @"\r\nx"));
        Assert.Empty(await TextsAsync(way, ""));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Bytes_that_are_no_characters_come_as_lone_surrogates(string way) =>
        Assert.Equal(["caf\udce9", "caf\u00e9 \ud83d\ude00 \udcf0\udc9f", "\udcff"], await TextsAsync(way, @"caf\351\ncaf\303\251 \360\237\230\200 \360\237\n\377"));

    [Theory, MemberData(nameof(Ways))]
    public async Task A_line_may_be_longer_than_every_buffer(string way)
    {
        string path = Write("lines", $"short\n{s_long}\n{s_long[..70_000]}\n\nend");
        Assert.Equal(["short", s_long, s_long[..70_000], "", "end"], await TextsAsync(way, Command.Of("cat", path)));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Lines_of_every_length_come_whole_wherever_reads_divide_them(string way)
    {
        string[] lines = [.. Enumerable.Range(0, 1500).Select(length => new string((char)('a' + (length % 26)), length))];
        string path = Write("lines", string.Join('\n', lines));
        Assert.Equal(lines, await TextsAsync(way, Commands.Script("dd if=\"$0\" bs=777 status=none", path)));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_line_is_told_when_it_comes_and_not_at_the_end(string way)
    {
        string go = At("go");
        Command command = Commands.Script("echo first; while [ ! -e \"$0\" ]; do sleep 0.01; done; echo second", go);
        List<string> lines = [];
        await foreach (byte[] line in s_ways[way](command, null, default))
        {
            lines.Add(Encoding.UTF8.GetString(line));
            Write("go", "");
        }

        Assert.Equal(["first", "second"], lines);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_failure_is_told_after_the_last_line(string way)
    {
        List<string> lines = [];
        CommandFailedException error = await Assert.ThrowsAsync<CommandFailedException>(
            () => AddAsync(lines, s_ways[way](Commands.Script("echo a; echo b; exit 3"), null, default)));
        Assert.Equal(["a", "b"], lines);
        Assert.Equal(3, error.Result.Status.ExitStatus);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_reader_that_leaves_ends_a_command_that_would_write_for_ever(string way)
    {
        await foreach (byte[] line in s_ways[way](Command.Of("yes"), null, default))
        {
            Assert.Equal("y"u8, line);
            break;
        }

        AssertNoChild();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_reader_that_leaves_ends_a_command_that_writes_nothing_more(string way)
    {
        await foreach (byte[] _ in s_ways[way](Commands.Script($"echo begun; exec sleep {Marked}"), null, default))
        {
            break;
        }

        AssertNoChild();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_reader_that_throws_ends_the_command_and_its_exception_is_told(string way)
    {
        async Task Throw()
        {
            await foreach (byte[] _ in s_ways[way](Command.Of("yes"), null, default))
            {
                throw new InvalidDataException("mine");
            }
        }

        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidDataException>(Throw)).Message);
        AssertNoChild();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Time_that_is_over_ends_the_command_while_a_line_is_waited_for(string way)
    {
        Command command = Commands.Script($"echo begun; exec sleep {Marked}");
        CommandTimeoutException error = await Assert.ThrowsAsync<CommandTimeoutException>(
            () => AddAsync([], s_ways[way](command, Commands.Short, default)));
        Assert.Equal(Signal.SIGTERM, error.Result.Status.TermSignal);
        AssertNoChild();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Time_that_is_over_ends_a_command_that_has_always_a_line_to_tell(string way)
    {
        await Assert.ThrowsAsync<CommandTimeoutException>(() => AddAsync(null, s_ways[way](Command.Of("yes"), Commands.Short, default)));
        AssertNoChild();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Cancelled_the_command_is_ended(string way)
    {
        using CancellationTokenSource cancel = new();
        async Task CancelAtFirst()
        {
            await foreach (byte[] _ in s_ways[way](Commands.Script($"echo begun; exec sleep {Marked}"), null, cancel.Token))
            {
                await cancel.CancelAsync();
            }
        }

        CommandCanceledException error = await Assert.ThrowsAsync<CommandCanceledException>(CancelAtFirst);
        Assert.Equal((cancel.Token, Signal.SIGTERM), (error.CancellationToken, error.Result.Status.TermSignal));
        AssertNoChild();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Cancelled_before_nothing_is_started(string way)
    {
        Command command = Commands.Script("echo > \"$0\"", At("started"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AddAsync([], s_ways[way](command, null, new CancellationToken(canceled: true))));
        Assert.False(File.Exists(At("started")));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_line_above_the_limit_ends_the_command_and_shorter_ones_do_not(string way)
    {
        Command command = Commands.Script("echo 12345; echo 123456; exec yes").WithOutputLimit(5);
        List<string> lines = [];
        OutputLimitException error = await Assert.ThrowsAsync<OutputLimitException>(() => AddAsync(lines, s_ways[way](command, null, default)));
        Assert.Equal((5, "12345"), (error.Limit, Assert.Single(lines)));
        await Assert.ThrowsAsync<OutputLimitException>(
            () => AddAsync([], s_ways[way](Command.Of("cat", "/dev/zero").WithOutputLimit(1_000_000), null, default)));
        Assert.Equal(["12345", "1"], await TextsAsync(way, Commands.Script("echo 12345; echo 1").WithOutputLimit(5)));
        AssertNoChild();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Nothing_runs_before_a_line_is_asked_for_and_all_runs_anew_each_time(string way)
    {
        Command command = Commands.Script("echo run >> \"$0\"; cat \"$0\"", At("runs"));
        IAsyncEnumerable<byte[]> lines = s_ways[way](command, null, default);
        Assert.False(File.Exists(At("runs")));
        List<string> texts = [];
        await AddAsync(texts, lines);
        Assert.Equal(["run"], texts);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_process_left_behind_that_holds_the_pipe_is_waited_for_no_longer_than_said(string way)
    {
        List<string> lines = [];
        Command command = Commands.Script($"sleep {Commands.Long} & echo $!").WithDrainTime(Commands.Short);
        await AddAsync(lines, s_ways[way](command, null, default));
        Assert.True(Commands.IsAlive(Assert.Single(lines)));
        Commands.Kill(lines[0]);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_process_left_behind_that_writes_for_ever_is_read_no_longer_than_the_drain_time(string way) =>
        await ReadLeftBehindAsync(command => s_ways[way](command.WithDrainTime(Commands.Short), null, default));

    [Theory, MemberData(nameof(Ways))]
    public async Task A_process_left_behind_that_writes_for_ever_is_read_no_longer_than_the_time(string way) =>
        await Assert.ThrowsAsync<CommandTimeoutException>(() => ReadLeftBehindAsync(command => s_ways[way](command, 8 * Commands.Short, default)));

    [Theory, MemberData(nameof(Ways))]
    public async Task A_process_left_behind_that_writes_for_ever_is_read_no_longer_than_the_token_allows(string way)
    {
        using CancellationTokenSource cancel = new();
        CommandCanceledException error = await Assert.ThrowsAsync<CommandCanceledException>(() => ReadLeftBehindAsync(
            command => s_ways[way](command, null, cancel.Token),
            () =>
            {
                Spawned.Await(() => !Commands.IsAlive(AwaitLine("shell")), "The command does not end.");
                cancel.Cancel();
            }));
        Assert.Equal((0, ChildEnding.ByItself), (error.Result.Status.ExitStatus, error.Result.Ending));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Cancelled_no_further_line_is_told_although_it_has_been_read(string way)
    {
        using CancellationTokenSource cancel = new();
        List<string> lines = [];
        async Task CancelAtFirst()
        {
            await foreach (byte[] line in s_ways[way](Command.Of("seq", "3000"), null, cancel.Token))
            {
                lines.Add(OsText.Decode(line));
                await cancel.CancelAsync();
            }
        }

        await Assert.ThrowsAsync<CommandCanceledException>(CancelAtFirst);
        Assert.Equal(["1"], lines);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_slow_reader_of_a_command_that_has_ended_in_time_is_told_all_of_it(string way)
    {
        List<string> lines = [];
        await foreach (byte[] line in s_ways[way](Commands.Script("seq 14000; echo > ended").In(Folder).WithDrainTime(Commands.Short), null, default))
        {
            if (lines.Count == 0)
            {
                // More than one buffer, and less than that and the pipe.
                AwaitLine("ended");
                Thread.Sleep(2 * Commands.Short);
            }

            lines.Add(OsText.Decode(line));
        }

        Assert.Equal(Enumerable.Range(1, 14_000).Select(number => $"{number}"), lines);
    }

    [Fact]
    public void Of_an_enumerator_that_was_disposed_no_line_is_told()
    {
        Utf8LineEnumerator lines = Command.Of("seq", "3").Utf8Lines().GetEnumerator();
        Assert.True(lines.MoveNext());
        lines.Dispose();
        Assert.False(lines.MoveNext());
        Assert.True(lines.Current.IsEmpty);
    }

    [Fact]
    public async Task A_reader_that_leaves_waits_no_longer_than_the_drain_time_for_a_stream_that_takes_nothing()
    {
        using BlockedStream errors = new();
        Command command = Commands.Script($"echo begun; until [ -e go ]; do sleep 0.01; done; echo error >&2; echo > written; exec sleep {Marked}").In(Folder)
            .WithStderr(Stdio.Stream(errors)).WithDrainTime(Commands.Short);
        IAsyncEnumerator<string> lines = command.LinesAsync().GetAsyncEnumerator();
        Assert.True(await lines.MoveNextAsync());
        Write("go", "");
        Spawned.Await(() => File.Exists(At("written")), "The command does not run.");
        await lines.DisposeAsync().AsTask().WaitAsync(s_patience);
        AssertNoChild();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_program_that_is_missing_is_told_when_the_first_line_is_asked_for(string way) =>
        Assert.Equal(Errno.ENOENT, (await Assert.ThrowsAsync<OsException>(() => AddAsync([], s_ways[way](Command.Of("/nothing"), null, default)))).Errno);

    [Theory, InlineData(false), InlineData(true)]
    public async Task Input_of_any_size_is_written_while_lines_are_read(bool isAsync)
    {
        string[] lines = [.. Enumerable.Range(0, 300_000).Select(number => $"line {number}")];
        Command command = Command.Of("cat").WithInput(string.Join('\n', lines));
        List<string> read = [];
        if (isAsync)
        {
            await foreach (string line in command.LinesAsync())
            {
                read.Add(line);
            }
        }
        else
        {
            read.AddRange(command.Lines());
        }

        Assert.True(lines.SequenceEqual(read));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_stream_is_written_and_error_output_is_copied_while_lines_are_read(bool isAsync)
    {
        byte[] input = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("0123456789abcde\n", 200_000)));
        using MemoryStream source = new(input), errors = new();
        Command command = Commands.Script("tee /dev/stderr").WithStdin(Stdio.Stream(source)).WithStderr(Stdio.Stream(errors));
        int count = 0;
        if (isAsync)
        {
            await foreach (string line in command.LinesAsync())
            {
                count += line.Length;
            }
        }
        else
        {
            count = command.Lines().Sum(line => line.Length);
        }

        Assert.Equal(200_000 * 15, count);
        Assert.True(errors.ToArray().AsSpan().SequenceEqual(input));
    }

    [Fact]
    public void Merged_output_is_read_in_its_true_order() =>
        Assert.Equal(["o1", "e1", "o2", "e2"], Commands.Script("for i in 1 2; do echo o$i; echo e$i >&2; done").WithMergedOutput().Lines());

    [Fact]
    public void Bad_input_is_refused_before_anything_has_happened()
    {
        Command command = Commands.Script("echo > \"$0\"", At("started"));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.Lines(TimeSpan.FromSeconds(-2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.LinesAsync(TimeSpan.FromSeconds(-2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.Utf8Lines(TimeSpan.FromSeconds(-2)));
        Assert.Throws<ArgumentNullException>(() => command.ForEachLine(null!));
        Assert.Throws<InvalidOperationException>(() => command.WithStdout(Stdio.Null).Lines());
        Assert.Throws<InvalidOperationException>(() => command.WithStdout(Stdio.Stream(Stream.Null)).Utf8LinesAsync());
        Assert.Throws<InvalidOperationException>(() => command.WithStdin(Stdio.Pipe).Lines().Count());
        Assert.Throws<InvalidOperationException>(() => command.WithStderr(Stdio.Pipe).ForEachLine(_ => true));
        Assert.False(File.Exists(At("started")));
    }

    [Fact]
    public void For_each_line_tells_the_status_and_throws_nothing_for_it()
    {
        List<string> lines = [];
        CommandResult result = Commands.Script("echo a; echo b; exit 3").ForEachLine(line =>
        {
            lines.Add(Encoding.UTF8.GetString(line));
            return true;
        });
        Assert.Equal((3, ChildEnding.ByItself), (result.Status.ExitStatus, result.Ending));
        Assert.Equal(["a", "b"], lines);
    }

    [Fact]
    public void Of_a_reader_that_leaves_the_status_is_told()
    {
        CommandResult result = Commands.Script($"echo a; exec sleep {Marked}").ForEachLine(_ => false);
        Assert.Equal((Signal.SIGTERM, ChildEnding.OnSignal), (result.Status.TermSignal, result.Ending));
        result = Commands.Script("trap '' TERM; echo a; while :; do sleep 0.01; done").WithTermination(Signal.SIGTERM, Commands.Short).ForEachLine(_ => false);
        Assert.Equal((Signal.SIGKILL, ChildEnding.OnKill), (result.Status.TermSignal, result.Ending));
        result = Commands.Script("trap '' TERM; echo a; exec cat /dev/zero").WithTermination(Signal.SIGTERM, Timeout.InfiniteTimeSpan).ForEachLine(_ => false);
        Assert.Equal(Signal.SIGPIPE, result.Status.TermSignal);
    }

    [Fact]
    public void The_enumerator_of_spans_tells_the_result_when_it_is_over()
    {
        using Utf8LineEnumerator lines = Commands.Script("echo a").Utf8Lines().GetEnumerator();
        Assert.True(lines.MoveNext());
        Assert.Null(lines.Result);
        Assert.False(lines.MoveNext());
        Assert.True(lines.Result!.Succeeded);
        Assert.False(lines.MoveNext());
        lines.Dispose();
        Utf8LineEnumerator left = Command.Of("yes").Utf8Lines().GetEnumerator();
        left.Dispose();
        Assert.NotNull(left.Result);
    }

    [Fact]
    public void A_reader_that_is_lost_leaves_no_zombie_and_no_descriptor()
    {
        HashSet<string> before = Spawned.Descriptors();
        Lose();
        Spawned.Await(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return Children().Length == 0;
            },
            "A command whose reader was lost goes on.");
        Spawned.Await(() => !Spawned.Descriptors().Except(before).Any(name => name.Contains("pipe:", StringComparison.Ordinal)), "A pipe was left open.");
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Lose()
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.True(Command.Of("yes").Lines().GetEnumerator().MoveNext());
        }
    }

    // Those that these tests start and no other.
    private static string[] Children() =>
        [.. OwnTasks.Children().Where(pid => ReadOf($"/proc/{pid}/cmdline") is "yes\0" or $"sleep\0{Marked}\0")];

    private static string ReadOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // The process is gone.
            return "";
        }
    }

    // Slowly, so that there is always more to read. What is left behind must have been written for ever until nobody reads any more.
    private async Task ReadLeftBehindAsync(Func<Command, IAsyncEnumerable<byte[]>> read, Action? onFirst = null)
    {
        string endless = new('y', 200);
        Command command = Commands.Script("echo $$ > shell; yes \"$0\" & echo $! > left", endless).In(Folder);
        long count = 0;
        Stopwatch clock = Stopwatch.StartNew();
        try
        {
            await foreach (byte[] line in read(command))
            {
                if (count++ == 0)
                {
                    onFirst?.Invoke();
                }

                if (count % 100 == 0)
                {
                    Thread.Sleep(1);
                }

                Assert.True(clock.Elapsed < s_patience, "Who was left behind is read for ever.");
            }
        }
        finally
        {
            Commands.Kill(AwaitLine("left"));
        }
    }

    private static void AssertNoChild() => Assert.Empty(Children());

    private static Task<List<string>> TextsAsync(string way, string format) => TextsAsync(way, Command.Of("/usr/bin/printf", format));

    private static async Task<List<string>> TextsAsync(string way, Command command)
    {
        List<string> texts = [];
        await AddAsync(texts, s_ways[way](command, null, default));
        return texts;
    }

    private static async Task AddAsync(List<string>? texts, IAsyncEnumerable<byte[]> lines)
    {
        await foreach (byte[] line in lines)
        {
            texts?.Add(OsText.Decode(line));
        }
    }

    private static byte[] Bytes(string line) => OsText.EncodeContent(line);

    private static IEnumerable<byte[]> Copies(Utf8Lines lines)
    {
        using Utf8LineEnumerator each = lines.GetEnumerator();
        while (each.MoveNext())
        {
            yield return each.Current.ToArray();
        }
    }

    private static async IAsyncEnumerable<byte[]> InTurn(IEnumerable<byte[]> lines)
    {
        await Task.CompletedTask;
        foreach (byte[] line in lines)
        {
            yield return line;
        }
    }

    private static async IAsyncEnumerable<TResult> SelectAsync<TSource, TResult>(IAsyncEnumerable<TSource> lines, Func<TSource, TResult> select)
    {
        await foreach (TSource line in lines)
        {
            yield return select(line);
        }
    }
}
