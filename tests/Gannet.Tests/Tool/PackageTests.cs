using Gannet.Testing;

namespace Gannet.Tests.Tool;

/// <summary>The packages, as a user has them who knows nothing of this checkout: from a folder feed, with caches of their own.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly ScriptFolder _folder = new();
    private readonly Dictionary<string, string?> _environment;

    public PackageTests()
    {
        string feed = Path.Combine(Repository.Root, "artifacts", "packages");
        Assert.True(Directory.Exists(feed), "The packages have not been made; ./test makes them first.");
        _folder.Write("nuget.config", $"<configuration><packageSources><clear /><add key=\"local\" value=\"{feed}\" /></packageSources></configuration>");
        _environment = new()
        {
            ["HOME"] = _folder.Path,
            ["NUGET_PACKAGES"] = Path.Combine(_folder.Path, "packages"),
            ["XDG_CACHE_HOME"] = null,
            ["PATH"] = $"{_folder.Path}/bin:{Environment.GetEnvironmentVariable("PATH")}",
        };
    }

    private static string Version => typeof(Sys).Assembly.GetName().Version!.ToString(3);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_program_on_the_library_runs()
    {
        _folder.Write("app/app.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Gannet" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        // The hook makes the native part load.
        _folder.Write("app/Program.cs", """
            using Gannet;
            return Sys.Run(() =>
            {
                AtExit.Register(() => System.Console.WriteLine("hook"));
                System.Console.WriteLine(Sys.Argv[1]);
                Sys.Exit(4);
            });
            """);
        using TestProcess run = Run("dotnet", "run", "--project", "app", "--", "hello");
        Assert.Equal((4, "hello\nhook\n"), (run.ExitCode, run.Stdout));
        if (ForkPlatform.Complaint is not null)
        {
            return;
        }

        // The library that forks is another one.
        _folder.Write("app/Program.cs", "using Gannet;\nSystem.Console.WriteLine(Os.WaitPid(Os.Fork(() => 5)).Status);");
        using TestProcess fork = Run("dotnet", "run", "--project", "app");
        Assert.Equal(0, fork.ExitCode);
        Assert.EndsWith("exit 5\n", fork.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_installs_as_a_tool_and_runs_a_script_by_its_first_line()
    {
        using TestProcess install = Run("dotnet", "tool", "install", "Gannet.Tool", "--version", Version, "--tool-path", "bin");
        Assert.Equal(0, install.ExitCode);

        _folder.Write("script.cs", "#!/usr/bin/env gannet\nAtExit.Register(() => Console.WriteLine(\"hook\"));\nConsole.WriteLine(string.Join('|', Sys.Argv)); Sys.Exit(5);");
        File.SetUnixFileMode(Path.Combine(_folder.Path, "script.cs"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        for (int i = 0; i < 2; i++)
        {
            using TestProcess run = Run("./script.cs", "-h", "--", "");
            Assert.Equal((5, "./script.cs|-h|--|\nhook\n", ""), (run.ExitCode, run.Stdout, run.Stderr));
        }
    }

    [Fact]
    public void The_package_of_the_library_has_its_parts_and_depends_on_nothing()
    {
        using System.IO.Compression.ZipArchive package = System.IO.Compression.ZipFile.OpenRead(
            Path.Combine(Repository.Root, "artifacts", "packages", $"Gannet.{Version}.nupkg"));
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.Contains("lib/net10.0/Gannet.dll", names);
        Assert.Contains("lib/net10.0/Gannet.xml", names);
        Assert.Contains("README.md", names);
        Assert.Contains(names, name => name.StartsWith("runtimes/linux-", StringComparison.Ordinal) && name.EndsWith("/native/libgannet.so", StringComparison.Ordinal));
        Assert.Contains(names, name => name.StartsWith("runtimes/linux-", StringComparison.Ordinal) && name.EndsWith("/native/libgannet-fork.so", StringComparison.Ordinal));
        using StreamReader description = new(package.GetEntry("Gannet.nuspec")!.Open());
        Assert.DoesNotContain("<dependency ", description.ReadToEnd());
    }

    private TestProcess Run(params string[] command) =>
        TestProcess.Run("/usr/bin/env", command, workingDirectory: _folder.Path, environment: _environment, timeout: TimeSpan.FromMinutes(3));
}
