using System.Globalization;
using Gannet.Testing;
using Gannet.Tests.Processes;

namespace Gannet.Tests.EnvironmentRoom;

[Collection(Spawned.Collection)]
public class IdentityTests
{
    private const string Root = "0,0,0";
    private const string Nobody = "65534,65534,65534";

    [Fact, Trait("S", "S162"), Trait("S", "S129"), Trait("S", "S128")]
    public void Every_row_of_the_table_is_a_member_of_Os()
    {
        string[] names =
        [
            "ChDir", "GetCwd", "GetEGid", "GetEUid", "GetGid", "GetPgrp", "GetPid", "GetPPid", "GetUid", "PutEnv", "SetGid", "SetPgrp",
            "SetPgid", "SetSid", "SetUid", "StrError", "Umask", "Uname",
        ];
        Assert.All(names, name => Assert.NotEmpty(typeof(Os).GetMember(name)));
    }

    [RootFact, Trait("S", "S169"), Trait("S", "S170"), Trait("S", "S171"), Trait("S", "S175")]
    public void The_ids_are_those_that_the_process_was_started_with()
    {
        using TestProcess root = ChildProgram.Run("Identity.Ids");
        using TestProcess nobody = AsNobody("Identity.Ids");
        Assert.StartsWith("0 0 0 0 0 0 [", root.Stdout);
        Assert.StartsWith("65534 65534 65534 65534 65534 65534 []\n", nobody.Stdout);
    }

    [Fact, Trait("S", "S172"), Trait("S", "S173"), Trait("S", "S174"), Trait("S", "S184")]
    public void A_child_knows_itself_its_parent_and_the_group_that_it_inherits()
    {
        using TestProcess run = ChildProgram.Run("Identity.Ids");
        Assert.Equal($"pid True parent {Os.GetPid()} group {Os.GetPgrp()} session True True", run.Stdout.Split('\n')[1]);
        // The kernel's own word, for in a container the session may lie outside of the pid namespace, and its number is 0.
        Assert.Equal(File.ReadAllText("/proc/self/stat").Split(") ")[1].Split(' ')[3], Os.GetSid().ToString(CultureInfo.InvariantCulture));
    }

    [RootTheory, Trait("S", "S177"), Trait("S", "S190")]
    [InlineData("setuid 1|setuid 0", $"setuid: passed; 1,1,1 {Root} [7]|setuid: setuid EPERM; 1,1,1 {Root} [7]")]
    [InlineData("seteuid 1|seteuid 0", $"seteuid: passed; 0,1,0 {Root} [7]|seteuid: passed; {Root} {Root} [7]")]
    [InlineData("setegid 1|setegid 0", $"setegid: passed; {Root} 0,1,0 [7]|setegid: passed; {Root} {Root} [7]")]
    [InlineData("setreuid - 5|setreuid 0 -", $"setreuid: passed; 0,5,5 {Root} [7]|setreuid: passed; 0,5,5 {Root} [7]")]
    [InlineData("setregid 4 5", $"setregid: passed; {Root} 4,5,5 [7]")]
    [InlineData("setresgid 3 - 5", $"setresgid: passed; {Root} 3,0,5 [7]")]
    [InlineData("setresuid 3 - 5|setresuid - 3 -|setresuid - 0 -", $"setresuid: passed; 3,0,5 {Root} [7]|setresuid: passed; 3,3,5 {Root} [7]|setresuid: setresuid EPERM; 3,3,5 {Root} [7]")]
    [InlineData("setgroups 4 2 9|setgroups", $"setgroups: passed; {Root} {Root} [2 4 9]|setgroups: passed; {Root} {Root} []")]
    [InlineData("initgroups 12", $"initgroups: passed; {Root} {Root} [12]")]
    public void Root_sets_ids(string calls, string expected) =>
        Assert.Equal(expected.Split('|'), Lines(TestProcess.Run("setpriv".Find(), ["--groups=7", ChildProgram.Executable, "Identity.Calls", .. calls.Split('|')])));

