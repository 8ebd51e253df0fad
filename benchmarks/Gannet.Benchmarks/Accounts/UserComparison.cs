namespace Gannet.Benchmarks.Accounts;

/// <summary>Looking up a user; the ratio is to the C call.</summary>
internal sealed class UserComparison : Comparison
{
    public override string Name => "users";

    public override string Summary => "looking up a user: getpwnam_r, Users.Get, Mono.Posix.NETStandard";

    public override void Run() => MeasuredTable.Print<UserBenchmarks>();
}
