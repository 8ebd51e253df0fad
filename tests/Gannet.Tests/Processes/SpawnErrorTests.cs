using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Processes;

/// <summary>Each step that can fail says so by its name, and leaves neither a zombie nor a descriptor.</summary>
[Collection(Spawned.Collection)]
public sealed class SpawnErrorTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gannet-spawn-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_missing_program_is_told_as_typed()
    {
        AssertFails(Errno.ENOENT, "execve", "gannet-no-such-program", Program("gannet-no-such-program"));
        AssertFails(Errno.ENOENT, "execve", "/no/such/program", Program("/no/such/program"));
        AssertFails(Errno.ENOTDIR, "execve", "/etc/passwd/program", Program("/etc/passwd/program"));
    }

    [Fact]
    public void A_missing_working_directory_is_told() =>
        AssertFails(Errno.ENOENT, "chdir", "/no/such/directory", new() { Program = "/bin/true", Arguments = ["true"], WorkingDirectory = "/no/such/directory" });

    [Fact]
    public void A_file_that_may_not_be_run_is_told()
    {
        string path = File("plain", "#!/bin/sh\n", executable: false);
        AssertFails(Errno.EACCES, "execve", path, Program(path));
        AssertFails(Errno.EACCES, "execve", _directory, Program(_directory));
    }

    [Fact]
    public void A_file_that_may_not_be_run_says_more_than_the_absence_of_others()
    {
        string path = File("plain", "#!/bin/sh\n", executable: false);
        AssertFails(Errno.EACCES, "execve", path, Searched("plain", $"/no/such:{_directory}:/bin"));
    }

    [Fact]
    public void A_file_that_is_no_program_is_told()
    {
        string path = File("text", "no program\n", executable: true);
        AssertFails(Errno.ENOEXEC, "execve", path, Program(path));
        AssertFails(Errno.ENOEXEC, "execve", path, Searched("text", $"{_directory}:/bin"));
    }

    [Fact]
    public void A_missing_interpreter_is_told_by_its_own_name()
    {
        string path = File("script", "#! /no/such/interpreter -x\n", executable: true);
        AssertFails(Errno.ENOENT, "execve", "/no/such/interpreter", Program(path));
        AssertFails(Errno.ENOENT, "execve", "/no/such/interpreter", Searched("script", _directory));
        AssertFails(Errno.ENOENT, "execve", "/no/such/interpreter", new()
        {
            Program = "./script", Arguments = ["script"], WorkingDirectory = _directory,
        });
    }

    [Fact]
    public void A_program_that_is_being_written_is_told()
    {
        string path = File("busy", "", executable: true);
        System.IO.File.Copy("/bin/true", path, overwrite: true);
        using FileStream writer = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        AssertFails(Errno.ETXTBSY, "execve", path, Program(path));
    }

    [Fact]
    public void Arguments_that_are_too_long_are_told() =>
        AssertFails(Errno.E2BIG, "execve", "/bin/true", new() { Program = "/bin/true", Arguments = ["true", new string('x', 200_000)] });

    [Fact]
    public void Groups_sessions_and_terminals_that_can_not_be_are_told()
    {
        AssertFails(Errno.EPERM, "setpgid", "1", new() { Program = "/bin/true", Arguments = ["true"], ProcessGroup = 1 });
        AssertFails(Errno.EINVAL, "setpgid", "-5", new() { Program = "/bin/true", Arguments = ["true"], ProcessGroup = -5 });
        using SafeFileHandle zero = Libc.Open("/dev/null", Libc.O_RDONLY);
        DescriptorMapping[] input = [new((int)zero.DangerousGetHandle(), 0)];
        AssertFails(Errno.ENOTTY, "ioctl(TIOCSCTTY)", "0", new()
        {
            Program = "/bin/true", Arguments = ["true"], Descriptors = input, NewSession = true, TakesTerminal = true,
        });
        AssertFails(Errno.ENOTTY, "tcsetpgrp", "0", new() { Program = "/bin/true", Arguments = ["true"], Descriptors = input, Foreground = true });
    }

    [Fact]
    public void A_limit_and_a_control_group_that_can_not_be_are_told()
    {
        NativeResourceLimit[] limits = [new() { Resource = TestLibc.RLIMIT_NOFILE, Soft = 9, Hard = 8 }];
        AssertFails(Errno.EINVAL, "setrlimit", "7", new() { Program = "/bin/true", Arguments = ["true"], Limits = limits });
        AssertFails(Errno.ENOENT, "cgroup", "/no/such", new() { Program = "/bin/true", Arguments = ["true"], ControlGroup = "/no/such" });
        AssertFails(Errno.ENOENT, "cgroup", "/no/such", new()
        {
            Program = "/bin/true", Arguments = ["true"], ControlGroup = "/no/such", Fallbacks = SpawnOptions.WithoutClone3,
        });
    }

    [Fact]
    public void A_target_above_the_limit_of_descriptors_is_told() =>
        AssertFails(Errno.EBADF, "dup2", $"{int.MaxValue}", new()
        {
            Program = "/bin/true", Arguments = ["true"], Descriptors = [new(0, int.MaxValue)],
        });

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(1, -5)]
    [InlineData(100_000, 5)]
    public void A_descriptor_that_is_none_is_refused_before_anything_happens(int source, int target) =>
        AssertFails(Errno.EBADF, "dup2", $"{source} to {target}", new()
        {
            Program = "/no/such", Arguments = ["x"], Descriptors = [new(source, target)],
        });

    [Fact]
    public void Bad_requests_are_refused_before_anything_happens()
    {
        Refused(new() { Program = "", Arguments = ["x"] });
        Refused(new() { Program = "x", Arguments = [] });
        Refused(new() { Program = "/bin/tr\0ue", Arguments = ["x"] });
        Refused(new() { Program = "/bin/true", Arguments = ["x\0"] });
        Refused(new() { Program = "/bin/true", Arguments = ["x", null!] });
        Refused(new() { Program = "/bin/true", Arguments = ["x"], Environment = ["A=\0"u8.ToArray()] });
        Refused(new() { Program = "/bin/true", Arguments = ["x"], WorkingDirectory = "/\0" });
        Refused(new() { Program = "/bin/true", Arguments = ["x"], ControlGroup = "/\0" });
        Refused(new() { Program = "/bin/true", Arguments = ["x"], Descriptors = [new(0, 5), new(1, 6), new(2, 5)] });
        Refused(new() { Program = "/bin/true", Arguments = ["x"], NewSession = true, ProcessGroup = 0 });
        Refused(new() { Program = "/bin/true", Arguments = ["x"], Nice = 20 });
        Refused(new() { Program = "/bin/true", Arguments = ["x"], Umask = 0x200 });
        Refused(new() { Program = "/bin/true", Arguments = ["x"], DeathSignal = (Signal)65 });
    }

    [Fact]
    public void The_programs_PATH_is_the_one_of_the_environment_that_it_gets()
    {
        File("gannet-found", "#!/bin/sh\nprintf found\n", executable: true);
        Assert.Equal("found", Spawned.Capture(output => Searched("gannet-found", $"/no/such:{_directory}", output)));
        AssertFails(Errno.ENOENT, "execve", "gannet-found", Program("gannet-found"));
    }

    [Fact]
    public void Without_a_PATH_the_systems_own_directories_are_searched_and_never_the_current_one()
    {
        File("gannet-here", "#!/bin/sh\nprintf here\n", executable: true);
        Assert.Equal(0, Spawned.Run(new() { Program = "true", Arguments = ["true"], Environment = [] }).ExitStatus);
        AssertFails(Errno.ENOENT, "execve", "gannet-here", new()
        {
            Program = "gannet-here", Arguments = ["x"], Environment = [], WorkingDirectory = _directory,
        });
    }

    [Theory]
    [InlineData("/no/such:.")]
    [InlineData("/no/such:")]
    [InlineData(":/no/such")]
    [InlineData("")]
    public void The_working_directory_is_searched_where_PATH_names_it_or_has_an_empty_element(string path)
    {
        File("gannet-here", "#!/bin/sh\nprintf here\n", executable: true);
        Assert.Equal("here", Spawned.Capture(output => new()
        {
            Program = "gannet-here",
            Arguments = ["x"],
            Environment = [OsText.Encode($"PATH={path}")],
            WorkingDirectory = _directory,
            Descriptors = [new(output, 1)],
        }));
    }

    private static SpawnRequest Program(string program) => new() { Program = program, Arguments = [program] };

    private static SpawnRequest Searched(string program, string path, int? output = null) => new()
    {
        Program = program,
        Arguments = [program],
        Environment = [OsText.Encode($"PATH={path}")],
        Descriptors = output is int fd ? [new(fd, 1)] : [],
    };

    private static void Refused(SpawnRequest request) => Assert.ThrowsAny<ArgumentException>(() => Spawner.Start(request));

    private static void AssertFails(Errno errno, string operation, string? path, SpawnRequest request)
    {
        OsException error = Spawned.Fails(request);
        Assert.Equal((errno, operation, path), (error.Errno, error.Operation, error.Path));
    }

    private string File(string name, string text, bool executable)
    {
        string path = Path.Combine(_directory, name);
        System.IO.File.WriteAllText(path, text);
        System.IO.File.SetUnixFileMode(path, executable ? (UnixFileMode)0x1ED : (UnixFileMode)0x1A4);
        return path;
    }
}
