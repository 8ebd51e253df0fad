using System.Text;
using Gannet.Testing;

namespace Gannet.Tests.Runtime;

public class ArgumentsTests
{
    [Fact, Trait("S", "S006"), Trait("S", "S009"), Trait("S", "S010")]
    public void The_words_arrive_in_order_and_unchanged_the_empty_one_and_look_alike_options_included()
    {
        using TestProcess run = ChildProgram.Run("Arguments.Number", "a b", "", "-y", "--debug", "--", "-x");
        Assert.Equal(
            $"Argument 0 is {ChildProgram.Executable}\nArgument 1 is Arguments.Number\nArgument 2 is a b\nArgument 3 is \n"
            + "Argument 4 is -y\nArgument 5 is --debug\nArgument 6 is --\nArgument 7 is -x\n",
            run.Stdout);
    }

    [Fact, Trait("S", "S007"), Trait("S", "S013")]
    public void Five_words_are_six_entries_counted_from_zero()
    {
        using TestProcess run = ChildProgram.Run("Arguments.Number", "is", "this", "a", "test");
        Assert.Equal(["0", "1", "2", "3", "4", "5"], run.Stdout.TrimEnd().Split('\n').Select(line => line.Split(' ')[1]));
    }

    [Fact, Trait("S", "S008")]
    public void Element_0_is_the_program_as_it_was_typed()
    {
        string directory = AppContext.BaseDirectory;
        using TestProcess apphost = TestProcess.Run("./Gannet.Tests.Child", ["Arguments.Number"], workingDirectory: directory);
        Assert.StartsWith("Argument 0 is ./Gannet.Tests.Child\n", apphost.Stdout);
        using TestProcess muxer = TestProcess.Run(Dotnet, ["Gannet.Tests.Child.dll", "Arguments.Number"], workingDirectory: directory);
        Assert.Equal("Argument 0 is Gannet.Tests.Child.dll\nArgument 1 is Arguments.Number\n", muxer.Stdout);
        using TestProcess exec = TestProcess.Run(
            Dotnet, ["exec", "Gannet.Tests.Child.dll", "Arguments.Number"], workingDirectory: directory);
        Assert.Equal("Argument 0 is Gannet.Tests.Child.dll\nArgument 1 is Arguments.Number\n", exec.Stdout);
    }

    [Fact, Trait("S", "S006")]
    public void Bytes_that_are_not_UTF8_survive_as_lone_surrogates()
    {
        byte[][] words = [.. new[] { "Arguments.Show", "é", "" }.Select(Encoding.UTF8.GetBytes), [(byte)'a', 0xE9, 0xFF]];
        using TestProcess run = TestProcess.StartRaw(ChildProgram.Executable, words);
        run.Wait();
        Assert.EndsWith("\n1:e9\n0:\n3:61 dce9 dcff\n", run.Stdout);
    }

    [Fact, Trait("S", "S011")]
    public void The_list_is_mutable_and_every_reader_sees_the_edit()
    {
        using TestProcess run = ChildProgram.Run("Arguments.Edit", "x");
        Assert.Equal("/some/where/renamed|x|added\nTrue\nrenamed\n''\n", run.Stdout);
    }

    [Theory, Trait("S", "S008"), Trait("S", "S012"), Trait("S", "S116")]
    [InlineData("2", "dir/script.cs", "/full/dir/script.cs", "dir/script.cs|a|", "/full/dir/script.cs", "script.cs", "/full/dir")]
    [InlineData("2", "-c", "", "-c|a|", "(none)", "-c", "")]
    [InlineData("0", "-", "", "-", "(none)", "-", "")]
    [InlineData("0", "", "", "", "(none)", "", "")]
    [InlineData("9999", "s.cs", "/s.cs", null, "/s.cs", "s.cs", "/")]
    public void A_host_tells_the_scripts_name_and_how_many_words_are_its_own(
        string count, string name, string path, string? argv, string scriptPath, string programName, string firstPath)
    {
        using TestProcess run = ChildProgram.Run("Arguments.AsScript", count, name, path, "a", "");
        string[] lines = run.Stdout.Split('\n');
        Assert.Equal(argv ?? lines[0], lines[0]);
        Assert.Equal([scriptPath, programName, firstPath], lines[1..4]);
    }

    [Fact, Trait("S", "S008")]
    public void Under_dotnet_run_element_0_is_relative_to_the_current_directory_when_it_lies_beneath_it()
    {
        string directory = AppContext.BaseDirectory.TrimEnd('/');
        using TestProcess beneath = TestProcess.Run(
            ChildProgram.Executable, ["Arguments.AsFileBasedApp", $"{directory}/sub/file.cs", "x"], workingDirectory: directory);
        Assert.StartsWith(
            $"sub/file.cs|Arguments.AsFileBasedApp|{directory}/sub/file.cs|x\n{directory}/sub/file.cs\nfile.cs\n", beneath.Stdout);
        using TestProcess elsewhere = TestProcess.Run(
            ChildProgram.Executable, ["Arguments.AsFileBasedApp", "/else/where/file.cs"], workingDirectory: directory);
        Assert.StartsWith("/else/where/file.cs|", elsewhere.Stdout);
    }

    [Fact, Trait("S", "S008")]
    public void Under_dotnet_run_element_0_is_the_full_path_when_the_current_directory_is_gone()
    {
        string directory = Directory.CreateTempSubdirectory("gannet-gone-").FullName;
        using TestProcess run = TestProcess.Run(
            "/bin/sh", ["-c", "cd \"$1\" && rmdir \"$1\" && exec \"$0\" Arguments.AsFileBasedApp /else/where/file.cs",
                ChildProgram.Executable, directory]);
        Assert.StartsWith("/else/where/file.cs|Arguments.AsFileBasedApp|", run.Stdout);
        Assert.Equal("", run.Stderr);
    }

    [Fact, Trait("S", "S014")]
    public void A_warning_stands_under_the_programs_name()
    {
        using TestProcess run = ChildProgram.Run("Arguments.Warn", "look out");
        Assert.Equal(("", "Gannet.Tests.Child: look out\n"), (run.Stdout, run.Stderr));
    }

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
