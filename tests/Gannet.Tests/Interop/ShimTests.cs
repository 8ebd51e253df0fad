using Gannet.Interop;

namespace Gannet.Tests.Interop;

public class ShimTests
{
    [Fact]
    public void The_loaded_shim_has_the_version_that_the_managed_side_expects() =>
        Assert.Equal(Shim.ExpectedVersion, Shim.Version());
}
