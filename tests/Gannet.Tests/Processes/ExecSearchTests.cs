using System.Text.Json;
using Gannet.Interop;
using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>Where the forms with p look for a program. Every directory of the test has its own idea of <c>zzcmd</c>.</summary>
public sealed class ExecSearchTests : IDisposable
{
    // Runs each case in a child of its own, and tells what that wrote, or the error.
    private const string Script =
        """
        import errno, json, os, sys
        for program, path in json.loads(sys.argv[1]):
            ours, theirs = os.pipe()
            if os.fork() == 0:
                os.dup2(theirs, 1)
                try:
                    os.execvpe(program, [program], {} if path is None else {'PATH': path})
                except OSError as error:
                    os.write(1, (errno.errorcode[error.errno] + '\n').encode())
                os._exit(0)
            os.close(theirs)
            os.wait()
            sys.stdout.write(os.read(ours, 100).decode())
        """;

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private readonly string _directory = Directory.CreateTempSubdirectory("gannet-search-").FullName;

    public ExecSearchTests()
    {
        Make("zzcmd", "#!/bin/sh\necho here\n", Executable);
        Make("good/zzcmd", "#!/bin/sh\necho good\n", Executable);
        Make("denied/zzcmd", "#!/bin/sh\necho denied\n", UnixFileMode.UserRead);
        Make("text/zzcmd", "echo by a shell\n", Executable);
        Make("lost/zzcmd", "#!/no/such/interpreter\n", Executable);
        Make("file", "", UnixFileMode.UserRead);
        Directory.CreateDirectory(Path.Combine(_directory, "folder", "zzcmd"));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory, Trait("S", "S144"), Trait("S", "S204"), Trait("S", "S206")]
    [InlineData("good")]
    [InlineData("/no/such:good:denied")]
    public void The_PATH_that_counts_is_the_one_that_the_new_program_gets(string path)
    {
        Assert.Equal("good\n", Run("Execution.WithChangedPath", path));
        Assert.Equal("good\n", Call("execvpe", "zzcmd", $"PATH={path}"));
        Assert.Equal("good\n", Call("execlpe", "zzcmd", $"PATH={path}"));
        Assert.Equal("execvpe 'zzcmd': No such file or directory (ENOENT)|ENOENT|execvpe|zzcmd\n", Call("execvpe", "zzcmd", "PATH=/bin", path));
    }

    [Fact, Trait("S", "S206")]
    public void Of_two_entries_for_PATH_the_first_counts_as_for_getenv() =>
        Assert.Equal(["a/sh"], Candidates("sh", "XPATH=x", "PATH=a", "PATH=b"));

    [Theory, Trait("S", "S207")]
    [InlineData(null, "good\n")]
    [InlineData("/bin", "execvp 'zzcmd': No such file or directory (ENOENT)|ENOENT|execvp|zzcmd\n")]
    [InlineData("", "here\n")]
    public void The_default_path_counts_only_where_there_is_no_PATH(string? path, string expected) =>
        Assert.Equal(expected, Run("Execution.WithChangedDefaultPath", "good", path));

    [Fact, Trait("S", "S207")]
    public void Without_a_PATH_two_directories_of_the_system_are_searched()
    {
        Assert.Equal(["/bin/sh", "/usr/bin/sh"], Candidates("sh", "HOME=/"));
        Assert.Equal("null: ArgumentNullException value\nNUL: ArgumentException value\n/bin:/usr/bin\n", Run("Execution.RefuseDefaultPath", ""));
    }

    [Theory, Trait("S", "S208")]
    [InlineData("bin/no-such")]
    [InlineData("/no-such/zzcmd")]
    [InlineData("/")]
    public void A_name_with_a_slash_is_not_searched_for(string name)
    {
        Assert.Equal([name], Candidates(name, "PATH=/bin"));
        Assert.StartsWith($"execvpe '{name}': ", Call("execvpe", name, "PATH=good"));
    }

    [Fact, Trait("S", "S208")]
    public void An_empty_name_is_a_missing_program() =>
        Assert.Equal("execvpe '': No such file or directory (ENOENT)|ENOENT|execvpe|\n", Call("execvpe", "", "PATH=good"));

    [Theory, Trait("S", "S209")]
    [InlineData("denied:good")]
    [InlineData("folder:good")]
    [InlineData("file:good")]
    [InlineData("lost:good")]
    [InlineData("/no/such:denied:folder:file:lost:good")]
    public void What_can_not_be_used_is_passed_over(string path) => Assert.Equal("good\n", Call("execvpe", "zzcmd", $"PATH={path}"));

    [Theory, Trait("S", "S209"), Trait("S", "S234")]
    [InlineData("denied", "denied/zzcmd")]
    [InlineData("/no/such:denied:file", "denied/zzcmd")]
    [InlineData("folder:denied:/no/such", "folder/zzcmd")]
    public void A_file_that_may_not_be_run_says_more_than_the_absence_of_others(string path, string file) =>
        Assert.Equal($"execvpe '{file}': Permission denied (EACCES)|EACCES|execvpe|{file}\n", Call("execvpe", "zzcmd", $"PATH={path}"));

