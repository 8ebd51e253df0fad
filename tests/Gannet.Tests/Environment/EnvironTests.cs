using System.Text;
using Gannet.Testing;

namespace Gannet.Tests.EnvironmentRoom;

public sealed class EnvironTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gannet-environ-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact, Trait("S", "S133"), Trait("S", "S140"), Trait("S", "S141")]
    public void The_environment_is_what_the_parent_gave()
    {
        using TestProcess run = TestProcess.Run(
            ChildProgram.Executable,
            ["Variables.Print", "ZED", "PATH", "MISSING"],
            environment: new Dictionary<string, string?> { ["ZED"] = "from parent", ["PATH"] = "/usr/bin:/bin", ["MISSING"] = null });
        Assert.Equal("ZED=from parent\nPATH=/usr/bin:/bin\nMISSING=(none)\n", run.Stdout);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_the_name_of_no_variable() =>
        Assert.Equal((null, false), (Os.GetEnv("\ud800"), Os.Environ.ContainsKey("A\udc00")));

    [Fact, Trait("S", "S134"), Trait("S", "S142"), Trait("S", "S145"), Trait("S", "S146"), Trait("S", "S148")]
    public void It_is_a_dictionary_whose_changes_children_see()
    {
        using TestProcess run = ChildProgram.Run("Variables.Dictionary");
        Assert.Equal(
            [
                "added 2; A=1; B in True; keys True",
                "set default: 1 3; pop: 3; C: none",
                "iterates: True; values True",
                "add twice: ArgumentException; remove missing: False",
                "missing: KeyNotFoundException; delete missing: KeyNotFoundException; get: null, d",
                "deleted: False, child: unset",
                "empty: '', child: [] set, .NET: ''",
                "case: False",
                "cleared: 0, child: '', .NET: 0",
            ],
            Lines(run));
    }

    [Fact, Trait("S", "S147")]
    public void Names_that_can_not_be_are_refused_before_anything_has_changed()
    {
        using TestProcess run = ChildProgram.Run("Variables.Refused");
        Assert.Equal(
            [
                "ArgumentException", "ArgumentException", "ArgumentException", "ArgumentException", "ArgumentNullException",
                "ArgumentNullException", "ArgumentException", "ArgumentException", "ArgumentException", "ArgumentException", "False  False 0",
            ],
            Lines(run));
    }

    [Theory, Trait("S", "S135"), Trait("S", "S136"), Trait("S", "S137"), Trait("S", "S143"), Trait("S", "S151")]
    [InlineData("AA", "2")]
    [InlineData("PATH", "/bin:/sbin:/usr/sbin:/usr/bin:/usr/local/bin")]
    [InlineData("EMPTY", "")]
    public void An_assignment_is_seen_by_dotnet_native_code_spawn_exec_Command_and_Process(string name, string value)
    {
        using TestProcess run = ChildProgram.Run("Variables.Agreement", name, value);
        Assert.Equal(["environ True, .NET True", "native True", "process True", "spawn True", "command True", .. value is "" ? [] : new[] { value }], Lines(run));
    }

    [Fact, Trait("S", "S149")]
    public void A_value_beyond_ASCII_reaches_everybody_as_UTF8()
    {
        using TestProcess run = ChildProgram.Run("Variables.Agreement", "AA", "café");
        Assert.EndsWith("command True\ncaf\u00e9", run.Stdout);
        Assert.Equal([0x63, 0x61, 0x66, 0xc3, 0xa9], run.StdoutBytes[^5..]);
    }

    [Fact, Trait("S", "S150"), Trait("S", "S152"), Trait("S", "S153"), Trait("S", "S176")]
    public void PutEnv_sets_the_variable_for_everybody_and_the_mapping_never_disagrees()
    {
        using TestProcess run = ChildProgram.Run("Variables.Agreement", "BB", "x", "putenv");
        Assert.Equal(["environ True, .NET True", "native True", "process True", "spawn True", "command True", "x"], Lines(run));
    }

    [Fact, Trait("S", "S138")]
    public void A_forked_child_inherits_a_change()
    {
        using TestProcess run = ChildProgram.Run("Variables.Fork");
        Assert.Equal("4\n", run.Stdout);
    }

    [Fact, Trait("S", "S139")]
    public void A_change_of_a_child_does_not_reach_its_parent()
    {
        using TestProcess run = TestProcess.Run(
            "/bin/sh", ["-c", "AA=1; export AA; \"$0\" Variables.Agreement AA 2 > /dev/null; echo $AA", ChildProgram.Executable]);
        Assert.Equal("1\n", run.Stdout);
    }

    [Fact, Trait("S", "S144"), Trait("S", "S154")]
    public void The_PATH_that_was_set_is_the_one_that_programs_are_looked_for_along()
    {
        string command = Path.Combine(_directory, "zzcmd");
        File.WriteAllText(command, "#!/bin/sh\necho found\n");
        File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using TestProcess run = ChildProgram.Run("Variables.SearchPath", $"/nowhere:{_directory}");
        Assert.Equal($"found /nowhere:{_directory}\n", run.Stdout);
    }

    [Fact]
    public void What_either_side_changes_behind_our_back_is_carried_over_at_the_next_call()
    {
        using TestProcess run = ChildProgram.Run("Variables.BehindOurBack");
        Assert.Equal(["1 1", "carried over: 1 1", "2 2 2 2", "managed managed", "gone gone gone gone", "gone gone gone"], Lines(run));
    }

    [Fact]
    public void Bytes_that_are_no_text_survive_the_round_trip_to_a_child()
    {
        using TestProcess run = TestProcess.StartRaw(
            ChildProgram.Executable, ["Variables.Bytes"u8.ToArray()], entries: [[(byte)'L', (byte)'=', 0xE9, (byte)'x', 0xFF]]);
        run.Wait();
        Assert.Equal(
            ["<dce9>x<dcff> <dce9>x<dcff> x True", " e9 78 ff 3a e9 78 ff", " 4e ff 3d 78 0a", "<dce9>x<dcff> x", "gone 0"], Lines(run));
    }

    [Fact]
    public void Native_readers_always_find_what_is_there_while_others_write()
    {
        using TestProcess run = ChildProgram.Run("Variables.Storm");
        Assert.Equal("missed 0, here\n", run.Stdout);
    }

    [Fact]
    public void Setting_and_removing_again_and_again_takes_no_further_memory()
    {
        using TestProcess run = ChildProgram.Run("Variables.Repeat");
        Assert.Equal("bounded\n", run.Stdout);
    }

    private static string[] Lines(TestProcess run)
    {
        Assert.Equal((0, ""), (run.ExitCode, run.Stderr));
        return Encoding.UTF8.GetString(run.StdoutBytes).TrimEnd('\n').Split('\n');
    }
}
