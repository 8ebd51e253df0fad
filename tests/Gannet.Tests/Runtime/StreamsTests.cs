using Gannet.Testing;

namespace Gannet.Tests.Runtime;

public sealed class StreamsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gannet-streams-").FullName;

    private string Log => Path.Combine(_directory, "log");

    private string SecondLog => Path.Combine(_directory, "second");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact, Trait("S", "S050"), Trait("S", "S052"), Trait("S", "S054"), Trait("S", "S055")]
    public void Three_streams_stand_over_descriptors_0_1_and_2()
    {
        using TestProcess run = TestProcess.Run(ChildProgram.Executable, ["Streams.Echo"], stdin: "one\ntwo\nthree");
        Assert.Equal(("one|two|three|(end)\n", "error\n"), (run.Stdout, run.Stderr));
    }

    [Fact, Trait("S", "S051")]
    public void Without_redirection_they_are_the_terminal()
    {
        using TestProcess files = ChildProgram.Run("Streams.Terminals");
        Assert.Equal("True True True\n", files.Stdout);
        // script(1) runs its command on a terminal of its own.
        using TestProcess terminal = TestProcess.Run(
            "/usr/bin/env", ["script", "-qec", $"'{ChildProgram.Executable}' Streams.Terminals", "/dev/null"]);
        Assert.Contains("False False False", terminal.Stdout);
    }

    [Fact, Trait("S", "S069")]
    public void At_start_the_saved_and_the_current_streams_are_the_same()
    {
        using TestProcess run = ChildProgram.Run("Streams.AreTheOriginals");
        Assert.Equal("True\nTrue\nTrue\nTrue\n", run.Stdout);
    }

    [Fact, Trait("S", "S057")]
    public void Printing_a_text_and_writing_it_with_a_newline_give_the_same_bytes()
    {
        using TestProcess run = ChildProgram.Run("Streams.PrintTwice");
        Assert.Equal("Busy doin nothin\nBusy doin nothin\n", run.Stdout);
    }

    [Fact, Trait("S", "S054"), Trait("S", "S056"), Trait("S", "S059"), Trait("S", "S061")]
    public void A_replaced_stream_takes_what_the_console_prints_and_reads_back_as_itself()
    {
        using TestProcess run = ChildProgram.Run("Streams.Replace");
        Assert.Equal(("printed\ncomplained\ntyped\nTrue\nbehind True\nTrue\n", ""), (run.Stdout, run.Stderr));
    }

    [Fact, Trait("S", "S058")]
    public void Any_writer_can_stand_in()
    {
        using TestProcess run = ChildProgram.Run("Streams.CustomWriter");
        Assert.Equal("HEAR ME", run.Stdout);
    }

    [Fact, Trait("S", "S060"), Trait("S", "S062"), Trait("S", "S064"), Trait("S", "S068"), Trait("S", "S070")]
    public void A_log_replaces_stderr_is_emptied_first_fails_once_closed_and_gives_way_to_the_original()
    {
        File.WriteAllText(Log, "an older and longer text\n");
        using TestProcess run = ChildProgram.Run("Streams.IntoLog", Log);
        Assert.Equal(("closed\n", "visible again\n"), (run.Stdout, run.Stderr));
        Assert.Equal("Error log!\n", File.ReadAllText(Log));
    }

    [Fact, Trait("S", "S070")]
    public void A_scope_replaces_a_stream_until_it_is_disposed()
    {
        using TestProcess run = ChildProgram.Run("Streams.Scopes");
        Assert.Equal("back\nprinted typed\nTrue\n", run.Stdout);
    }

    [Fact, Trait("S", "S065")]
    public void A_child_does_not_follow_a_replaced_stream()
    {
        using TestProcess run = ChildProgram.Run("Streams.ChildIgnoresReplacedStderr");
        Assert.Equal(("buffer: ''\n", "child\n"), (run.Stdout, run.Stderr));
    }

    [Fact, Trait("S", "S067")]
    public void A_redirected_descriptor_takes_the_childrens_text_and_the_consoles_until_it_is_disposed()
    {
        using TestProcess run = ChildProgram.Run("Streams.RedirectStderr", Log);
        Assert.Equal(("True\n", "after\nchild after\n"), (run.Stdout, run.Stderr));
        Assert.Equal("console\nstream\nchild\n", File.ReadAllText(Log));
    }

    [Fact, Trait("S", "S067")]
    public void A_redirected_descriptor_takes_the_runtimes_crash_text()
    {
        using TestProcess run = ChildProgram.Run("Streams.CrashIntoRedirected", Log);
        Assert.Equal("", run.Stderr);
        Assert.Contains("InvalidOperationException: crash", File.ReadAllText(Log));
    }

    [Fact, Trait("S", "S060")]
    public void A_redirected_file_can_be_appended_to()
    {
        File.WriteAllText(Log, "old ");
        using TestProcess run = ChildProgram.Run("Streams.RedirectAppending", Log);
        Assert.Equal("old added\n", File.ReadAllText(Log));
    }

    [Fact, Trait("S", "S060")]
    public void A_redirected_file_is_emptied_otherwise()
    {
        File.WriteAllText(Log, "an old and longer text\n");
        using TestProcess run = ChildProgram.Run("Streams.RedirectStderr", Log);
        Assert.Equal("console\nstream\nchild\n", File.ReadAllText(Log));
    }

    [Fact, Trait("S", "S067")]
    public void Text_held_back_is_written_before_either_switch()
    {
        using TestProcess run = TestProcess.Run(
            "/bin/sh", ["-c", "\"$0\" Streams.RedirectFlushes \"$1\" | cat", ChildProgram.Executable, Log]);
        Assert.Equal(("before after", "during"), (run.Stdout, File.ReadAllText(Log)));
    }

    [Fact, Trait("S", "S067")]
    public void Redirections_nest()
    {
        using TestProcess run = ChildProgram.Run("Streams.RedirectNested", Log, SecondLog);
        Assert.Equal("outside\n", run.Stdout);
        Assert.Equal("outer\nouter again\n", File.ReadAllText(Log));
        Assert.Equal("inner\nchild\n", File.ReadAllText(SecondLog));
    }

    [Fact, Trait("S", "S067")]
    public void Many_threads_may_print_into_a_redirection_line_by_line()
    {
        using TestProcess run = ChildProgram.Run("Streams.RedirectWithManyThreads", Log);
        Assert.Equal((0, "", ""), (run.ExitCode, run.Stdout, run.Stderr));
        string[] lines = File.ReadAllLines(Log);
        Assert.Equal(16000, lines.Length);
        Assert.All(lines, line => Assert.Matches("^([0-7]) ([a-h])\\2{19}$", line));
    }

    [Theory, Trait("S", "S067")]
    [InlineData("UTF-8", new byte[] { 0xC3, 0xA9 }, "True")]
    [InlineData("utf-16", new byte[] { 0xE9, 0 }, "T\0r\0u\0e\0")]
    [InlineData("utf-16BE", new byte[] { 0, 0xE9 }, "\0T\0r\0u\0e")]
    [InlineData("utf-32", new byte[] { 0xE9, 0, 0, 0 }, "T\0\0\0r\0\0\0u\0\0\0e\0\0\0")]
    [InlineData("latin1", new byte[] { 0xE9 }, "True")]
    public void Redirected_text_has_the_consoles_encoding_without_a_byte_order_mark(string encoding, byte[] bytes, string after)
    {
        using TestProcess run = ChildProgram.Run("Streams.RedirectWithPreamble", Log, encoding);
        Assert.Equal((after, ""), (run.Stdout, run.Stderr));
        Assert.Equal(bytes, File.ReadAllBytes(Log));
    }

    [Fact, Trait("S", "S067")]
    public void Standard_input_can_be_redirected_and_nothing_read_ahead_is_lost()
    {
        File.WriteAllText(Log, "1a\n1b\n");
        File.WriteAllText(SecondLog, "2a\n2b\n");
        using TestProcess run = TestProcess.Run(ChildProgram.Executable, ["Streams.RedirectStdin", Log, SecondLog], stdin: "typed\n");
        Assert.Equal("1a\n2a\n1b\n2a\n2b\ntyped\n", run.Stdout);
    }

    [Fact, Trait("S", "S067")]
    public void A_stream_that_the_program_has_replaced_is_left_alone()
    {
        using TestProcess run = ChildProgram.Run("Streams.RedirectLeavesReplacedStreamAlone", Log);
        Assert.Equal(("mine True\n", "child\n"), (run.Stdout, File.ReadAllText(Log)));
    }

    [Fact, Trait("S", "S067")]
    public void A_descriptor_can_be_redirected_to_another_handle()
    {
        using TestProcess run = ChildProgram.Run("Streams.RedirectToHandle");
        Assert.Equal("through the pipe\nchild\n", run.Stdout);
    }

    [Fact, Trait("S", "S067")]
    public void A_descriptor_that_was_closed_is_closed_again()
    {
        using TestProcess run = ChildProgram.Run("Streams.RedirectClosed", Log);
        Assert.Equal("False\n-1\nFalse\n", run.Stdout);
        Assert.Equal("child\n", File.ReadAllText(Log));
    }

    [Fact, Trait("S", "S067")]
    public void Bad_redirections_are_refused_before_anything_happens()
    {
        using TestProcess run = ChildProgram.Run("Streams.RedirectBadly", Log);
        Assert.Equal(
            [
                "OsException: open '/no/such/file': No such file or directory (ENOENT)",
                "OsException: open '/': Is a directory (EISDIR)",
                "OsException: dup2: Bad file descriptor (EBADF)",
                "OsException: dup2: Bad file descriptor (EBADF)",
                "OsException: dup2: Bad file descriptor (EBADF)",
                "OsException: dup2: Bad file descriptor (EBADF)",
                "ArgumentException: The text holds a NUL character, at which the operating system would cut it off",
                "ArgumentNullException: Value cannot be null",
                "ArgumentNullException: Value cannot be null",
                "untouched",
            ],
            run.Stdout.TrimEnd().Split('\n'));
    }

    [Fact, Trait("S", "S067")]
    public void Redirections_leave_no_descriptor_behind()
    {
        using TestProcess run = ChildProgram.Run("Streams.RedirectLeaksNothing", Log);
        Assert.Equal("same\n", run.Stdout);
    }

    [Fact, Trait("S", "S067")]
    public void Signals_that_interrupt_the_system_call_are_no_errors()
    {
        string fifo = Path.Combine(_directory, "fifo");
        using TestProcess make = TestProcess.Run("/usr/bin/env", ["mkfifo", fifo]);
        using TestProcess run = ChildProgram.Run("Streams.RedirectInterrupted", fifo);
        Assert.Equal(("line\n", ""), (run.Stdout, run.Stderr));
    }

    [Fact, Trait("S", "S067")]
    public void A_child_does_not_inherit_the_saved_descriptor()
    {
        using TestProcess run = ChildProgram.Run("Streams.RedirectHidesTheSavedDescriptor", Log);
        Assert.Contains("0\n1\n", run.Stdout);
        Assert.Equal(run.Stdout, File.ReadAllText(Log));
    }

    [Fact]
    public void Null_streams_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => Sys.Stdin = null!);
        Assert.Throws<ArgumentNullException>(() => Sys.Stdout = null!);
        Assert.Throws<ArgumentNullException>(() => Sys.Stderr = null!);
        Assert.Throws<ArgumentNullException>(() => Sys.RedirectStdin(null!));
        Assert.Throws<ArgumentNullException>(() => Sys.RedirectStdout(null!));
        Assert.Throws<ArgumentNullException>(() => Sys.RedirectStderr(null!));
    }
}
