using Xunit;

namespace Gannet.Testing;

/// <summary>As <see cref="NamespaceFactAttribute"/>, for several cases.</summary>
public sealed class NamespaceTheoryAttribute : TheoryAttribute
{
    public NamespaceTheoryAttribute() => Skip = new NamespaceFactAttribute().Skip;
}
