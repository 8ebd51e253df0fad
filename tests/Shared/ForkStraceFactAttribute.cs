using Xunit;

namespace Gannet.Testing;

/// <summary>A test that forks while system calls are tampered with; skipped where it can't fork, or there is no strace.</summary>
public sealed class ForkStraceFactAttribute : FactAttribute
{
    public ForkStraceFactAttribute() => Skip = ForkPlatform.Complaint ?? new StraceFactAttribute().Skip;
}
