using Gannet.Testing;
using Gannet.Tests.Tool;

namespace Gannet.Tests.Processes;

/// <summary>Programs that start themselves again.</summary>
public sealed class RunSelfTests
{
    private const string Script = """
        Os.RegisterSelf(Square);
        Console.WriteLine($"first {Sys.Argv.Count}");
        Os.ChDir("/");
        using Child child = Os.RunSelf(Square, "12", "");
        Console.WriteLine(child.Wait());
        static int Square(string[] arguments)
        {
            Console.WriteLine($"square of {arguments[0]} of {arguments.Length}");
            return int.Parse(arguments[0]) * int.Parse(arguments[0]);
        }
        """;

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static TheoryData<string, string[]> Starts => new()
    {
        { "./Gannet.Tests.Child", [] },
        { Dotnet, ["Gannet.Tests.Child.dll"] },
        { Dotnet, ["exec", "--roll-forward", "Minor", "Gannet.Tests.Child.dll"] },
    };

    [Theory, MemberData(nameof(Starts))]
    public void The_method_runs_in_a_fresh_process_of_the_same_program_however_that_was_started(string program, string[] words)
    {
        using TestProcess run = TestProcess.Run(
            program, [.. words, "RunningSelf.Arguments"], workingDirectory: AppContext.BaseDirectory);
        Assert.Equal((0, "a b||é?\na b||é?\n0 value / False\nexit 5\n", ""), (run.ShellStatus, run.Stdout, run.Stderr));
    }

    [Fact]
    public void A_message_arrives_as_it_was_in_any_environment_and_one_that_is_too_long_is_refused() =>
        Expect("é0 \"n 3 more\nbare 0\n130901\nArgumentException: The message has 131032 bytes; at most 131008 can be passed. (Parameter 'message')\n", "Message");

    [Fact]
    public void It_is_a_command_with_descriptors_timeouts_and_pipelines_and_may_start_itself_in_turn() =>
        Expect("told exit 6\nsignal 9 (SIGKILL)\ntoo long\ninner\n", "AsCommand");

    [Fact]
    public void What_can_not_be_started_is_refused_before_anything_happens() => Expect(
        """
        InvalidOperationException: The method is not registered. Os.RegisterSelf does that, before the program does anything else.
        ArgumentException: 'another' is registered already. (Parameter 'method')
        ArgumentException: 'Show' is registered already. (Parameter 'method')
        ArgumentException: The value cannot be an empty string. (Parameter 'method.Name')
        ArgumentException: The text holds a NUL character, at which the operating system would cut it off. (Parameter 'method')
        ArgumentException: The text holds a NUL character, at which the operating system would cut it off. (Parameter 'arguments')
        ArgumentNullException: Value cannot be null. (Parameter 'method')
        ArgumentNullException: Value cannot be null. (Parameter 'method')

        """,
        "Refused");

    [Fact]
    public void A_program_that_has_not_come_to_the_registration_can_not_start_itself_without_end() =>
        Expect("InvalidOperationException: This process was started to run 'Show', and has not registered that yet.\n", "TooLate");

    [Fact]
    public void The_method_ends_as_a_program_does_by_its_exit_or_its_error_and_the_hooks_run() =>
        Expect("exit 9 hook\nexit 1 Unhandled exception. System.InvalidOperationException: failed\nhook\n", "Endings");

    [Fact]
    public void A_script_starts_itself_under_gannet_also_before_it_is_in_the_cache()
    {
        using ScriptFolder folder = new();
        folder.Write("script.cs", Script);
        for (int i = 0; i < 2; i++)
        {
            using TestProcess run = folder.Gannet("script.cs", "a", "b");
            Assert.Equal((0, "first 3\nsquare of 12 of 2\nexit 144\n", ""), (run.ShellStatus, run.Stdout, run.Stderr));
        }

        using TestProcess code = folder.Gannet("-c", Script, "a");
        Assert.Equal((0, "first 2\nsquare of 12 of 2\nexit 144\n", ""), (code.ShellStatus, code.Stdout, code.Stderr));
    }

    [Fact]
    public void A_script_from_standard_input_can_not_be_read_again()
    {
        using ScriptFolder folder = new();
        using TestProcess run = folder.GannetWithInput(Script, "-");
        Assert.Equal((1, "first 1\n"), (run.ShellStatus, run.Stdout));
        Assert.StartsWith(
            "Unhandled exception. System.InvalidOperationException: The code of this program came from standard input, where it can't be read again.\n",
            run.Stderr,
            StringComparison.Ordinal);
    }

    private static void Expect(string output, string scenario)
    {
        using TestProcess child = ChildProgram.Run($"RunningSelf.{scenario}");
        Assert.Equal((0, output, ""), (child.ShellStatus, child.Stdout, child.Stderr));
    }
}