    [RootFact, Trait("S", "S178")]
    public void SetGid_changes_all_three_ids_and_leaves_the_supplementary_groups_alone() =>
        Assert.Equal(
            [$"setgid: passed; {Root} 1,1,1 [7]"],
            Lines(TestProcess.Run("setpriv".Find(), ["--groups=7", ChildProgram.Executable, "Identity.Calls", "setgid 1"])));

    [RootTheory, Trait("S", "S177"), Trait("S", "S190"), Trait("S", "S191")]
    [InlineData("setuid 0", "setuid EPERM")]
    [InlineData("setgid 0", "setgid EPERM")]
    [InlineData("setuid 65534", "passed")]
    [InlineData("setgroups 1", "setgroups EPERM")]
    [InlineData("initgroups 1", "initgroups EPERM daemon")]
    public void Others_may_take_their_own_id_only(string call, string expected) =>
        Assert.Equal([$"{call.Split(' ')[0]}: {expected}; {Nobody} {Nobody} []"], Lines(AsNobody("Identity.Calls", call)));

    [RootFact, Trait("S", "S192")]
    public void Ids_change_for_every_thread()
    {
        using TestProcess run = ChildProgram.Run("Identity.AllThreads");
        Assert.Equal("Uid: 1 1 1 1 Gid: 1 1 1 1 Groups: 7\n", run.Stdout);
    }

    [Fact, Trait("S", "S193"), Trait("S", "S168")]
    public void What_can_not_be_is_refused_before_the_system_call()
    {
        string[] lines = Lines(ChildProgram.Run("Identity.Refused"));
        Assert.Equal(
            [
                "ArgumentOutOfRangeException", "ArgumentOutOfRangeException", "ArgumentOutOfRangeException", "ArgumentOutOfRangeException",
                "ArgumentOutOfRangeException", "ArgumentException", "ArgumentException", "ArgumentOutOfRangeException",
                "ArgumentOutOfRangeException", "ArgumentNullException", "ArgumentException", "ArgumentException", "ArgumentException",
                "KeyNotFoundException",
            ],
            lines[..^1]);
        Assert.Throws<OverflowException>(() => Os.SetUid(checked((uint)int.Parse("-2"))));
    }

    [RootFact, Trait("S", "S179"), Trait("S", "S180"), Trait("S", "S181"), Trait("S", "S182"), Trait("S", "S183")]
    public void A_process_leads_a_group_of_its_own_without_any_privilege()
    {
        Assert.Equal(["True True", "passed"], Lines(ChildProgram.Run("Identity.Groups")));
        Assert.Equal(["True True", "passed"], Lines(AsNobody("Identity.Groups")));
        Assert.Equal(["True"], Lines(AsNobody("Identity.ForkedChild")));
    }

    [Fact, Trait("S", "S185")]
    public void Groups_of_others_can_not_be_changed() =>
        Assert.Equal(
            ["setpgid ESRCH", "setpgid ESRCH", "getpgid ESRCH", "getsid ESRCH", "setpgid EPERM", "setpgid EACCES"],
            Lines(ChildProgram.Run("Identity.Foreign")));

    [Fact, Trait("S", "S186"), Trait("S", "S187"), Trait("S", "S189")]
    public void A_session_is_led_by_its_maker_who_makes_no_second() =>
        Assert.Equal(["True True True", "setsid EPERM"], Lines(ChildProgram.Run("Identity.Session")));

    [Theory, Trait("S", "S188")]
    [InlineData("setsid", "open ENXIO /dev/tty")]
    [InlineData("setpgrp", "passed")]
    public void A_new_session_has_no_terminal_a_new_group_keeps_it(string call, string after)
    {
        using TerminalChild child = TerminalChild.Run(
            ["/bin/sh", "-c", "\"$0\" \"$@\"; exit $?", ChildProgram.Executable, "Identity.Terminal", call]);
        child.ReadToEnd();
        Assert.Equal(["passed", after], child.Lines);
    }

