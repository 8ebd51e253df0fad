using Xunit;

namespace Gannet.Testing;

/// <summary>A test that runs its program in namespaces of its own (unshare): another root of the processes, other mounts.</summary>
public sealed class NamespaceFactAttribute : FactAttribute
{
    private static readonly bool s_allowed = IsAllowed();

    public NamespaceFactAttribute()
    {
        if (!s_allowed)
        {
            Skip = "Only root may make namespaces, and here not even root may, or unshare(1) is missing.";
        }
    }

    private static bool IsAllowed()
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/unshare"))
        {
            return false;
        }

        using TestProcess unshare = TestProcess.Run("/usr/bin/unshare", ["-m", "-p", "-f", "/bin/true"]);
        return unshare.ShellStatus == 0;
    }
}
