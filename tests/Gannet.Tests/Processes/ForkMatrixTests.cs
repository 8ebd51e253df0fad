using Gannet.Testing;

namespace Gannet.Tests.Processes;

/// <summary>Every kind of child under every setting of the runtime that changes what stands still at a fork, again and again.</summary>
public class ForkMatrixTests
{
    private const int ShortCount = 20;
    private const int LongCount = 200;

    // It gives way without end there, and never sleeps, since a timer gives it something to do every ten milliseconds.
    private const string OnBusyProcessor = """
        processor=$(sed -n 's/^Cpus_allowed_list:\t*\([0-9]*\).*/\1/p' /proc/self/status)
        hogs=
        for i in 1 2; do timeout 100 taskset -c "$processor" sh -c 'while :; do :; done' & hogs="$hogs $!"; done
        taskset -c "$processor" "$0" "$@"
        status=$?
        kill $hogs
        exit $status
        """;

    [ForkFact]
    public void An_idle_worker_of_the_pool_is_not_in_the_way_where_there_is_too_much_to_do() =>
        ExpectOnBusyProcessor("parent well\n", "ForkMatrix.Run", "10", "returns");

    [ForkFact]
    public void Nor_is_it_where_the_pool_works_and_the_caller_wants_that_in_both() =>
        ExpectOnBusyProcessor("exit 0\nexit 0\nexit 0\nexit 0\nexit 0\n", "HinderedForks.PoolWork");

    [ForkTheory]
    [InlineData("", "")]
    [InlineData("DOTNET_gcServer", "1")]
    [InlineData("DOTNET_gcConcurrent", "0")]
    [InlineData("DOTNET_TieredCompilation", "0")]
    [InlineData("DOTNET_TieredPGO", "0")]
    [Trait("S", "S296")]
    public void Children_can_do_whatever_a_program_does(string setting, string value)
    {
        int count = Environment.GetEnvironmentVariable("GANNET_STRESS") is "long" ? LongCount : ShortCount;
        Dictionary<string, string?> environment = setting is "" ? [] : new() { [setting] = value };
        using TestProcess child = TestProcess.Run(
            ChildProgram.Executable, ["ForkMatrix.Run", $"{count}"], environment: environment, timeout: TimeSpan.FromMinutes(4 + count));
        Assert.Equal((0, "parent well\n", ""), (child.ShellStatus, child.Stdout, child.Stderr));
    }

    private static void ExpectOnBusyProcessor(string output, params string[] scenario)
    {
        using TestProcess child = TestProcess.Run(
            "/bin/sh", ["-c", OnBusyProcessor, ChildProgram.Executable, .. scenario], timeout: TimeSpan.FromMinutes(2));
        Assert.Equal((0, output), (child.ShellStatus, child.Stdout));
    }
}
