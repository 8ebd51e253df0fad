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
    public ThreeNumbers SharedDataStackSizes;
    public long MinorFaults;
    public long MajorFaults;
    public long Swaps;
    public long BlocksRead;
    public long BlocksWritten;
    public ThreeNumbers MessagesSentReceivedSignals;
    public long VoluntarySwitches;
    public long InvoluntarySwitches;

    /// <summary>Fields that Linux always leaves 0.</summary>
    [System.Runtime.CompilerServices.InlineArray(3)]
    internal struct ThreeNumbers
    {
        private long _first;
    }
}
