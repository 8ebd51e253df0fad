using Gannet.Threading;

namespace Gannet.Tests.Threading;

public class BlockingStackTests : WorkQueueTests
{
    private protected override int[] Order => [222, 333, 111];

    private protected override WorkQueue<int> Make(int maxSize = 0) => new BlockingStack<int>(maxSize);
}
