using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Gannet.Interop;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

[Collection(Spawned.Collection)]
public sealed class SpawnFamilyTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly string[] s_ofTheShell = ["PWD", "OLDPWD", "SHLVL", "_"];

    private readonly HashSet<string> _before;
    private readonly string _folder = Directory.CreateTempSubdirectory("gannet-spawn-").FullName;

    public SpawnFamilyTests()
    {
        Os.WaitAll(s_patience);
        _before = Spawned.Descriptors();
    }

    public void Dispose()
    {
        Spawned.AssertNothingLeft(_before);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Each form runs a shell script, by a path or by a name, and with A=1 and PATH where it takes an environment.</summary>
    public static TheoryData<string> Forms => ["spawnl", "spawnle", "spawnlp", "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe"];

    [Theory, Trait("S", "S245"), Trait("S", "S251"), Trait("S", "S257")]
    [MemberData(nameof(Forms))]
    public void Each_form_waits_gives_the_exit_status_and_the_caller_goes_on(string form) => Assert.Equal(3, Run(form, SpawnMode.Wait, "exit 3"));

    [Theory, Trait("S", "S249")]
    [MemberData(nameof(Forms))]
    public void With_an_environment_that_is_all_there_is_and_without_one_the_live_one_counts(string form)
    {
        string seen = Path.Combine(_folder, "seen");
        Assert.Equal(0, Run(form, SpawnMode.Wait, $"/usr/bin/env >{seen}"));
        string[] variables = File.ReadAllLines(seen);
        if (form.EndsWith('e'))
        {
            // Shells add some of their own.
            Assert.Equal(
                ["A=1", "PATH=/usr/bin:/bin"],
                variables.Where(line => !s_ofTheShell.Contains(line.Split('=')[0])).Order(StringComparer.Ordinal));
        }
        else
        {
            Assert.Contains($"PATH={Environment.GetEnvironmentVariable("PATH")}", variables);
            Assert.DoesNotContain("A=1", variables);
        }
    }

    [Theory, Trait("S", "S252")]
    [MemberData(nameof(Forms))]
    public void With_NoWait_each_form_gives_a_child_at_once_that_can_be_waited_for(string form)
    {
        string go = Path.Combine(_folder, "go");
        int pid = Run(form, SpawnMode.NoWait, $"until [ -e {go} ]; do sleep 0.01; done; exit 5");
        Assert.Equal(0, Os.WaitPid(pid, WaitOptions.WNOHANG).Pid);
        File.WriteAllText(go, "");
        Assert.Equal((pid, new WaitStatus(1280)), Os.WaitPid(pid));
        Assert.Equal(Errno.ECHILD, Assert.Throws<OsException>(() => Os.WaitPid(pid)).Errno);
    }

    [Fact, Trait("S", "S252")]
    public void A_child_of_NoWait_is_one_of_those_that_Wait_means()
    {
        int pid = Run("spawnv", SpawnMode.NoWait, "exit 6");
        Assert.Equal((pid, new WaitStatus(0x600)), Os.Wait());
    }

    [Fact, Trait("S", "S246")]
    public void The_books_two_forms_are_there_and_none_is_called_spawnvw()
    {
        string[] names = [.. typeof(Os).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).Where(name => name.StartsWith("Spawn", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(["Spawnl", "Spawnle", "Spawnlp", "Spawnlpe", "Spawnv", "Spawnve", "Spawnvp", "Spawnvpe"], names);
    }

    [Fact, Trait("S", "S247"), Trait("S", "S257")]
    public void Only_the_forms_with_p_look_for_the_program()
    {
        OsException error = Assert.Throws<OsException>(() => Os.Spawnv(SpawnMode.Wait, "sh", ["sh", "-c", "exit 3"]));
        Assert.Equal((Errno.ENOENT, "spawnv 'sh': No such file or directory (ENOENT)"), (error.Errno, error.Message));
        Assert.Equal(6, Os.Spawnvp(SpawnMode.Wait, "sh", ["sh", "-c", "exit 6"]));
        Assert.Equal(Errno.ENOENT, Assert.Throws<OsException>(
            () => Os.Spawnvpe(SpawnMode.Wait, "sh", ["sh"], new Dictionary<string, string> { ["PATH"] = _folder })).Errno);
    }

    [Fact, Trait("S", "S248")]
    public void The_arguments_begin_with_the_name_that_the_program_sees() =>
        Assert.Equal(5, Os.Spawnl(SpawnMode.Wait, "/bin/sh", "another name", "-c", "[ \"$0\" = 'another name' ] && exit 5"));

    [Fact, Trait("S", "S250"), Trait("S", "S253")]
    public void There_are_five_modes_of_which_NoWaitO_is_NoWait_and_no_other_number_is_one()
    {
        Assert.Equal(["Detach", "NoWait", "NoWaitO", "Overlay", "Wait"], Enum.GetNames<SpawnMode>().Order(StringComparer.Ordinal));
        Assert.Equal(SpawnMode.NoWait, SpawnMode.NoWaitO);
        Assert.Throws<ArgumentOutOfRangeException>("mode", () => Os.Spawnv((SpawnMode)7, "/bin/true", ["true"]));
    }

    [Theory, Trait("S", "S251")]
    [InlineData("exit 255", 255)]
    [InlineData("exit 256", 0)]
    [InlineData("kill -15 $$", -15)]
    [InlineData("kill -9 $$", -9)]
    public void Wait_gives_the_exit_status_or_the_signal_as_a_negative_number(string script, int expected) =>
        Assert.Equal(expected, Run("spawnv", SpawnMode.Wait, script));

    [Fact, Trait("S", "S251")]
    public void No_other_wait_finds_the_child_of_Wait()
    {
        using Timer timer = new(_ => Record.Exception(() => Os.WaitPid(-1, WaitOptions.WNOHANG)), null, 0, 1);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(9, Run("spawnv", SpawnMode.Wait, "exit 9"));
        }
    }

    [Theory, Trait("S", "S254")]
    [InlineData("path", "before, the same process: 1\n")]
    [InlineData("name", "before, 1\n")]
    public void Overlay_replaces_the_program_and_nothing_after_the_call_runs(string way, string output)
    {
        using TestProcess run = ChildProgram.Run("Spawning.Overlay", way);
        Assert.Equal((output, 4, ""), (run.Stdout, run.ShellStatus, run.Stderr));
    }

    [Fact, Trait("S", "S254")]
    public void An_overlay_that_fails_leaves_the_program_as_it_was() =>
        Assert.Equal("spawnv '/nothing': No such file or directory (ENOENT)", Assert.Throws<OsException>(() => Os.Spawnv(SpawnMode.Overlay, "/nothing", ["x"])).Message);

    [Fact, Trait("S", "S255")]
    public void Detach_gives_a_process_in_a_session_of_its_own_with_null_streams_that_is_nobodys_child_here()
    {
        string seen = Path.Combine(_folder, "seen"), go = Path.Combine(_folder, "go");
        int pid = Run("spawnv", SpawnMode.Detach, $"cat /proc/$$/stat >{seen}.new; for i in 0 1 2; do readlink /proc/$$/fd/$i; done >>{seen}.new; mv {seen}.new {seen}; i=0; until [ -e {go} ] || [ $i -gt 3000 ]; do sleep 0.01; i=$((i+1)); done");
        try
        {
            AssertIsDetached(pid, seen);
        }
        finally
        {
            File.WriteAllText(go, "");
            Spawned.Await(() => !Commands.IsAlive($"{pid}"), "The detached process does not end.");
        }
    }

    private static void AssertIsDetached(int pid, string seen)
    {
        Spawned.Await(() => File.Exists(seen), "The detached process did not run.");
        string[] lines = File.ReadAllLines(seen);
        string[] fields = lines[0][(lines[0].LastIndexOf(')') + 2)..].Split(' ');
        Assert.Equal($"{pid}", lines[0].Split(' ')[0]);
        Assert.NotEqual($"{Environment.ProcessId}", fields[1]);
        Assert.Equal(($"{pid}", $"{pid}", "0"), (fields[2], fields[3], fields[4]));
        Assert.Equal("/dev/null", lines[1]);
        Assert.Equal("/dev/null", lines[3]);
        Assert.Equal(Errno.ECHILD, Assert.Throws<OsException>(() => Os.WaitPid(pid)).Errno);
        Assert.Equal(Errno.ECHILD, Assert.Throws<OsException>(() => Os.Wait()).Errno);
    }

    [Fact, Trait("S", "S255")]
    public void A_detached_process_outlives_the_program_that_has_started_it()
    {
        string go = Path.Combine(_folder, "go"), done = Path.Combine(_folder, "done");
        using TestProcess run = ChildProgram.Run("Spawning.DetachAndEnd", $"i=0; until [ -e {go} ] || [ $i -gt 3000 ]; do sleep 0.01; i=$((i+1)); done; echo $$ >{done}.new; mv {done}.new {done}");
        Assert.Equal(0, run.ShellStatus);
        File.WriteAllText(go, "");
        Spawned.Await(() => File.Exists(done), "The detached process has gone with the program.");
        Assert.Equal(run.Stdout, File.ReadAllText(done));
    }

    [NamespaceFact, Trait("S", "S255")]
    public void The_first_process_of_a_system_reaps_what_it_has_detached()
    {
        using TestProcess run = TestProcess.Run("/usr/bin/unshare", ["-p", "-f", "--mount-proc", ChildProgram.Executable, "Spawning.DetachAsInit"]);
        Assert.Equal((0, "pid 1\nTrue\n", ""), (run.ShellStatus, run.Stdout, run.Stderr));
    }

    [Theory, Trait("S", "S256")]
    [InlineData(SpawnMode.Wait)]
    [InlineData(SpawnMode.NoWait)]
    [InlineData(SpawnMode.Detach)]
    public void A_program_that_can_not_be_started_is_an_error_at_the_call_and_no_process_is_left(SpawnMode mode)
    {
        string notExecutable = Path.Combine(_folder, "file");
        File.WriteAllText(notExecutable, "no program");
        Assert.Equal((Errno.ENOENT, "spawnvp", "nothing-here"), Error(() => Os.Spawnvp(mode, "nothing-here", ["x"])));
        Assert.Equal((Errno.EACCES, "spawnl", notExecutable), Error(() => Os.Spawnl(mode, notExecutable, "x")));
        File.SetUnixFileMode(notExecutable, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal((Errno.ENOEXEC, "spawnl", notExecutable), Error(() => Os.Spawnl(mode, notExecutable, "x")));
        Assert.Empty(Os.WaitAll(TimeSpan.Zero));
    }

    [Fact, Trait("S", "S248")]
    public void What_can_not_be_is_refused_before_anything_has_happened()
    {
        Assert.Throws<ArgumentException>("arguments", () => Os.Spawnv(SpawnMode.NoWait, "/bin/true", []));
        Assert.Throws<ArgumentException>("arguments", () => Os.Spawnl(SpawnMode.NoWait, "/bin/true"));
        Assert.Throws<ArgumentException>("arguments", () => Os.Spawnl(SpawnMode.NoWait, "/bin/true", "a\0b"));
        Assert.Throws<ArgumentNullException>("arguments", () => Os.Spawnv(SpawnMode.NoWait, "/bin/true", null!));
        Assert.Throws<ArgumentNullException>("arguments", () => Os.Spawnv(SpawnMode.NoWait, "/bin/true", [null!]));
        Assert.Throws<ArgumentException>("path", () => Os.Spawnv(SpawnMode.NoWait, "", ["x"]));
        Assert.Throws<ArgumentException>("path", () => Os.Spawnvp(SpawnMode.NoWait, "a\0b", ["x"]));
        Assert.Throws<ArgumentNullException>("environment", () => Os.Spawnve(SpawnMode.NoWait, "/bin/true", ["x"], null!));
    }

    [Theory, Trait("S", "S249")]
    [InlineData("FRUIT\0VEGETABLE", "cabbage")]
    [InlineData("FRUIT", "orange\0VEGETABLE=cabbage")]
    [InlineData("FRUIT=ORANGE", "lemon")]
    [InlineData("", "lemon")]
    public void A_variable_that_can_not_be_is_refused(string name, string value) =>
        Assert.ThrowsAny<ArgumentException>(() => Os.Spawnve(SpawnMode.Wait, "/bin/true", ["true"], new Dictionary<string, string> { [name] = value }));

    [Fact, Trait("S", "S249")]
    public void A_value_may_hold_an_equals_sign() =>
        Assert.Equal(0, Os.Spawnle(SpawnMode.Wait, "/bin/sh", new Dictionary<string, string> { ["FRUIT"] = "orange=lemon" }, "sh", "-c", "[ \"$FRUIT\" = orange=lemon ]"));

    [PythonFact, Trait("S", "S251")]
    public void The_results_are_those_of_CPython()
    {
        string[] scripts = ["exit 0", "exit 3", "exit 255", "exit 256", "kill -15 $$", "kill -2 $$"];
        string expected = Python.Run("import os, sys; [print(os.spawnv(os.P_WAIT, '/bin/sh', ('sh', '-c', line))) for line in sys.stdin.read().split('|')]", string.Join('|', scripts));
        Assert.Equal(expected, string.Concat(scripts.Select(script => string.Create(CultureInfo.InvariantCulture, $"{Run("spawnv", SpawnMode.Wait, script)}\n"))));
    }

    private static int Run(string form, SpawnMode mode, string script)
    {
        Dictionary<string, string> environment = new() { ["A"] = "1", ["PATH"] = "/usr/bin:/bin" };
        string[] list = ["sh", "-c", script];
        return form switch
        {
            "spawnl" => Os.Spawnl(mode, "/bin/sh", "sh", "-c", script),
            "spawnle" => Os.Spawnle(mode, "/bin/sh", environment, "sh", "-c", script),
            "spawnlp" => Os.Spawnlp(mode, "sh", "sh", "-c", script),
            "spawnlpe" => Os.Spawnlpe(mode, "sh", environment, "sh", "-c", script),
            "spawnv" => Os.Spawnv(mode, "/bin/sh", list),
            "spawnve" => Os.Spawnve(mode, "/bin/sh", list, environment),
            "spawnvp" => Os.Spawnvp(mode, "sh", list),
            "spawnvpe" => Os.Spawnvpe(mode, "sh", list, environment),
            _ => throw new UnreachableException(),
        };
    }

    private static (Errno Error, string Operation, string? Path) Error(Action start)
    {
        OsException error = Assert.Throws<OsException>(start);
        return (error.Errno, error.Operation, error.Path);
    }
}
