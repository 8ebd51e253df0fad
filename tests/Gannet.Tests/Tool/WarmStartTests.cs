using Gannet.Testing;

namespace Gannet.Tests.Tool;

/// <summary>The second run of a script, and what may happen to the cache between two runs.</summary>
public sealed class WarmStartTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    private string Cache => Path.Combine(_folder.Path, ".cache", "gannet");

    public void Dispose() => _folder.Dispose();

    [StraceFact]
    public void A_script_that_was_run_before_needs_neither_the_compiler_nor_a_second_image()
    {
        _folder.Write("a.cs", "Console.WriteLine(string.Join('|', Sys.Argv) + \" \" + AppContext.BaseDirectory.Contains(\".cache\"));");
        AssertRuns("a.cs|x| True\n", "a.cs", "x", "");
        // One execve, that of the command itself; and nothing of Roslyn is opened.
        using TestProcess trace = TestProcess.Run(
            StraceFactAttribute.Strace,
            ["-f", "-e", "trace=execve,openat", "-o", Path.Combine(_folder.Path, "trace"), ScriptFolder.Command, "a.cs", "x", ""],
            workingDirectory: _folder.Path,
            environment: new Dictionary<string, string?> { ["XDG_CACHE_HOME"] = Path.Combine(_folder.Path, ".cache") });
        Assert.Equal("a.cs|x| True\n", trace.Stdout);
        string calls = File.ReadAllText(Path.Combine(_folder.Path, "trace"));
        Assert.Equal(1, calls.Split("execve(").Length - 1);
        Assert.DoesNotContain("Roslyn", calls);
    }

    [Fact]
    public void A_changed_script_is_compiled_again_and_so_is_one_with_a_changed_include()
    {
        _folder.Write("inc.cs", "static class Inc { public const int N = 1; }");
        _folder.Write("a.cs", "#:include inc.cs\nConsole.WriteLine(Inc.N);");
        AssertRuns("1\n", "a.cs");
        _folder.Write("inc.cs", "static class Inc { public const int N = 2; }");
        AssertRuns("2\n", "a.cs");
        _folder.Write("a.cs", "#:include inc.cs\nConsole.WriteLine(-Inc.N);");
        AssertRuns("-2\n", "a.cs");
    }

    [Fact]
    public void A_script_with_a_package_is_built_once()
    {
        _folder.Write("a.cs", "#:package FsCheck@3.3.1\nConsole.WriteLine(typeof(FsCheck.Config).Name);");
        AssertRuns("Config\n", "a.cs");
        string work = Assert.Single(Directory.GetDirectories(Cache, "*-work"));
        Directory.Delete(work, recursive: true);
        AssertRuns("Config\n", "a.cs");
        Assert.False(Directory.Exists(work), "the SDK has built it again");
    }

    [Fact]
    public void A_script_with_a_project_follows_the_projects_sources()
    {
        _folder.Write("lib/lib.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>");
        _folder.Write("lib/Answer.cs", "public static class Answer { public static int Value => 1; }");
        _folder.Write("a.cs", "#:project lib\nConsole.WriteLine(Answer.Value);");
        AssertRuns("1\n", "a.cs");
        _folder.Write("lib/Answer.cs", "public static class Answer { public static int Value => 2; }");
        AssertRuns("2\n", "a.cs");
    }

    [Theory]
    [InlineData("002")]
    [InlineData("000")]
    [InlineData("277")]
    public void The_umask_does_not_matter(string umask)
    {
        _folder.Write("a.cs", "Console.WriteLine(1);");
        for (int i = 0; i < 2; i++)
        {
            using TestProcess run = TestProcess.Run(
                "/bin/sh",
                ["-c", $"umask {umask}; exec \"$0\" a.cs", ScriptFolder.Command],
                workingDirectory: _folder.Path,
                environment: new Dictionary<string, string?> { ["XDG_CACHE_HOME"] = Path.Combine(_folder.Path, "new", "cache") });
            Assert.Equal(("1\n", ""), (run.Stdout, run.Stderr));
        }
    }

    [Fact]
    public void The_first_run_and_the_second_look_the_same_to_the_script()
    {
        _folder.Write("a.cs", "Console.WriteLine(string.Join('|', Environment.GetCommandLineArgs()[1..])); Console.WriteLine(Environment.GetEnvironmentVariable(\"GANNET_COMPILED\") is null);");
        AssertRuns("a.cs|x\nTrue\n", "a.cs", "x");
        AssertRuns("a.cs|x\nTrue\n", "a.cs", "x");
    }

    [Fact]
    public void Clearing_during_a_first_run_does_not_disturb_it()
    {
        _folder.Write("a.cs", "Console.WriteLine(1);");
        using TestProcess first = _folder.Start("a.cs");
        while (!first.HasEnded)
        {
            using TestProcess clear = _folder.Gannet("--clear-cache");
            Assert.Equal(0, clear.ExitCode);
        }

        first.Wait();
        Assert.Equal(("1\n", "", 0), (first.Stdout, first.Stderr, first.ExitCode));
    }

    [NamespaceFact]
    public void A_cache_that_is_mounted_read_only_serves_what_it_has_and_new_scripts_run_without_it()
    {
        _folder.Write("a.cs", "Console.WriteLine(1);");
        _folder.Write("b.cs", "Console.WriteLine(2);");
        AssertRuns("1\n", "a.cs");
        Directory.SetLastWriteTimeUtc(Assert.Single(Directory.GetDirectories(Cache)), DateTime.UtcNow.AddDays(-3));
        using TestProcess run = TestProcess.Run(
            "/usr/bin/unshare",
            ["-m", "/bin/sh", "-c", $"mount --bind {Cache} {Cache} && mount -o remount,ro,bind {Cache} && \"$0\" a.cs && \"$0\" b.cs", ScriptFolder.Command],
            workingDirectory: _folder.Path,
            environment: new Dictionary<string, string?> { ["XDG_CACHE_HOME"] = Path.Combine(_folder.Path, ".cache"), ["TMPDIR"] = _folder.Path });
        Assert.Equal(("1\n2\n", ""), (run.Stdout, run.Stderr));
        Assert.Empty(Directory.GetDirectories(_folder.Path, "gannet-*"));
    }

    [RootFact]
    public void Root_leaves_nothing_in_the_home_of_another_user()
    {
        string home = Directory.CreateDirectory(Path.Combine(_folder.Path, "home")).FullName;
        using TestProcess chown = TestProcess.Run("/bin/chown", ["65534", home]);
        using TestProcess run = TestProcess.Run(
            ScriptFolder.Command, ["-c", "Console.WriteLine(1)"], environment: new Dictionary<string, string?> { ["XDG_CACHE_HOME"] = null, ["HOME"] = home });
        Assert.Equal("1\n", run.Stdout);
        Assert.Contains("the cache is not used", run.Stderr);
        Assert.Empty(Directory.GetFileSystemEntries(home));
    }

    [Fact]
    public void A_removed_current_directory_stops_no_code_from_the_command_line()
    {
        string doomed = Directory.CreateDirectory(Path.Combine(_folder.Path, "doomed")).FullName;
        using TestProcess run = TestProcess.Run(
            "/bin/sh",
            ["-c", $"cd {doomed} && rmdir {doomed} && exec \"$0\" -c 'Console.WriteLine(1)'", ScriptFolder.Command],
            environment: new Dictionary<string, string?> { ["XDG_CACHE_HOME"] = Path.Combine(_folder.Path, ".cache") });
        Assert.Equal(("1\n", ""), (run.Stdout, run.Stderr));
    }

    [Fact]
    public void A_damaged_cache_is_mended()
    {
        _folder.Write("a.cs", "Console.WriteLine(1);");
        AssertRuns("1\n", "a.cs");
        foreach (string file in Directory.GetFiles(Cache, "*", SearchOption.AllDirectories))
        {
            File.WriteAllText(file, "damage");
        }

        AssertRuns("1\n", "a.cs");
        AssertRuns("1\n", "a.cs");
    }

    [Fact]
    public void Two_first_runs_at_once_both_work()
    {
        _folder.Write("a.cs", "Console.WriteLine(1);");
        using TestProcess one = _folder.Start("a.cs"), two = _folder.Start("a.cs");
        one.Wait();
        two.Wait();
        Assert.Equal(("1\n", "", "1\n", ""), (one.Stdout, one.Stderr, two.Stdout, two.Stderr));
        Assert.Single(Directory.GetDirectories(Cache));
    }

    [Fact]
    public void A_run_that_is_killed_while_it_compiles_harms_nobody()
    {
        _folder.Write("a.cs", "Console.WriteLine(1);");
        for (int delay = 100; delay < 1000; delay += 150)
        {
            using TestProcess killed = _folder.Start("a.cs");
            Thread.Sleep(delay);
            killed.Kill(9);
            killed.Wait();
        }

        AssertRuns("1\n", "a.cs");
        AssertRuns("1\n", "a.cs");
    }

    [Fact]
    public void A_run_that_is_killed_while_the_SDK_builds_harms_nobody()
    {
        const string Start = "#:property Deterministic=true\n";
        _folder.Write("a.cs", Start + "Console.WriteLine(1);");
        AssertRuns("1\n", "a.cs");
        string work = Assert.Single(Directory.GetDirectories(Cache, "*-work")), unfinished = Path.Combine(work, "unfinished");
        Assert.False(File.Exists(unfinished));
        _folder.Write("a.cs", Start + "Console.WriteLine(2);");
        using TestProcess killed = _folder.Start("a.cs");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(unfinished), TestProcess.DefaultTimeout));
        killed.Kill(9);
        killed.Wait();
        // As they are between the opening and the writing.
        Array.ForEach(Directory.GetFiles(work, "*.runtimeconfig.json", SearchOption.AllDirectories), file => File.WriteAllBytes(file, []));
        AssertRuns("2\n", "a.cs");
        Assert.False(File.Exists(unfinished));
    }

    [Fact]
    public void Clearing_keeps_the_entry_of_a_script_that_runs()
    {
        _folder.Write("a.cs", "Console.WriteLine(\"ready\"); Console.ReadLine(); Thread.Sleep(-1);");
        using TestProcess cold = _folder.Start("a.cs");
        cold.WaitForOutput("ready");
        AssertClears("gannet: 1 entry stays: the script is running\n");
        using TestProcess warm = _folder.Start("a.cs");
        warm.WaitForOutput("ready");
        cold.Kill(9);
        cold.Wait();
        AssertClears("gannet: 1 entry stays: the script is running\n");
        warm.Kill(9);
        warm.Wait();
        AssertClears("");
        Assert.Empty(Directory.GetFileSystemEntries(Cache));
    }

    [Fact]
    public void A_user_without_a_home_runs_scripts_too_and_leaves_nothing_behind()
    {
        Dictionary<string, string?> homeless = new()
        {
            ["XDG_CACHE_HOME"] = null, ["HOME"] = "/nonexistent", ["TMPDIR"] = _folder.Path,
        };
        using TestProcess run = TestProcess.Run(
            "/usr/bin/env",
            [.. Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : Array.Empty<string>(), ScriptFolder.Command, "-c", "Console.WriteLine(1)"],
            environment: Opened(homeless));
        Assert.Equal(("1\n", ""), (run.Stdout, run.Stderr));
        Assert.Empty(Directory.GetDirectories(_folder.Path, "gannet-*"));
    }

    [Fact]
    public void A_cache_that_others_can_write_to_is_not_used_and_that_is_said()
    {
        Directory.CreateDirectory(Cache);
        File.SetUnixFileMode(Cache, (UnixFileMode)0b111_111_111);
        using TestProcess run = _folder.Gannet("-c", "Console.WriteLine(1)");
        Assert.Equal("1\n", run.Stdout);
        Assert.StartsWith($"gannet: the cache is not used: another user could write to '{Cache}'", run.Stderr);
        Assert.Empty(Directory.GetFileSystemEntries(Cache));
    }

    [NamespaceFact]
    public void A_full_disk_is_one_line_and_status_1()
    {
        _folder.Write("a.cs", "Console.WriteLine(1);");
        Directory.CreateDirectory(Cache);
        // A file system of one page, in a mount namespace of its own.
        using TestProcess run = TestProcess.Run(
            "/usr/bin/unshare",
            ["-m", "/bin/sh", "-c", $"mount -t tmpfs -o size=4k,mode=700 none {Cache} && exec \"$0\" a.cs", ScriptFolder.Command],
            workingDirectory: _folder.Path,
            environment: new Dictionary<string, string?> { ["XDG_CACHE_HOME"] = Path.Combine(_folder.Path, ".cache") });
        Assert.Equal((1, ""), (run.ExitCode, run.Stdout));
        Assert.Matches("^(gannet|a.cs): .*No space left.*\n$", run.Stderr);
    }

    /// <summary>The folder opened to the user that the program becomes.</summary>
    private Dictionary<string, string?> Opened(Dictionary<string, string?> environment)
    {
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b001_111_111_111);
        return environment;
    }

    private void AssertRuns(string expected, params string[] words)
    {
        using TestProcess run = _folder.Gannet(words);
        Assert.Equal(("", expected), (run.Stderr, run.Stdout));
    }

    private void AssertClears(string error)
    {
        using TestProcess run = _folder.Gannet("--clear-cache");
        Assert.Equal((0, error), (run.ExitCode, run.Stderr));
    }
}
