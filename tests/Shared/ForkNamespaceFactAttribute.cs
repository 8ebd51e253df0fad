using Xunit;

namespace Gannet.Testing;

/// <summary>A test that forks in namespaces of its own; skipped where one of both is impossible.</summary>
public sealed class ForkNamespaceFactAttribute : FactAttribute
{
    public ForkNamespaceFactAttribute() => Skip = ForkPlatform.Complaint ?? NamespaceFactAttribute.Complaint;
}
