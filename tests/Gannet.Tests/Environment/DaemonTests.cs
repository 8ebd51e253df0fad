using Gannet.Testing;
using Gannet.Tests.Processes;

namespace Gannet.Tests.EnvironmentRoom;

public sealed class DaemonTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gannet-daemon-").FullName;

    public void Dispose()
    {
        File.WriteAllText($"{_directory}/stop", "");
        Await(() => !IsRunning());
        Directory.Delete(_directory, recursive: true);
    }

    [Fact, Trait("S", "S189")]
    public void The_program_goes_on_in_a_session_of_its_own_without_terminal_and_streams()
    {
        using TestProcess run = ChildProgram.Run("Identity.Daemon", _directory, "", "", "last word", "");
        Assert.Equal((0, "start\n", ""), (run.ExitCode, run.Stdout, run.Stderr));
        Await(() => File.Exists($"{_directory}/report"));
        string pid = File.ReadAllText($"{_directory}/pid").Trim();
        Assert.Equal(
            $"{pid} True / OtherWrite, OtherRead {Os.GetUid()} unset /dev/null/dev/null/dev/null False [{_directory}|||last word|]\n",
            File.ReadAllText($"{_directory}/report"));
        Assert.NotEqual(run.Pid, int.Parse(pid));

        // The one that called ended without its hooks; the daemon runs them at its own end, and takes the pid file away.
        File.WriteAllText($"{_directory}/stop", "");
        Await(() => File.Exists($"{_directory}/hooks") && !File.Exists($"{_directory}/pid"));
        Assert.Equal($"{pid}\n", File.ReadAllText($"{_directory}/hooks"));
    }

    [Fact]
    public void There_is_no_second_one_with_the_same_pid_file()
    {
        using TestProcess first = ChildProgram.Run("Identity.Daemon", _directory, "");
        Await(() => File.Exists($"{_directory}/report"));
        string pid = File.ReadAllText($"{_directory}/pid");
        using TestProcess second = ChildProgram.Run("Identity.Daemon", _directory, "");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"fcntl '{_directory}/pid': Resource temporarily unavailable (EAGAIN)", second.Stderr);
        Assert.Equal(pid, File.ReadAllText($"{_directory}/pid"));
    }

    [ForkFact]
    public void A_worker_that_it_has_forked_does_not_hold_up_the_next_one()
    {
        using TestProcess first = ChildProgram.Run("Identity.DaemonWithWorker", _directory);
        Await(() => File.Exists($"{_directory}/report"));
        int pid = int.Parse(File.ReadAllText($"{_directory}/pid"));
        Os.Kill(pid, Signal.SIGKILL);
        Await(() => !IsRunning(pid));
        File.Delete($"{_directory}/report");
        using TestProcess second = ChildProgram.Run("Identity.DaemonWithWorker", _directory);
        Assert.Equal((0, ""), (second.ExitCode, second.Stderr));
        Await(() => File.Exists($"{_directory}/report"));
        Assert.NotEqual(pid, int.Parse(File.ReadAllText($"{_directory}/pid")));
        File.WriteAllText($"{_directory}/stop", "");
        Await(() => !File.Exists($"{_directory}/pid"));

        static bool IsRunning(int pid)
        {
            try
            {
                return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData("/no/such", "", "chdir '/no/such': No such file or directory (ENOENT)")]
    [InlineData("", "nosuchuser", "there is no user 'nosuchuser'")]
    public void What_goes_wrong_is_told_to_the_one_that_called(string directory, string user, string error)
    {
        using TestProcess run = ChildProgram.Run("Identity.Daemon", _directory, directory, user);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(error, run.Stderr);
        Assert.False(File.Exists($"{_directory}/report"));
        Assert.False(File.Exists($"{_directory}/pid"));
    }

    [Fact]
    public void A_program_that_was_started_before_does_not_hold_up_the_one_that_called()
    {
        using TestProcess run = ChildProgram.Run("Identity.Daemon", _directory, "", "", "child");
        Assert.Equal((0, "start\n", ""), (run.ExitCode, run.Stdout, run.Stderr));
        Await(() => File.Exists($"{_directory}/report"));
    }

    [Fact]
    public void A_symbolic_link_is_no_pid_file_and_what_it_leads_to_stays_as_it_is()
    {
        File.WriteAllText($"{_directory}/other", "precious");
        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode($"{_directory}/other", mode);
        File.CreateSymbolicLink($"{_directory}/pid", $"{_directory}/other");
        using TestProcess run = ChildProgram.Run("Identity.Daemon", _directory, "");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("(ELOOP)", run.Stderr);
        Assert.Equal(("precious", mode), (File.ReadAllText($"{_directory}/other"), File.GetUnixFileMode($"{_directory}/other")));
    }

    [RootFact]
    public void It_becomes_the_user_that_it_is_to_be()
    {
        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        using TestProcess run = ChildProgram.Run("Identity.Daemon", _directory, "", "nobody");
        Assert.Equal((0, ""), (run.ExitCode, run.Stderr));
        Await(() => File.Exists($"{_directory}/report"));
        Assert.Contains(" 65534 unset ", File.ReadAllText($"{_directory}/report"));
    }

    [Fact]
    public void A_leftover_of_its_mark_in_the_environment_changes_nothing()
    {
        using TestProcess run = TestProcess.Run(
            ChildProgram.Executable,
            ["Identity.Daemon", _directory, ""],
            environment: new Dictionary<string, string?> { ["GANNET_DAEMON"] = "1" });
        Assert.Equal((0, "start\n"), (run.ExitCode, run.Stdout));
        Await(() => File.Exists($"{_directory}/report"));
        Assert.Contains(" unset ", File.ReadAllText($"{_directory}/report"));
    }

    [Fact]
    public void A_script_is_started_again_by_its_path()
    {
        string script = $"{_directory}/daemon.cs";
        File.WriteAllText(
            script,
            """
            Gannet.Os.Daemonize(new Gannet.DaemonSettings { PidFile = "pid" });
            string directory = Path.GetDirectoryName(Sys.ScriptPath)!;
            File.WriteAllText($"{directory}/report.new", $"{Gannet.Os.GetPid()} {string.Join('|', Sys.Argv)}\n");
            File.Move($"{directory}/report.new", $"{directory}/report");
            while (!File.Exists($"{directory}/stop")) Thread.Sleep(10);
            """);
        using TestProcess run = TestProcess.Run(
            Tool.ScriptFolder.Command, ["daemon.cs", "one", ""], workingDirectory: _directory, timeout: TimeSpan.FromMinutes(2));
        Assert.Equal((0, "", ""), (run.ExitCode, run.Stdout, run.Stderr));
        Await(() => File.Exists($"{_directory}/report"));
        Assert.Matches(
            $@"\A{File.ReadAllText($"{_directory}/pid").Trim()} \S*daemon\.cs\|one\|\n\z", File.ReadAllText($"{_directory}/report"));
    }

    private static void Await(Func<bool> state)
    {
        long end = Environment.TickCount64 + 60_000;
        while (!state())
        {
            Assert.True(Environment.TickCount64 < end, "It did not happen.");
            Thread.Sleep(5);
        }
    }

    // The daemon is nobody's child here, and whether anybody reaps it is the machine's affair.
    private bool IsRunning()
    {
        string report = $"{_directory}/report";
        return File.Exists(report) && Commands.IsAlive(File.ReadAllText(report).Split(' ')[0]);
    }
}
