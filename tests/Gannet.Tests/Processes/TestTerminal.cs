using Gannet.Interop;

namespace Gannet.Tests.Processes;

/// <summary>A terminal for a child.</summary>
internal sealed unsafe class TestTerminal : IDisposable
{
    private readonly int _ours;

    public TestTerminal()
    {
        int ours, childs;
        Assert.Equal(0, TestLibc.openpty(&ours, &childs, null, null, null));
        _ours = ours;
        Child = childs;
    }

    /// <summary>The end that is a child's terminal.</summary>
    public int Child { get; }

    /// <summary>What somebody types.</summary>
    public void Type(string text) => Libc.WriteAll(_ours, System.Text.Encoding.UTF8.GetBytes(text));

    public void Dispose()
    {
        Libc.Close(_ours);
        Libc.Close(Child);
    }
}