    [Fact, Trait("S", "S163"), Trait("S", "S164"), Trait("S", "S165"), Trait("S", "S166"), Trait("S", "S167")]
    public void The_working_directory_is_the_processs() =>
        Assert.Equal(
            [
                "/usr/bin", "True", "chdir ENOENT /no/such/dir", "chdir ENOTDIR /etc/passwd", "/usr /usr", "True", "getcwd ENOENT",
            ],
            Lines(ChildProgram.Run("Identity.Directories")));

    [Theory, Trait("S", "S194"), Trait("S", "S195")]
    [InlineData(0, "Success")]
    [InlineData(1, "Operation not permitted")]
    [InlineData(2, "No such file or directory")]
    [InlineData(10, "No child processes")]
    [InlineData(13, "Permission denied")]
    [InlineData(17, "File exists")]
    [InlineData(22, "Invalid argument")]
    [InlineData(133, "Memory page has hardware error")]
    [InlineData(134, "Unknown error 134")]
    [InlineData(9999, "Unknown error 9999")]
    [InlineData(-1, "Unknown error -1")]
    public void StrError_gives_the_C_librarys_text(int number, string text)
    {
        Assert.Equal(text, Os.StrError(number));
        Assert.Equal(text, Os.StrError((Errno)number));
    }

    [Fact, Trait("S", "S196"), Trait("S", "S197")]
    public void Umask_gives_the_mask_before_and_keeps_nine_bits() =>
        Assert.Equal(
            ["22 640 27", "27 777", "35 child 0035", "777"],
            Lines(TestProcess.Run("/bin/sh", ["-c", "umask 022; exec \"$0\" Identity.Umask", ChildProgram.Executable])));

    [Fact, Trait("S", "S198"), Trait("S", "S199")]
    public void Uname_is_what_uname_prints()
    {
        using TestProcess run = TestProcess.Run("/bin/sh", ["-c", "uname -s; uname -n; uname -r; uname -v; uname -m"]);
        (string sysName, string nodeName, string release, string version, string machine) = Os.Uname();
        Assert.Equal(run.Stdout, $"{sysName}\n{nodeName}\n{release}\n{version}\n{machine}\n");
    }

    [RootFact]
    public void Privileges_are_dropped_for_good_with_the_users_groups()
    {
        using TestProcess groups = TestProcess.Run("/usr/bin/id", ["-G", "nobody"]);
        TestProcess run = ChildProgram.Run("Identity.Drop", "nobody");
        Assert.Equal(
            [
                $"passed; {Nobody} {Nobody} [{groups.Stdout.Trim()}]",
                "setuid EPERM; seteuid EPERM; setgroups EPERM; setresuid EPERM",
            ],
            Lines(run));
    }

    [RootFact]
    public void Without_privilege_nothing_is_dropped_and_nothing_has_changed()
    {
        TestProcess run = TestProcess.Run(
            "setpriv".Find(), ["--reuid=1", "--regid=1", "--clear-groups", ChildProgram.Executable, "Identity.Drop", "nobody"]);
        Assert.Equal("initgroups EPERM nobody; 1,1,1 1,1,1 []", Lines(run)[0]);
    }

    [RootFact]
    public void A_way_back_to_root_is_found_out()
    {
        using TestProcess run = TestProcess.Run(
            "setpriv".Find(), ["--securebits=+no_setuid_fixup", ChildProgram.Executable, "Identity.DropInPart"]);
        Assert.Contains("could get back privileges that it was to give up for 'nobody'; its privileges are dropped in part only", run.Stdout);
    }

    [Fact]
    public void Limits_are_read_and_set_and_children_inherit_them() =>
        Assert.Equal(
            [
                "True 300 300", "0 (unlimited)", "ArgumentException", "ArgumentOutOfRangeException", "getrlimit ESRCH",
                "ArgumentOutOfRangeException",
            ],
            Lines(ChildProgram.Run("Identity.Limits")));

