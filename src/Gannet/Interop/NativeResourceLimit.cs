using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary>A resource limit of the child: setrlimit(2)'s <c>RLIMIT_</c> number and values, where <see cref="ulong.MaxValue"/> is
/// <c>RLIM_INFINITY</c>. <c>struct gannet_spawn_limit</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeResourceLimit
{
    public ulong Soft;
    public ulong Hard;
    public int Resource;

    // What the compiler would put there, so that every byte of the native block is written.
    private readonly int _reserved;
}
