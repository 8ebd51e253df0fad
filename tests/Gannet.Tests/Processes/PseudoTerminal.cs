using Gannet.Interop;

namespace Gannet.Tests.Processes;

/// <summary>A terminal for a child.</summary>
internal sealed unsafe class PseudoTerminal : IDisposable
{
    private readonly int _ours;

    public PseudoTerminal()
    {
        int ours, childs;
        Assert.Equal(0, TestLibc.openpty(&ours, &childs, null, null, null));
        _ours = ours;
        Child = childs;
    }

    /// <summary>The end that is a child's terminal.</summary>
    public int Child { get; }

    /// <summary>Types something at it.</summary>
    public void Type(ReadOnlySpan<byte> keys) => Libc.WriteAll(_ours, keys);

    public void Dispose()
    {
        Libc.Close(_ours);
        Libc.Close(Child);
    }
}
