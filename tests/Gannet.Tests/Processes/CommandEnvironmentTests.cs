namespace Gannet.Tests.Processes;

/// <summary>A child's environment, name and working directory.</summary>
[Collection(Spawned.Collection)]
public sealed class CommandEnvironmentTests : ChildrenTest
{
    private static readonly Command Env = Command.Of("/usr/bin/env");

    [Fact]
    public void A_variable_is_added_to_the_live_environment_or_replaces_one()
    {
        string name = $"GANNET_{Guid.NewGuid():N}";
        Command show = Commands.Script($"echo \"${name}|${{{name}_2}}|${{PATH:+path}}\"").WithVariable($"{name}_2", "two words");
        Environment.SetEnvironmentVariable(name, "live");
        try
        {
            Assert.Equal("live|two words|path\n", show.Capture().Output);
            Assert.Equal("changed|two words|path\n", show.WithVariable(name, "changed").Capture().Output);
            Assert.Equal("|two words|path\n", show.WithoutVariable(name).Capture().Output);
            Assert.Equal(1, Env.WithVariable(name, "once").Capture().Output.Split('\n').Count(line => line.StartsWith($"{name}=")));
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Assert.Equal("|two words|path\n", show.Capture().Output);
    }

    [Fact]
    public void What_was_said_last_counts()
    {
        Command command = Env.WithEnvironment([new("A", "1"), new("A", "2")]);
        Assert.Equal("A=2\n", command.Capture().Output);
        Assert.Equal("A=3\n", command.WithVariable("A", "3").Capture().Output);
        Assert.Equal("", command.WithVariable("A", "3").WithoutVariable("A").Capture().Output);
        Assert.Equal("A=4\n", command.WithoutVariable("A").WithVariable("A", "4").Capture().Output);
        Assert.Equal("B=\n", command.WithEnvironment([new("B", "")]).Capture().Output);
    }

    [Fact]
    public void An_environment_can_be_empty() => Assert.Equal("", Env.WithEnvironment([]).Capture().Output);

    [Fact]
    public void A_value_may_be_empty_and_hold_anything_but_NUL() =>
        Assert.Equal("A=\nB=a=b\nc\n", Env.WithEnvironment([new("A", ""), new("B", "a=b\nc")]).Capture().Output.Replace("\r", ""));

    [Fact]
    public void Bytes_that_are_not_UTF_8_pass_through_names_values_arguments_and_directories()
    {
        Assert.Equal("caf\udce9=\udcff\u00e9\n", Env.WithEnvironment([new("caf\udce9", "\udcff\u00e9")]).Capture().Output);
        Assert.Equal("\udcff|", Command.Of("/usr/bin/printf", "%s|", "\udcff").Capture().Output);
        Commands.Script("mkdir \"$0\"", At("caf\udce9")).Run().EnsureSuccess();
        Assert.Equal(At("caf\udce9\n"), Command.Of("/bin/pwd").In(At("caf\udce9")).Capture().Output);
        Command.Of("/bin/rmdir", At("caf\udce9")).Run().EnsureSuccess();
    }

    [Fact]
    public void A_missing_program_whose_name_is_no_UTF_8_is_told_by_its_name() =>
        Assert.Equal("/no/caf\udce9", Assert.Throws<OsException>(() => Command.Of("/no/caf\udce9").Run()).Path);

    [Fact]
    public void The_program_is_looked_for_along_the_childs_PATH()
    {
        WriteProgram("gannet-tool", "#!/bin/sh\necho \"$0 $*\"\n");
        Command tool = Command.Of("gannet-tool", "x");
        Assert.Equal(Errno.ENOENT, Assert.Throws<OsException>(() => tool.Capture()).Errno);
        Assert.Equal($"{At("gannet-tool")} x\n", tool.WithVariable("PATH", $"/no/such:{Folder}").Capture().Output);
        Assert.Equal($"{At("gannet-tool")} x\n", tool.WithEnvironment([new("PATH", Folder)]).Capture().Output);
        Assert.Equal(Errno.ENOENT, Assert.Throws<OsException>(() => tool.In(Folder).Capture()).Errno);
        Assert.True(Command.Of("true").WithEnvironment([]).Run().Succeeded);
    }

    [Fact]
    public void The_name_that_a_program_sees_can_be_another()
    {
        Assert.Equal("another\n", Command.Of(Spawned.Shell, "-c", "echo $0").WithArg0("another").Capture().Output);
        Assert.Equal("\0/proc/self/cmdline\0", Commands.Show("cmdline").WithArg0("").Capture().Output);
        Assert.Equal("/bin/cat\0/proc/self/cmdline\0", Commands.Show("cmdline").Capture().Output);
    }

    [Fact]
    public void The_working_directory_is_the_childs_alone()
    {
        string before = Environment.CurrentDirectory;
        Directory.CreateDirectory(At("sub"));
        Assert.Equal($"{At("sub")}\n", Command.Of("/bin/pwd").In(At("sub")).Capture().Output);
        Assert.Equal($"{At("sub")}\n", Command.Of("/bin/pwd").In(Path.GetRelativePath(before, At("sub"))).Capture().Output);
        WriteProgram("sub/tool", "#!/bin/sh\npwd\n");
        Assert.Equal($"{At("sub")}\n", Command.Of("./tool").In(At("sub")).Capture().Output);
        Assert.Equal(before, Environment.CurrentDirectory);
    }
}
