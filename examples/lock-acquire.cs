#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// The ways to acquire a lock. Without an argument it waits, here for a thread that releases it after a while.
PrimitiveLock heldLock = new();
Console.WriteLine($"{heldLock.Acquire(true)} {heldLock.Acquire(false)}");
EventFlag released = new();
Threads.StartNew(() =>
{
    Thread.Sleep(100);
    released.Set();
    heldLock.Release();
});
Console.WriteLine($"{heldLock.Acquire()} {(released.IsSet ? "blocked" : "did not block")}");
