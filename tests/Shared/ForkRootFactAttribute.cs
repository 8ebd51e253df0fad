using Xunit;

namespace Gannet.Testing;

/// <summary>A test that forks as another user; skipped where it can't fork, or is not root.</summary>
public sealed class ForkRootFactAttribute : FactAttribute
{
    public ForkRootFactAttribute() => Skip = ForkPlatform.Complaint ?? (Environment.IsPrivilegedProcess ? null : "Only root may do this.");
}
