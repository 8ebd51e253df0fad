using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary><c>struct pollfd</c>: what to wait for on a descriptor, and what has come. A negative number is passed over.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int Descriptor;
    public short Events;
    public short Returned;
}
