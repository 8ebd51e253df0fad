using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary><c>struct gannet_wait_result</c>: a status as wait(2) has it, and <c>struct rusage</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeWaitResult
{
    public int Pid;
    public int Status;
    public long UserSeconds;
    public long UserMicroseconds;
    public long SystemSeconds;
    public long SystemMicroseconds;
    public long MaxResidentKibibytes;
    public Unread Rest;

    /// <summary>The thirteen numbers of <c>struct rusage</c> that follow; most are always 0 on Linux.</summary>
    [System.Runtime.CompilerServices.InlineArray(13)]
    internal struct Unread
    {
        private long _first;
    }
}
