using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary><c>struct gannet_signal_ring</c>: the record of all deliveries.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeSignalRing
{
    public NativeSignalRecord* Records;
    public ulong Capacity;
    public ulong Next;
    public ulong Taken;
    public ulong Lost;
    public uint Arrivals;
    public uint Sleepers;
    public Counts PassedOn;
    public Counts Answered;

    /// <summary>One number for each signal, by its number.</summary>
    [InlineArray(65)]
    internal struct Counts
    {
        private ulong _first;
    }
}
