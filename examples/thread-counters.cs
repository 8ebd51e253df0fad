#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// One thread displays a counter, two change it whenever they get its lock. They end when both have had it twice.
const int turns = 2;
int counter = 0;
PrimitiveLock counterLock = new(), sayLock = new();
CountingSemaphore done = new(0);
Threads.StartNew(Display);
Threads.StartNew(() => Increase("A", 1, TimeSpan.FromMilliseconds(40)));
Threads.StartNew(() => Increase("B", 5, TimeSpan.FromMilliseconds(20)));
done.Acquire();
done.Acquire();
Say($"Counter is {counter}");

void Increase(string label, int step, TimeSpan hold)
{
    for (int turn = 0; turn < turns;)
    {
        Say($"Thread {label}({Threads.GetIdent()}): Executing");
        if (counterLock.Acquire(false))
        {
            Say($"Thread {label}: Acquired lock...pausing...");
            counter += step;
            turn++;
            Thread.Sleep(hold);
            counterLock.Release();
        }
        else
        {
            Say($"Thread {label}: Couldn't get lock");
        }

        // Without this pause the one who has just released the lock would mostly get it again.
        Thread.Sleep(10);
    }

    done.Release();
}

void Display()
{
    while (true)
    {
        Say($"Display thread({Threads.GetIdent()}): Counter is {counter}");
        Thread.Sleep(10);
    }
}

void Say(string text)
{
    using (sayLock.Enter())
    {
        Console.WriteLine(text);
    }
}
