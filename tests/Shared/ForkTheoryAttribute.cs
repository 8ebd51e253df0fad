using Xunit;

namespace Gannet.Testing;

/// <summary>As <see cref="ForkFactAttribute"/>.</summary>
public sealed class ForkTheoryAttribute : TheoryAttribute
{
    public ForkTheoryAttribute() => Skip = ForkPlatform.Complaint;
}
