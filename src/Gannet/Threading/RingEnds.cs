using System.Runtime.InteropServices;

namespace Gannet.Threading;

/// <summary>The two ends of a <see cref="Ring{T}"/>, each on a line of its own, and with the one that processors fetch beside it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 384)]
internal struct RingEnds
{
    /// <summary>The position to be emptied next.</summary>
    [FieldOffset(128)]
    public long Head;

    /// <summary>The position to be filled next; negative once the ring is closed.</summary>
    [FieldOffset(256)]
    public long Tail;

    /// <summary>What those who fill have last seen of <see cref="Head"/>.</summary>
    [FieldOffset(264)]
    public long KnownHead;
}
