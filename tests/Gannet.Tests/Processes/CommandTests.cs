using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Processes;

/// <summary>What a command is before it is run.</summary>
[Collection(Spawned.Collection)]
public sealed class CommandTests : ChildrenTest
{
    private static readonly Command Plain = Command.Of("/bin/true");

    [Fact]
    public void A_command_tells_its_program_and_arguments()
    {
        Command command = Command.Of("tar", "czf", "my file").WithArguments("x", "").WithArguments();
        Assert.Equal("tar", command.Program);
        Assert.Equal(["czf", "my file", "x", ""], command.Arguments);
    }

    [Theory]
    [InlineData("true", new string[0], "true")]
    [InlineData("tar", new[] { "czf", "my file" }, "tar czf 'my file'")]
    [InlineData("echo", new[] { "" }, "echo ''")]
    [InlineData("echo", new[] { "it's" }, @"echo 'it'\''s'")]
    [InlineData("echo", new[] { "$HOME;*" }, "echo '$HOME;*'")]
    [InlineData("/a-b/c_d.e", new[] { "--x=1,2:3@4+5%" }, "/a-b/c_d.e --x=1,2:3@4+5%")]
    public void A_command_reads_as_one_would_type_it(string program, string[] arguments, string text) =>
        Assert.Equal(text, Command.Of(program, arguments).ToString());

    [Fact]
    public void What_it_reads_as_is_what_a_shell_would_run()
    {
        string[] words = ["", " ", "it's", "\"", "$HOME", "a\nb", "*", "\\", "~", "#x", "!", "é"];
        string typed = Command.Of("/usr/bin/printf", ["%s|", .. words]).ToString();
        Assert.Equal(string.Concat(words.Select(word => $"{word}|")), Commands.Script(typed).Capture().Output);
    }

    [Fact]
    public void Each_change_gives_another_command_and_leaves_the_first_as_it_was()
    {
        Command first = Command.Of("/usr/bin/env").WithEnvironment([new("A", "1")]);
        Command second = first.WithVariable("B", "2").In("/").WithStdout(Stdio.Null).WithInput("x");
        Assert.NotSame(first, second);
        Assert.Equal("A=1\n", first.Capture().Output);
    }

    [Fact]
    public void One_command_runs_many_times_and_on_many_threads()
    {
        Command command = Command.Of("/bin/cat").WithInput("the same");
        Parallel.For(0, 20, _ => Assert.Equal("the same", command.Capture().Output));
    }

    [Fact]
    public void A_program_or_an_argument_that_can_not_be_is_refused_at_once()
    {
        Assert.Throws<ArgumentNullException>("program", () => Command.Of(null!));
        Assert.Throws<ArgumentException>("program", () => Command.Of(""));
        Assert.Throws<ArgumentException>("program", () => Command.Of("tr\0ue"));
        Assert.Throws<ArgumentException>("program", () => Command.Of("\ud800"));
        Assert.Throws<ArgumentNullException>("arguments", () => Command.Of("true", (IEnumerable<string>)null!));
        Assert.Throws<ArgumentNullException>("arguments", () => Command.Of("true", "a", null!));
        Assert.Throws<ArgumentException>("arguments", () => Command.Of("true", "a", "b\0"));
        Assert.Throws<ArgumentException>("arguments", () => Command.Of("true", "\ud800"));
        Assert.Throws<ArgumentNullException>("arguments", () => Plain.WithArguments((IEnumerable<string>)null!));
        Assert.Throws<ArgumentException>("arguments", () => Plain.WithArguments("\0"));
        Assert.Throws<ArgumentNullException>("arg0", () => Plain.WithArg0(null!));
        Assert.Throws<ArgumentException>("arg0", () => Plain.WithArg0("\0"));
    }

