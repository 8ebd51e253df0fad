using System.Runtime.InteropServices;
using Gannet.Interop;

namespace Gannet.Tests.Interop;

public sealed unsafe class NativeStringArrayTests
{
    [Fact]
    public void Every_string_ends_with_a_NUL_and_the_array_with_NULL()
    {
        using NativeStringArray array = new(["one"u8.ToArray(), [], [0xE9, 0xFF], [.. Enumerable.Repeat((byte)'x', 100_000)]]);
        Assert.Equal("one"u8.ToArray(), Read(array, 0));
        Assert.Empty(Read(array, 1));
        Assert.Equal([0xE9, 0xFF], Read(array, 2));
        Assert.Equal(100_000, Read(array, 3).Length);
        Assert.True(array.Pointers[4] is null);
    }

    [Fact]
    public void No_strings_are_an_array_that_ends_at_once()
    {
        using NativeStringArray array = new([]);
        Assert.True(array.Pointers[0] is null);
    }

    [Fact]
    public void It_may_be_disposed_twice()
    {
        NativeStringArray array = new(["one"u8.ToArray()]);
        array.Dispose();
        array.Dispose();
        Assert.True(array.Pointers is null);
    }

    private static byte[] Read(NativeStringArray array, int index) =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(array.Pointers[index]).ToArray();
}