    [RootFact, Trait("S", "S448")]
    public void Nice_counts_for_every_thread_and_child() =>
        Assert.Equal(
            ["3 3 3", "threads 3, child 3", "19", "getpriority ESRCH", "ArgumentOutOfRangeException", "nice EPERM"],
            Lines(AsNobody("Identity.Nice")));

    [Fact]
    public void Descriptors_are_close_on_exec_unless_they_are_for_others() =>
        Assert.Equal(
            [
                "cloexec True True", "5 0 True True", "dup2 False", "dup2 True",
                "closed close EBADF; dup EBADF; dup2 EBADF; dup2 EBADF; dup2 EBADF",
                "ArgumentOutOfRangeException; ArgumentOutOfRangeException; ArgumentOutOfRangeException; ArgumentNullException; ArgumentException",
                "False False False False ttyname ENOTTY ttyname EBADF",
            ],
            Lines(ChildProgram.Run("Identity.Descriptors")));

    [Fact]
    public void A_terminal_has_a_name()
    {
        using TerminalChild child = TerminalChild.Start("Identity.TerminalNames");
        child.ReadToEnd();
        Assert.Matches(@"\ATrue /dev/pts/\d+ /dev/tty True\z", child.Lines[0]);
    }

    [Fact]
    public void ExitNow_runs_nothing()
    {
        using TestProcess run = ChildProgram.Run("Identity.ExitNow");
        Assert.Equal((7, "", ""), (run.ExitCode, run.Stdout, run.Stderr));
    }

    [Fact]
    public void Abort_ends_by_SIGABRT()
    {
        using TestProcess run = TestProcess.Run("/bin/sh", ["-c", "ulimit -c 0; exec \"$0\" Identity.Abort", ChildProgram.Executable]);
        Assert.Equal(((int?)6, ""), (run.Signal, run.Stdout));
    }

    [PythonFact]
    public void Load_processors_and_times_are_as_Python_has_them()
    {
        string[] python = Python.Run("import os; print(os.cpu_count(), len(os.sched_getaffinity(0)), os.getloadavg()[2])").Split();
        Assert.Equal(python[0], $"{Os.CpuCount()}");
        Assert.InRange(Os.ProcessCpuCount(), 1, int.Parse(python[1]));
        Assert.Equal(double.Parse(python[2], CultureInfo.InvariantCulture), Os.GetLoadAvg().Fifteen, 0.5);
        ProcessTimes before = Os.Times();
        long end = Environment.TickCount64 + 100;
        while (Environment.TickCount64 < end)
        {
        }

        ProcessTimes after = Os.Times();
        Assert.True(after.User + after.System > before.User + before.System && after.Elapsed - before.Elapsed >= TimeSpan.FromMilliseconds(90));
    }

    [PythonFact]
    public void The_login_name_is_what_Python_gives()
    {
        string python = Python.Run("import os\ntry: print(os.getlogin())\nexcept OSError as e: print(e.errno)").Trim();
        string ours;
        try
        {
            ours = Os.GetLogin();
        }
        catch (OsException error)
        {
            ours = $"{(int)error.Errno}";
        }

        Assert.Equal(python, ours);
    }

    private static TestProcess AsNobody(params string[] arguments) =>
        TestProcess.Run("setpriv".Find(), ["--reuid=65534", "--regid=65534", "--clear-groups", ChildProgram.Executable, .. arguments]);

    private static string[] Lines(TestProcess run)
    {
        using (run)
        {
            Assert.Equal((0, ""), (run.ExitCode, run.Stderr));
            return run.Stdout.TrimEnd('\n').Split('\n');
        }
    }
}

internal static class CommandNames
{
    /// <summary>The path of a command.</summary>
    public static string Find(this string name) =>
        new[] { "/usr/bin", "/bin", "/usr/sbin", "/sbin" }.Select(directory => Path.Combine(directory, name)).First(File.Exists);
}