    [Fact]
    public void A_directory_or_a_variable_that_can_not_be_is_refused_at_once()
    {
        Assert.Throws<ArgumentNullException>("directory", () => Plain.In(null!));
        Assert.Throws<ArgumentException>("directory", () => Plain.In(""));
        Assert.Throws<ArgumentException>("directory", () => Plain.In("/\0"));
        Assert.Throws<ArgumentException>("name", () => Plain.WithVariable("", "x"));
        Assert.Throws<ArgumentException>("name", () => Plain.WithVariable("a=b", "x"));
        Assert.Throws<ArgumentException>("name", () => Plain.WithVariable("a\0", "x"));
        Assert.Throws<ArgumentException>("value", () => Plain.WithVariable("a", "x\0"));
        Assert.Throws<ArgumentNullException>("value", () => Plain.WithVariable("a", null!));
        Assert.Throws<ArgumentException>("name", () => Plain.WithoutVariable("a="));
        Assert.Throws<ArgumentNullException>("variables", () => Plain.WithEnvironment(null!));
        Assert.Throws<ArgumentException>("name", () => Plain.WithEnvironment([new("", "x")]));
        Assert.Throws<ArgumentNullException>("value", () => Plain.WithEnvironment([new("a", null!)]));
    }

    [Fact]
    public void A_stream_that_can_not_be_is_refused_at_once()
    {
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        using MemoryStream readOnly = new([], writable: false);
        using FileStream writeOnly = new(At("out"), FileMode.Create, FileAccess.Write);
        Assert.Throws<ArgumentNullException>("stdin", () => Plain.WithStdin(null!));
        Assert.Throws<ArgumentException>("stdin", () => Plain.WithStdin(Stdio.Stdout));
        Assert.Throws<ArgumentException>("stdin", () => Plain.WithStdin(Stdio.Append("x")));
        Assert.Throws<ArgumentException>("stdin", () => Plain.WithStdin(Stdio.Stream(writeOnly)));
        Assert.Throws<ArgumentNullException>("stdout", () => Plain.WithStdout(null!));
        Assert.Throws<ArgumentException>("stdout", () => Plain.WithStdout(Stdio.Stdout));
        Assert.Throws<ArgumentException>("stdout", () => Plain.WithStdout(Stdio.Text("x")));
        Assert.Throws<ArgumentException>("stdout", () => Plain.WithStdout(Stdio.Stream(readOnly)));
        Assert.Throws<ArgumentException>("stderr", () => Plain.WithStderr(Stdio.Bytes(default)));
        Assert.Throws<ArgumentException>("path", () => Stdio.File(""));
        Assert.Throws<ArgumentException>("path", () => Stdio.Append("x\0"));
        Assert.Throws<ArgumentNullException>("handle", () => Stdio.Handle(null!));
        Assert.Throws<ArgumentNullException>("stream", () => Stdio.Stream(null!));
        Assert.Throws<ArgumentNullException>("text", () => Stdio.Text(null!));
        Assert.Throws<ArgumentException>("text", () => Stdio.Text("\ud800"));
        Assert.Throws<ArgumentNullException>("source", () => Plain.WithDescriptor(null!, 5));
        Assert.Throws<ArgumentOutOfRangeException>("target", () => Plain.WithDescriptor(file, -1));
        Assert.Throws<ArgumentException>("target", () => Plain.WithDescriptor(file, 5).WithDescriptor(file, 5));
    }

