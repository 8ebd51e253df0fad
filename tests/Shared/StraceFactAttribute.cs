using Xunit;

namespace Gannet.Testing;

/// <summary>A test that looks at a program's system calls.</summary>
public sealed class StraceFactAttribute : FactAttribute
{
    /// <summary>The command that shows them.</summary>
    public const string Strace = "/usr/bin/strace";

    public StraceFactAttribute()
    {
        if (!File.Exists(Strace))
        {
            Skip = "strace is not installed, and ./test could not install it.";
        }
    }
}
