using System.Runtime.InteropServices;
using Xunit;

namespace Gannet.Testing;

/// <summary>A test that calls the GNU C library in this process; skipped where the C library is another.</summary>
public sealed class GlibcFactAttribute : FactAttribute
{
    public GlibcFactAttribute()
    {
        if (!NativeLibrary.TryLoad("libc.so.6", out nint libc) || !NativeLibrary.TryGetExport(libc, "gnu_get_libc_version", out _))
        {
            Skip = "The C library of this system is not glibc.";
        }
    }
}