    [RootFact, Trait("S", "S209")]
    public void A_directory_that_may_not_be_entered_is_passed_over()
    {
        Make("closed/zzcmd", "#!/bin/sh\necho closed\n", Executable);
        File.SetUnixFileMode(Path.Combine(_directory, "closed"), UnixFileMode.UserRead);
        Open(_directory);
        Open(Path.Combine(_directory, "good/zzcmd"));
        Assert.Equal("good\n", AsNobody("closed:good"));
        Assert.Equal("execvpe 'closed/zzcmd': Permission denied (EACCES)|EACCES|execvpe|closed/zzcmd\n", AsNobody("closed:/no/such"));
    }

    [Theory, Trait("S", "S210")]
    [InlineData("")]
    [InlineData(":/bin")]
    [InlineData("/bin:")]
    [InlineData("/bin::/usr/bin")]
    [InlineData(".")]
    public void An_empty_element_is_the_working_directory(string path) => Assert.Equal("here\n", Call("execvpe", "zzcmd", $"PATH={path}"));

    [Fact, Trait("S", "S210"), Trait("S", "S144")]
    public void The_working_directory_is_looked_into_for_no_other_reason()
    {
        Assert.EndsWith("|ENOENT|execvpe|zzcmd\n", Call("execvpe", "zzcmd", "PATH=/bin:/usr/bin"));
        Assert.EndsWith("|ENOENT|execvpe|zzcmd\n", Call("execvpe", "zzcmd", "HOME=/"));
    }

    [Theory, Trait("S", "S234")]
    [InlineData("text")]
    [InlineData("denied:text")]
    [InlineData("text:good")]
    public void A_text_without_an_interpreter_is_an_error_and_never_given_to_a_shell(string path) =>
        Assert.Equal("execvpe 'text/zzcmd': Exec format error (ENOEXEC)|ENOEXEC|execvpe|text/zzcmd\n", Call("execvpe", "zzcmd", $"PATH={path}"));

    [Fact]
    public void A_PATH_in_bytes_that_are_no_UTF8_is_searched_as_it_is() =>
        Assert.Equal(["\udce9/zz\udcff"], Candidates("zz\udcff", "PATH=\udce9"));

    [PythonFact, Trait("S", "S206"), Trait("S", "S207"), Trait("S", "S208"), Trait("S", "S209"), Trait("S", "S210"), Trait("S", "S234")]
    public void The_search_ends_as_CPythons()
    {
        (string Program, string? Path)[] cases =
        [
            ("zzcmd", "good"), ("zzcmd", "denied:good"), ("zzcmd", "denied"), ("zzcmd", "denied:/no/such"), ("zzcmd", "folder"),
            ("zzcmd", "folder:good"), ("zzcmd", "file"), ("zzcmd", "file:good"), ("zzcmd", "/no/such:good"), ("zzcmd", "/no/such"),
            ("zzcmd", "file:/no/such"), ("zzcmd", "/no/such:file"), ("zzcmd", "lost"), ("zzcmd", "lost:good"), ("zzcmd", ""),
            ("zzcmd", ":/bin"), ("zzcmd", "/bin:"), ("zzcmd", "/no/such::good"), ("./zzcmd", "good"), ("good/zzcmd", "denied"),
            ("no/zzcmd", "good"), ("zzcmd", null), ("pwd", null), ("zzcmd", "text"), ("text/zzcmd", "good"), ("folder/zzcmd", "good"),
        ];
        string theirs = AskPython(JsonSerializer.Serialize(cases.Select(one => new[] { one.Program, one.Path })));
        string ours = string.Concat(cases.Select(one => Told(Call("execvpe", one.Program, one.Path is null ? "" : $"PATH={one.Path}"))));
        Assert.Equal(theirs, ours);

        static string Told(string output) => output.Split('|') is [_, string errno, ..] ? errno + "\n" : output;
    }

    private string AskPython(string cases)
    {
        using TestProcess run = TestProcess.Run("/usr/bin/env", ["python3", "-c", Script, cases], workingDirectory: _directory);
        Assert.Equal((0, ""), (run.ExitCode, run.Stderr));
        return run.Stdout;
    }

    private void Make(string path, string content, UnixFileMode mode)
    {
        string file = Path.Combine(_directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        File.SetUnixFileMode(file, mode);
    }

    private static void Open(string path) =>
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

    private string Call(string form, string program, string environment, string? path = "/bin:/usr/bin") =>
        Run(["Execution.Call", form, program, environment, program], path);

    private string Run(string scenario, string argument, string? path = "/bin:/usr/bin") => Run([scenario, argument], path);

    // The second argument is the PATH of the program that calls.
    private string Run(string[] words, string? path)
    {
        using TestProcess run = TestProcess.Run(
            ChildProgram.Executable, words, workingDirectory: _directory, environment: new Dictionary<string, string?> { ["PATH"] = path });
        Assert.Equal((0, ""), (run.ExitCode, run.Stderr));
        return run.Stdout;
    }

    private string AsNobody(string path) =>
        Run(["Execution.CallAsNobody", "execvpe", "zzcmd", $"PATH={path}", "zzcmd"], "/bin:/usr/bin");

    private static string[] Candidates(string name, params string[] environment) =>
        [.. ExecPath.Candidates(OsText.Encode(name), [.. environment.Select(entry => OsText.Encode(entry))]).Select(path => OsText.Decode(path))];
}
