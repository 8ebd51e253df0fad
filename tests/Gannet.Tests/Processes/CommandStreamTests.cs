using System.Text;
using Gannet.Interop;
using Gannet.Testing;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Processes;

/// <summary>What a child's standard streams and other descriptors are.</summary>
[Collection(Spawned.Collection)]
public sealed class CommandStreamTests : ChildrenTest
{
    private const string Both = "cat; echo error >&2";

    [Fact]
    public void Null_is_an_empty_input_and_an_output_into_nothing()
    {
        Assert.Equal("", Command.Of("/bin/cat").WithStdin(Stdio.Null).Capture().Output);
        using FileStream report = new(At("report"), FileMode.Create);
        Commands.Script("links=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); echo \"$links\" >&3")
            .WithStdin(Stdio.Null).WithStdout(Stdio.Null).WithStderr(Stdio.Null).WithDescriptor(report.SafeFileHandle, 3).Run();
        Assert.Equal(["/dev/null", "/dev/null", "/dev/null"], File.ReadLines(At("report")));
    }

    [Fact]
    public void Files_are_read_and_are_emptied_before_they_are_written()
    {
        Write("in", "input\n");
        Write("out", "a longer text that was there before\n");
        Commands.Script(Both).WithStdin(Stdio.File(At("in"))).WithStdout(Stdio.File(At("out"))).WithStderr(Stdio.File(At("error"))).Run().EnsureSuccess();
        Assert.Equal(("input\n", "error\n"), (File.ReadAllText(At("out")), File.ReadAllText(At("error"))));
    }

