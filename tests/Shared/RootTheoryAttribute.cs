using Xunit;

namespace Gannet.Testing;

/// <summary>A test that gives files or processes to other users, which only root may.</summary>
public sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Skip = "Only root can give a file to another user.";
        }
    }
}