    [Fact]
    public void A_number_out_of_its_range_is_refused_at_once()
    {
        Assert.Throws<ArgumentOutOfRangeException>("group", () => Plain.WithProcessGroup(-1));
        Assert.Throws<ArgumentOutOfRangeException>("descriptor", () => Plain.WithControllingTerminal(-1));
        Assert.Throws<ArgumentOutOfRangeException>("descriptor", () => Plain.WithForeground(-1));
        Assert.Throws<ArgumentOutOfRangeException>("soft", () => Plain.WithLimit(ResourceLimit.RLIMIT_NOFILE, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => Plain.WithNice(20));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => Plain.WithNice(-21));
        Assert.Throws<ArgumentOutOfRangeException>("mask", () => Plain.WithUmask(UnixFileMode.SetUser));
        Assert.Throws<ArgumentOutOfRangeException>("mask", () => Plain.WithUmask((UnixFileMode)(-1)));
        Assert.Throws<ArgumentOutOfRangeException>("id", () => Plain.WithUser(uint.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>("id", () => Plain.WithUser(1, uint.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>("id", () => Plain.WithUser(1, 1, 1, uint.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>("id", () => Plain.WithGroup(uint.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>("id", () => Plain.WithGroups(uint.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>("signal", () => Plain.WithParentDeathSignal(Signal.None));
        Assert.Throws<ArgumentOutOfRangeException>("signal", () => Plain.WithParentDeathSignal((Signal)65));
        Assert.Throws<ArgumentOutOfRangeException>("signal", () => Plain.WithTermination(Signal.None, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => Plain.WithTermination(Signal.SIGTERM, TimeSpan.FromSeconds(-2)));
        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => Plain.WithDrainTime(TimeSpan.FromSeconds(-2)));
        Assert.Throws<ArgumentOutOfRangeException>("bytes", () => Plain.WithOutputLimit(-1));
        Assert.Throws<ArgumentOutOfRangeException>("bytes", () => Plain.WithOutputLimit(Array.MaxLength + 1L));
        Assert.ThrowsAny<ArgumentException>(() => Plain.WithIgnoredSignals(Signal.SIGKILL));
        Assert.ThrowsAny<ArgumentException>(() => Plain.WithBlockedSignals(Signal.SIGSTOP));
        Assert.ThrowsAny<ArgumentException>(() => Plain.WithDefaultSignals((Signal)65));
    }

    [Fact]
    public void Wishes_that_exclude_each_other_are_refused_at_once()
    {
        Assert.Throws<ArgumentException>("group", () => Plain.WithNewSession().WithProcessGroup());
        Assert.Throws<InvalidOperationException>(() => Plain.WithProcessGroup().WithNewSession());
        Assert.Throws<InvalidOperationException>(() => Plain.WithProcessGroup().WithControllingTerminal());
        // A group that is somebody else's is not the child's to be ended with.
        Assert.Throws<ArgumentException>("group", () => Plain.WithTermination(Signal.SIGTERM, TimeSpan.Zero, wholeGroup: true).WithProcessGroup(5));
        Assert.Throws<ArgumentException>("wholeGroup", () => Plain.WithProcessGroup(5).WithTermination(Signal.SIGTERM, TimeSpan.Zero, wholeGroup: true));
        Plain.WithProcessGroup(0).WithTermination(Signal.SIGTERM, TimeSpan.Zero, wholeGroup: true).Run();
    }

    [Fact]
    public async Task What_can_not_be_run_is_refused_before_anything_has_happened()
    {
        Command touch = Command.Of("/usr/bin/touch", At("touched"));
        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => touch.Run(TimeSpan.FromSeconds(-2)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("timeout", () => touch.CaptureAsync(TimeSpan.MinValue));
        Assert.Throws<InvalidOperationException>(() => touch.WithStdin(Stdio.Pipe).Run());
        Assert.Throws<InvalidOperationException>(() => touch.WithStdout(Stdio.Pipe).Run());
        await Assert.ThrowsAsync<InvalidOperationException>(() => touch.WithStderr(Stdio.Pipe).RunAsync());
        Assert.Throws<InvalidOperationException>(() => touch.WithStdout(Stdio.Null).Capture());
        Assert.Throws<InvalidOperationException>(() => touch.WithStdout(Stdio.Inherit).CaptureBytes());
        Assert.Throws<InvalidOperationException>(() => touch.WithStdin(Stdio.Pipe).Capture());
        Assert.False(File.Exists(At("touched")));
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_starts_nothing()
    {
        CancellationToken cancelled = new(canceled: true);
        Command touch = Command.Of("/usr/bin/touch", At("touched"));
        Assert.Equal(typeof(OperationCanceledException), Assert.ThrowsAny<OperationCanceledException>(() => touch.Run(null, cancelled)).GetType());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => touch.RunAsync(null, cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => touch.Capture(null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => touch.CaptureBytesAsync(null, cancelled));
        Assert.False(File.Exists(At("touched")));
    }

    [Fact]
    public void A_stream_can_be_read() =>
        Assert.Equal("pipe|file 'log'|append to 'log'|null|inherit", string.Join('|', Stdio.Pipe, Stdio.File("log"), Stdio.Append("log"), Stdio.Null, Stdio.Inherit));
}
