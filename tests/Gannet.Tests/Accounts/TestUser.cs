using Gannet.Testing;

namespace Gannet.Tests.Accounts;

/// <summary>A user of this machine, who is gone again with the test.</summary>
internal sealed class TestUser : IDisposable
{
    private TestUser(string name) => Name = name;

    public string Name { get; }

    public static TestUser Create(string password)
    {
        TestUser user = new($"gannet{Environment.ProcessId}x{Environment.TickCount64 % 10000}");
        Run("/usr/sbin/useradd", "", "--no-create-home", "--shell", "/bin/false", user.Name);
        try
        {
            Run("/usr/sbin/chpasswd", $"{user.Name}:{password}\n");
            return user;
        }
        catch
        {
            user.Dispose();
            throw;
        }
    }

    public void Lock() => Run("/usr/sbin/usermod", "", "--lock", Name);

    public void Dispose() => Run("/usr/sbin/userdel", "", Name);

    private static void Run(string command, string stdin, params string[] arguments)
    {
        using TestProcess run = TestProcess.Run(command, arguments, stdin);
        Assert.True(run.ExitCode is 0, run.Stderr);
    }
}
