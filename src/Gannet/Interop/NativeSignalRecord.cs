using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary><c>struct gannet_signal_record</c>: one delivery of a signal.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeSignalRecord
{
    /// <summary>Twice the rounds that the ring has gone past this place; odd when there is something to read.</summary>
    public ulong Turn;
    public long Time;
    public ulong Value;
    public int Signal;
    public int Code;
    public int Pid;
    public uint Uid;
}
