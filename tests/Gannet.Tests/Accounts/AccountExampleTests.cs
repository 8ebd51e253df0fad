using Gannet.Testing;
using Gannet.Tests.Processes;
using Gannet.Tests.Tool;

namespace Gannet.Tests.Accounts;

/// <summary>The examples of this room, beside the programs and the users that they are about.</summary>
[Collection(Spawned.Collection)]
public class AccountExampleTests
{
    [Theory, Trait("S", "S428")]
    [InlineData]
    [InlineData("root")]
    [InlineData("nobody")]
    public void Id_prints_what_id_prints(params string[] users)
    {
        using TestProcess ours = TestProcess.Run(ScriptFolder.Command, [$"{Repository.Examples}/id.cs", .. users], timeout: TimeSpan.FromMinutes(2));
        using TestProcess system = TestProcess.Run("/usr/bin/id", users);
        Assert.Equal((system.ExitCode, system.Stdout), (ours.ExitCode, ours.Stdout));
    }

    [RootFact, Trait("S", "S428")]
    public void Id_prints_what_id_prints_for_an_effective_user_and_groups()
    {
        string[] words = ["--euid=1", "--egid=2", "--groups=7,3,2,54321", "--"];
        using TestProcess ours = TestProcess.Run("/usr/bin/setpriv", [.. words, ScriptFolder.Command, $"{Repository.Examples}/id.cs"], timeout: TimeSpan.FromMinutes(2));
        using TestProcess system = TestProcess.Run("/usr/bin/setpriv", [.. words, "/usr/bin/id"]);
        Assert.Equal((system.Stdout, 0), (ours.Stdout, ours.ExitCode));
    }

    [Fact, Trait("S", "S428"), Trait("S", "S429")]
    public void The_current_user_is_described_as_getent_has_it()
    {
        using TestProcess run = TestProcess.Run(ScriptFolder.Command, [$"{Repository.Examples}/user.cs"], timeout: TimeSpan.FromMinutes(2));
        using TestProcess system = TestProcess.Run("/usr/bin/getent", ["passwd", $"{Os.GetUid()}"]);
        string[] fields = system.Stdout.TrimEnd().Split(':');
        Assert.Equal($"You are {fields[0]} ({fields[4]})\nHome Directory is {fields[5]}\nShell is {fields[6]}\n", run.Stdout);
    }

    [RootTheory, Trait("S", "S441"), Trait("S", "S442"), Trait("S", "S443")]
    [InlineData("open sesame", "Password validated")]
    [InlineData("sesame", "Password invalid")]
    [InlineData("", "Password invalid")]
    public void The_password_script_validates_a_real_password(string typed, string verdict)
    {
        using TestUser user = TestUser.Create("open sesame");
        using TerminalChild child = TerminalChild.Run([ScriptFolder.Command, $"{Repository.Examples}/password.cs", user.Name]);
        child.ReadUntil("Password: ");
        child.Await(() => !child.Echoes, "turn echo off");
        child.Type($"{typed}\n");
        child.ReadToEnd();
        Assert.EndsWith($"Password: \r\n{verdict}\r\n", child.Text);
    }
}
