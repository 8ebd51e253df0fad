using Xunit;

namespace Gannet.Testing;

/// <summary>A test that runs its program in namespaces of its own (unshare): another root of the processes, other mounts.</summary>
public sealed class NamespaceFactAttribute : FactAttribute
{
    /// <param name="kernel">The first version of Linux on which it can succeed; null for any.</param>
    public NamespaceFactAttribute(string? kernel = null)
    {
        if (kernel is not null && Environment.OSVersion.Version < Version.Parse(kernel))
        {
            Skip = $"Linux {kernel} or later is needed.";
        }

        Skip ??= Complaint;
    }

    /// <summary>Why none can be made here, or null.</summary>
    internal static string? Complaint { get; } =
        IsAllowed() ? null : "Only root may make namespaces, and here not even root may, or unshare(1) is missing.";

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
