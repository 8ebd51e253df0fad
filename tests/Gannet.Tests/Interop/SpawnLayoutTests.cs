using Gannet.Interop;

namespace Gannet.Tests.Interop;

/// <summary>The structs that the shim shares: fields in the places that native/shim.h gives them on a 64-bit processor.</summary>
public unsafe class SpawnLayoutTests
{
    [Fact]
    public void The_request_is_laid_out_as_the_shims()
    {
        NativeSpawnRequest request;
        byte* start = (byte*)&request;
        Assert.Equal(160, sizeof(NativeSpawnRequest));
        Assert.Equal(0, (byte*)&request.Paths - start);
        Assert.Equal(24, (byte*)&request.Directory - start);
        Assert.Equal(48, (byte*)&request.Descriptors - start);
        Assert.Equal(72, (byte*)&request.DefaultSignals - start);
        Assert.Equal(88, (byte*)&request.Mask - start);
        Assert.Equal(96, (byte*)&request.DescriptorCount - start);
        Assert.Equal(108, (byte*)&request.Options - start);
        Assert.Equal(124, (byte*)&request.Umask - start);
        Assert.Equal(136, (byte*)&request.DeathSignal - start);
        Assert.Equal(140, (byte*)&request.Pid - start);
        Assert.Equal(148, (byte*)&request.Step - start);
        Assert.Equal(156, (byte*)&request.Index - start);
    }

    [Fact]
    public void The_parts_of_a_request_are_laid_out_as_the_shims()
    {
        NativeResourceLimit limit;
        Assert.Equal(8, sizeof(DescriptorMapping));
        Assert.Equal(24, sizeof(NativeResourceLimit));
        Assert.Equal(16, (byte*)&limit.Resource - (byte*)&limit);
    }

    [Fact]
    public void The_result_of_a_wait_is_laid_out_as_the_shims()
    {
        NativeWaitResult result;
        Assert.Equal(152, sizeof(NativeWaitResult));
        Assert.Equal(8, (byte*)&result.UserSeconds - (byte*)&result);
        Assert.Equal(40, (byte*)&result.MaxResidentKibibytes - (byte*)&result);
    }
}
