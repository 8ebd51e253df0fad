using Gannet.Threading;

namespace Gannet.Tests.Threading;

public class BoundedSemaphoreTests : SemaphoreTests
{
    private protected override Lockable Make(bool fair = false) => new BoundedSemaphore(1, fair);

    private protected override CountingSemaphore MakeOf(int value) => new BoundedSemaphore(value);

    [Fact, Trait("S", "S607")]
    public void A_release_too_many_is_an_error_and_adds_nothing()
    {
        BoundedSemaphore made = new();
        Assert.Equal("Semaphore released too many times", Assert.Throws<SemaphoreFullException>(made.Release).Message);
        made.Acquire();
        Assert.Throws<SemaphoreFullException>(() => made.Release(2));
        Assert.Equal("BoundedSemaphore (value=0/1)", made.ToString());
        made.Release();
        Assert.Throws<SemaphoreFullException>(made.Release);
        Assert.Equal(1, made.Value);
    }
}
