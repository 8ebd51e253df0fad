using Xunit;

namespace Gannet.Testing;

/// <summary>As <see cref="RootFactAttribute"/>, for several cases.</summary>
public sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Skip = "Only root may do this.";
        }
    }
}
