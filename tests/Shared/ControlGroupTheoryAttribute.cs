using Xunit;

namespace Gannet.Testing;

/// <summary>A test that makes a control group; skipped where the system has no cgroup2, or does not let it.</summary>
public sealed class ControlGroupTheoryAttribute : TheoryAttribute
{
    public ControlGroupTheoryAttribute()
    {
        if (Root is null || !Environment.IsPrivilegedProcess)
        {
            Skip = "There is no writable cgroup2 hierarchy.";
        }
    }

    /// <summary>Where the hierarchy is mounted for writing.</summary>
    public static string? Root { get; } = File.ReadLines("/proc/self/mounts")
        .Select(line => line.Split(' '))
        .FirstOrDefault(fields => fields[2] is "cgroup2" && fields[3].Split(',').Contains("rw"))?[1];
}
