using Gannet.Testing;

namespace Gannet.Tests.Tool;

/// <summary><c>gannet --publish</c>: one file that needs neither .NET nor Gannet where it runs.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_published_script_runs_by_itself_and_ends_as_it_does_under_gannet()
    {
        _folder.Write("script.cs", """
            AtExit.Register(() => Console.WriteLine("hook"));
            Console.WriteLine(string.Join('|', Sys.Argv));
            try { Sys.Exit(3); } finally { Console.WriteLine("finally"); }
            """);
        using TestProcess publish = _folder.Gannet("--publish", "script.cs", "-o", "tool");
        Assert.Equal((0, "", ""), (publish.ExitCode, publish.Stdout, publish.Stderr));

        using TestProcess run = TestProcess.Run("/usr/bin/env", ["-i", "./tool", "a", ""], workingDirectory: _folder.Path);
        Assert.Equal((3, "./tool|a|\nfinally\nhook\n", ""), (run.ExitCode, run.Stdout, run.Stderr));
        Assert.Equal([".cache", "script.cs", "tool"], new DirectoryInfo(_folder.Path).EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_published_script_starts_itself_again_and_is_told_why_it_can_not_fork()
    {
        _folder.Write("script.cs", """
            Os.RegisterSelf(Answer);
            Console.WriteLine(Command.OfSelf(Answer, "b").Run().Status);
            try { Os.Fork(); } catch (PlatformNotSupportedException e) { Console.WriteLine(e.Message); }
            static int Answer(string[] arguments) { Console.WriteLine(string.Join('|', Sys.Argv)); return 42; }
            """);
        using TestProcess publish = _folder.Gannet("--publish", "script.cs", "-o", "tool");
        Assert.Equal((0, "", ""), (publish.ExitCode, publish.Stdout, publish.Stderr));
        using TestProcess run = TestProcess.Run("/usr/bin/env", ["-i", "./tool", "a"], workingDirectory: _folder.Path);
        Assert.Equal((0, "./tool|b\nexit 42\n", ""), (run.ExitCode, run.Stdout.Split("A process")[0], run.Stderr));
        Assert.Contains("A process can be forked under CoreCLR as a library of its own (libcoreclr.so); native AOT and single-file programs have none.\n", run.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_with_a_package_and_another_SDK_takes_them_along()
    {
        _folder.Write("script.cs", """
            #:sdk Microsoft.NET.Sdk.Web
            #:package FsCheck@3.3.1
            #:property PublishAot=false
            Console.WriteLine($"{typeof(FsCheck.Config).Name} {WebApplication.CreateBuilder(args).GetType().Name}");
            """);
        using TestProcess publish = _folder.Gannet("--publish", "script.cs", "-o", "tool");
        Assert.Equal((0, ""), (publish.ExitCode, publish.Stderr));
        using TestProcess run = TestProcess.Run("/usr/bin/env", ["-i", "./tool"], workingDirectory: _folder.Path);
        Assert.Equal((0, "Config WebApplicationBuilder\n", ""), (run.ExitCode, run.Stdout, run.Stderr));
    }

    [Fact]
    public void A_script_with_errors_is_not_published()
    {
        _folder.Write("script.cs", "nothing();");
        using TestProcess publish = _folder.Gannet("--publish", "script.cs", "-o", "tool");
        Assert.Equal((1, "script.cs(1,1): error CS0103: The name 'nothing' does not exist in the current context\n"), (publish.ExitCode, publish.Stderr));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "tool")));
    }

    [Fact]
    public void Without_a_program_to_make_it_is_a_usage_error()
    {
        using TestProcess publish = _folder.Gannet("--publish", "script.cs");
        Assert.Equal(2, publish.ExitCode);
    }
}