    [Fact]
    public void A_new_file_gets_mode_0666_less_the_umask()
    {
        Command.Of("/bin/true").WithStdout(Stdio.File(At("out"))).Run();
        string umask = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("Umask:"))["Umask:".Length..].Trim();
        Assert.Equal((UnixFileMode)(0x1B6 & ~Convert.ToInt32(umask, 8)), File.GetUnixFileMode(At("out")));
    }

    [Fact]
    public void What_is_appended_comes_after_what_is_there()
    {
        Write("log", "first\n");
        Command command = Commands.Script("echo out; echo error >&2").WithStdout(Stdio.Append(At("log"))).WithMergedOutput();
        command.Run();
        command.Run();
        Assert.Equal("first\nout\nerror\nout\nerror\n", File.ReadAllText(At("log")));
    }

    [Fact]
    public void Output_and_error_that_are_appended_to_one_file_keep_their_order()
    {
        Commands.Script("for i in 1 2 3; do echo o$i; echo e$i >&2; done")
            .WithStdout(Stdio.Append(At("log"))).WithStderr(Stdio.Append(At("log"))).Run();
        Assert.Equal("o1\ne1\no2\ne2\no3\ne3\n", File.ReadAllText(At("log")));
    }

    [Fact]
    public void A_relative_file_counts_from_this_programs_directory_not_from_the_childs()
    {
        Write("in", "found");
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, At("in"));
        Assert.Equal("found", Command.Of("/bin/cat").In("/usr").WithStdin(Stdio.File(relative)).Capture().Output);
    }

    [Fact]
    public void A_file_that_can_not_be_opened_is_told_and_nothing_is_started()
    {
        Command touch = Command.Of("/usr/bin/touch", At("touched"));
        OsException error = Assert.Throws<OsException>(() => touch.WithStdin(Stdio.File(At("missing"))).Run());
        Assert.Equal((Errno.ENOENT, "open", At("missing")), (error.Errno, error.Operation, error.Path));
        Assert.Equal(Errno.EISDIR, Assert.Throws<OsException>(() => touch.WithStdout(Stdio.File(Folder)).Run()).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<OsException>(() => touch.WithStderr(Stdio.Append(At("no/such"))).Start()).Errno);
        Assert.False(File.Exists(At("touched")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handle_stays_open_and_at_its_position(bool isAsync)
    {
        Write("in", "skipped input");
        using FileStream input = new(At("in"), FileMode.Open);
        input.Position = "skipped ".Length;
        using FileStream output = new(At("out"), FileMode.Create);
        Command command = Command.Of("/bin/cat").WithStdin(Stdio.Handle(input.SafeFileHandle)).WithStdout(Stdio.Handle(output.SafeFileHandle));
        await Commands.RunAsync(command, isAsync);
        output.Seek(0, SeekOrigin.End);
        output.Write("!"u8);
        output.Flush();
        Assert.Equal("input!", File.ReadAllText(At("out")));
    }

    [Fact]
    public void One_handle_can_be_all_three()
    {
        Write("file", "in\n");
        using SafeFileHandle both = Libc.Open(At("file"), Libc.O_RDONLY | 2);
        Stdio stdio = Stdio.Handle(both);
        Commands.Script("read line; echo out; echo error >&2").WithStdin(stdio).WithStdout(stdio).WithStderr(stdio).Run().EnsureSuccess();
        Assert.Equal("in\nout\nerror\n", File.ReadAllText(At("file")));
    }

    [Fact]
    public void A_handle_that_is_closed_is_refused_and_nothing_is_started()
    {
        SafeFileHandle closed = File.OpenHandle("/dev/null");
        closed.Dispose();
        Command touch = Command.Of("/usr/bin/touch", At("touched"));
        foreach (Command command in new[]
        {
            touch.WithStdin(Stdio.Handle(closed)), touch.WithStdout(Stdio.Handle(closed)), touch.WithStderr(Stdio.Handle(closed)), touch.WithDescriptor(closed, 7),
        })
        {
            OsException error = Assert.Throws<OsException>(() => command.Run());
            Assert.Equal((Errno.EBADF, "dup2"), (error.Errno, error.Operation));
        }

        using SafeFileHandle invalid = new();
        Assert.Equal(Errno.EBADF, Assert.Throws<OsException>(() => touch.WithStdin(Stdio.Handle(invalid)).Run()).Errno);
        Assert.False(File.Exists(At("touched")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streams_are_copied_to_and_from_the_child(bool isAsync)
    {
        byte[] bytes = new byte[1_000_000];
        new Random(2).NextBytes(bytes);
        using MemoryStream input = new(bytes), output = new(), error = new();
        Command command = Commands.Script(Both).WithStdin(Stdio.Stream(input)).WithStdout(Stdio.Stream(output)).WithStderr(Stdio.Stream(error));
        Assert.True((await Commands.RunAsync(command, isAsync)).Succeeded);
        Assert.True(output.ToArray().AsSpan().SequenceEqual(bytes));
        Assert.Equal("error\n", Encoding.UTF8.GetString(error.ToArray()));
        Assert.True(input.CanRead && output.CanWrite && error.CanWrite);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_stream_can_take_both_outputs(bool isAsync)
    {
        using MemoryStream both = new();
        Command command = Commands.Script("echo out; echo error >&2");
        await Commands.RunAsync(command.WithStdout(Stdio.Stream(both)).WithMergedOutput(), isAsync);
        Assert.Equal("out\nerror\n", Encoding.UTF8.GetString(both.ToArray()));
        await Commands.RunAsync(command.WithStdout(Stdio.Stream(both)).WithStderr(Stdio.Stream(both)), isAsync);
        Assert.Equal(2 * "out\nerror\n".Length, both.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_can_not_take_the_output_ends_the_child_and_its_failure_is_told(bool isAsync)
    {
        using BrokenStream broken = new();
        Command command = Command.Of("yes").WithStdout(Stdio.Stream(broken));
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidDataException>(() => Commands.RunAsync(command, isAsync))).Message);
        command = Commands.Script("exec yes >&2").WithStderr(Stdio.Stream(broken));
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidDataException>(() => Commands.CaptureAsync(command, isAsync))).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_can_not_give_the_input_ends_the_child_and_its_failure_is_told(bool isAsync)
    {
        using BrokenStream broken = new();
        Command command = Command.Of("/bin/sleep", Commands.Long).WithStdin(Stdio.Stream(broken));
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidDataException>(() => Commands.RunAsync(command, isAsync))).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_source_that_never_gives_anything_does_not_outlast_the_child(bool isAsync)
    {
        using BlockedStream blocked = new();
        CapturedText result = await Commands.CaptureAsync(Commands.Script("echo done").WithStdin(Stdio.Stream(blocked)), isAsync);
        Assert.Equal(("done\n", true), (result.Output, result.Succeeded));
    }

    [Fact]
    public async Task A_stream_that_keeps_its_thread_does_not_keep_the_caller_of_an_asynchronous_run()
    {
        using KeepingStream source = new();
        Assert.Equal("done\n", (await Commands.Script("echo done").WithStdin(Stdio.Stream(source)).CaptureAsync()).Output);
        using KeepingStream sink = new();
        Task<CommandResult> run = Commands.Script("echo done").WithStdout(Stdio.Stream(sink)).RunAsync();
        using KeepingStream other = new();
        using Child child = Commands.Script("echo done").WithStdout(Stdio.Stream(other)).Start();
        sink.Dispose();
        other.Dispose();
        Assert.True((await run).Succeeded);
        Assert.Equal(0, (await child.WaitAsync()).ExitStatus);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_source_without_an_end_is_left_when_the_child_reads_no_more(bool isAsync)
    {
        using EndlessStream endless = new();
        CapturedText result = await Commands.CaptureAsync(Command.Of("/usr/bin/head", "-c", "100000").WithStdin(Stdio.Stream(endless)), isAsync);
        Assert.Equal((100_000, true), (result.Output.Length, result.Succeeded));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_process_left_behind_that_holds_the_input_stops_no_thread_here(bool isAsync)
    {
        using EndlessStream endless = new();
        Command command = Commands.Script($"sleep {Commands.Long} <&0 >/dev/null 2>&1 & echo $!").WithStdin(Stdio.Stream(endless));
        CapturedText result = await Commands.CaptureAsync(command, isAsync);
        try
        {
            Assert.True(Commands.IsAlive(result.Output));
            Spawned.Await(() => !OwnTasks.Names().Contains("Gannet input"), "A thread still writes to a child that is gone.");
        }
        finally
        {
            Commands.Kill(result.Output);
        }
    }

    [Fact]
    public void Texts_and_bytes_are_whole_inputs()
    {
        Assert.Equal("text", Command.Of("/bin/cat").WithStdin(Stdio.Text("text")).Capture().Output);
        Assert.Equal("bytes", Command.Of("/bin/cat").WithStdin(Stdio.Bytes("bytes"u8.ToArray())).Capture().Output);
        Assert.Equal("", Command.Of("/bin/cat").WithInput("").Capture().Output);
        Assert.Equal("", Command.Of("/bin/cat").WithStdin(Stdio.Bytes(default)).Capture().Output);
    }

    [Fact]
    public void Error_output_follows_the_output_wherever_that_goes()
    {
        Command command = Commands.Script("echo out; echo error >&2").WithMergedOutput();
        command.WithStdout(Stdio.File(At("out"))).Run();
        Assert.Equal("out\nerror\n", File.ReadAllText(At("out")));
        using FileStream file = new(At("handle"), FileMode.Create);
        command.WithStdout(Stdio.Handle(file.SafeFileHandle)).Run();
        Assert.Equal("out\nerror\n", File.ReadAllText(At("handle")));
        using FileStream named = new(At("named"), FileMode.Create);
        command.WithDescriptor(named.SafeFileHandle, 1).Run();
        Assert.Equal("out\nerror\n", File.ReadAllText(At("named")));
        using TestProcess run = ChildProgram.Run("Commanding.MergesIntoInherited");
        Assert.Equal(("out\nerror\n", ""), (run.Stdout, run.Stderr));
    }

    [Fact]
    public void A_descriptor_of_this_program_is_another_one_in_the_child()
    {
        using SafeFileHandle a = File.OpenHandle(Write("a", "a")), b = File.OpenHandle(Write("b", "b"));
        Command read = Commands.Script("cat /proc/self/fd/5 /proc/self/fd/3 /proc/self/fd/200");
        Assert.Equal("bab", read.WithDescriptor(a, 3).WithDescriptor(b, 5).WithDescriptor(b, 200).Capture().Output);
    }

    [Fact]
    public void Descriptors_change_places()
    {
        using SafeFileHandle a = File.OpenHandle(Write("a", "a")), b = File.OpenHandle(Write("b", "b"));
        int first = (int)a.DangerousGetHandle(), second = (int)b.DangerousGetHandle();
        Command read = Command.Of("/bin/cat", $"/proc/self/fd/{first}", $"/proc/self/fd/{second}");
        Assert.Equal("ba", read.WithDescriptor(a, second).WithDescriptor(b, first).Capture().Output);
        Assert.Equal("ab", read.WithDescriptor(a, first).WithDescriptor(b, second).Capture().Output);
    }

    [Fact]
    public void A_descriptor_that_is_named_outweighs_a_stream()
    {
        using SafeFileHandle named = File.OpenHandle(Write("in", "named"));
        Assert.Equal("named", Command.Of("/bin/cat").WithDescriptor(named, 0).WithInput(new string('x', 200_000)).Capture().Output);
        using FileStream output = new(At("out"), FileMode.Create);
        Command elsewhere = Commands.Script("echo elsewhere").WithDescriptor(output.SafeFileHandle, 1);
        Assert.Throws<InvalidOperationException>(() => elsewhere.Capture());
        elsewhere.Run().EnsureSuccess();
        Assert.Equal("elsewhere\n", File.ReadAllText(At("out")));
    }

    [Fact]
    public void A_pipe_of_the_callers_ends_with_the_child()
    {
        (SafeFileHandle reader, SafeFileHandle writer) = Libc.Pipe();
        using FileStream pipe = new(reader, FileAccess.Read, bufferSize: 0);
        using StreamReader text = new(pipe);
        using (writer)
        {
            Assert.Equal("out\n", Commands.Script("echo through the pipe >&4; echo out").WithDescriptor(writer, 4).Capture().Output);
        }

        Assert.Equal("through the pipe\n", text.ReadToEnd());
    }

    [Fact]
    public void No_other_descriptor_of_this_program_reaches_the_child()
    {
        using FileStream open = new(At("open"), FileMode.Create);
        int inheritable = TestLibc.Duplicate((int)open.SafeFileHandle.DangerousGetHandle());
        try
        {
            // ls opens the directory itself.
            Command list = Command.Of("/bin/ls", "/proc/self/fd").WithInput("x");
            Assert.Equal("0\n1\n2\n3\n", list.Capture().Output);
            Assert.Contains($"\n{inheritable}\n", list.WithInheritedDescriptors().Capture().Output);
        }
        finally
        {
            Libc.Close(inheritable);
        }
    }

    [Fact]
    public void All_works_while_this_program_has_its_standard_streams_closed()
    {
        using TestProcess run = ChildProgram.Run("Commanding.WithStandardStreamsClosed", At("report"));
        Assert.Equal(0, run.ShellStatus);
        string[] lines = File.ReadAllLines(At("report"));
        Assert.Equal(8 * 2, lines.Length);
        Assert.All(lines, line => Assert.EndsWith(" in->in|error", line));
    }

    [Fact]
    public void Nothing_stays_open_whatever_was_done()
    {
        using TestProcess run = ChildProgram.Run("Commanding.LeavesNothing");
        Assert.Equal((0, "nothing left\n", ""), (run.ShellStatus, run.Stdout, run.Stderr));
    }
}
