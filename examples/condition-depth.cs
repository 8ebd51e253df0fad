#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// A receiver that acquires again in each turn of its loop, and never releases. It works on a reentrant lock alone, because a wait gives up
// the whole depth; on a plain lock the second acquisition would wait for ever, so it gives up after a while here.
Console.WriteLine($"reentrant lock: messages shown: {Try(new ReentrantLock(), Timeout.InfiniteTimeSpan)}");
Console.WriteLine($"plain lock: messages shown: {Try(new PrimitiveLock(), TimeSpan.FromSeconds(0.1))}");

static int Try(ThreadLock heldLock, TimeSpan patience)
{
    ConditionVariable condition = new(heldLock);
    CountingSemaphore taken = new(0);
    string message = "";
    int shown = 0;
    OsThread receiver = new(() =>
    {
        while (condition.TryAcquire(patience))
        {
            if (message != "")
            {
                message = "";
                shown++;
                taken.Release();
            }

            condition.Wait();
        }
    });
    receiver.IsDaemon = true;
    receiver.Start();
    SpinWait.SpinUntil(() => condition.WaitingCount == 1);
    for (int counter = 0; counter < 3 && condition.TryAcquire(patience); counter++)
    {
        message = $"New Message: {counter}";
        condition.Notify();
        condition.Release();
        taken.TryAcquire(patience);
    }

    return shown;
}
