using Xunit;

namespace Gannet.Testing;

/// <summary>A test that forks; skipped where the library says that it can't: on other processors and C libraries.</summary>
public sealed class ForkFactAttribute : FactAttribute
{
    public ForkFactAttribute() => Skip = ForkPlatform.Complaint;
}
