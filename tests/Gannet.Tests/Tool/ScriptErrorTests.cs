using Gannet.Testing;

namespace Gannet.Tests.Tool;

/// <summary>Scripts that can't run: one clear line each, and the status that other interpreters have.</summary>
public sealed class ScriptErrorTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("nothing.cs", "gannet: nothing.cs: No such file or directory\n")]
    [InlineData("no/such/dir.cs", "gannet: no/such/dir.cs: No such file or directory\n")]
    [InlineData("", "gannet: '': No such file or directory\n")]
    [InlineData("/tmp", "gannet: /tmp: Is a directory\n")]
    public void A_script_that_is_not_there_is_one_line_and_status_2(string script, string error)
    {
        using TestProcess run = _folder.Gannet(script);
        Assert.Equal((2, "", error), (run.ExitCode, run.Stdout, run.Stderr));
    }

    [Fact]
    public void An_unreadable_script_is_one_line_and_status_2()
    {
        _folder.Write("secret.cs", "");
        File.SetUnixFileMode(Path.Combine(_folder.Path, "secret.cs"), UnixFileMode.None);
        // Root may read everything, so an ordinary user asks.
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        string[] words = ["--reuid=65534", "--regid=65534", "--clear-groups", ScriptFolder.Command, "secret.cs"];
        using TestProcess run = Environment.UserName == "root"
            ? TestProcess.Run("/usr/bin/setpriv", words, workingDirectory: _folder.Path)
            : _folder.Gannet("secret.cs");
        Assert.Equal((2, "gannet: secret.cs: Permission denied\n"), (run.ExitCode, run.Stderr));
    }

    [Fact]
    public void Each_compile_error_is_a_line_with_the_script_as_typed_and_status_1()
    {
        _folder.Write("dir/bad.cs", "int x = \"s\";\n  y = 3;\n");
        using TestProcess run = _folder.Gannet("dir/bad.cs");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Stdout);
        Assert.Equal(
            "dir/bad.cs(1,9): error CS0029: Cannot implicitly convert type 'string' to 'int'\n" +
            "dir/bad.cs(2,3): error CS0103: The name 'y' does not exist in the current context\n",
            run.Stderr);
    }

    [Fact]
    public void An_error_in_code_on_the_command_line_is_told_as_in_a_string()
    {
        using TestProcess run = _folder.Gannet("-c", "nothing();");
        Assert.Equal((1, "<string>(1,1): error CS0103: The name 'nothing' does not exist in the current context\n"), (run.ExitCode, run.Stderr));
    }

    [Fact]
    public void An_error_in_a_script_that_the_SDK_builds_reads_the_same()
    {
        _folder.Write("bad.cs", "#:property Deterministic=true\nint x = \"s\";\n");
        using TestProcess run = _folder.Gannet("bad.cs");
        Assert.Equal((1, "bad.cs(2,9): error CS0029: Cannot implicitly convert type 'string' to 'int'\n"), (run.ExitCode, run.Stderr));
    }

    [Fact]
    public void A_directive_that_does_not_exist_is_the_SDKs_error()
    {
        _folder.Write("bad.cs", "#:bogus x\n");
        using TestProcess run = _folder.Gannet("bad.cs");
        Assert.Equal((1, "bad.cs(1): error: Unrecognized directive 'bogus'.\n"), (run.ExitCode, run.Stderr));
    }

    [Fact]
    public void An_option_that_does_not_exist_is_a_usage_error()
    {
        using TestProcess run = _folder.Gannet("--bogus", "a.cs");
        Assert.Equal((2, "gannet: option --bogus not recognized\nTry 'gannet --help'.\n"), (run.ExitCode, run.Stderr));
    }
}
