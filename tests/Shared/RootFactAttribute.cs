using Xunit;

namespace Gannet.Testing;

/// <summary>A test of what only root may do: mounting, giving things to other users, becoming another user.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Skip = "Only root may do this.";
        }
    }
}
