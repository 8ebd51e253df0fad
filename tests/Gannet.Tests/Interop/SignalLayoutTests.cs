using Gannet.Interop;

namespace Gannet.Tests.Interop;

/// <summary>The record of signals: fields in the places that native/shim.h gives them on a 64-bit processor.</summary>
public unsafe class SignalLayoutTests
{
    [Fact]
    public void A_record_is_laid_out_as_the_shims()
    {
        NativeSignalRecord record;
        byte* start = (byte*)&record;
        Assert.Equal(40, sizeof(NativeSignalRecord));
        Assert.Equal(8, (byte*)&record.Time - start);
        Assert.Equal(24, (byte*)&record.Signal - start);
        Assert.Equal(36, (byte*)&record.Uid - start);
    }

    [Fact]
    public void The_ring_is_laid_out_as_the_shims()
    {
        NativeSignalRing ring;
        byte* start = (byte*)&ring;
        Assert.Equal(48 + (2 * 65 * 8), sizeof(NativeSignalRing));
        Assert.Equal(24, (byte*)&ring.Taken - start);
        Assert.Equal(40, (byte*)&ring.Arrivals - start);
        Assert.Equal(48, (byte*)&ring.PassedOn - start);
    }
}
