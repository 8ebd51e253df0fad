#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// Releases a lock. A second release is an error.
PrimitiveLock counterLock = new();
counterLock.Acquire();
counterLock.Release();
Console.WriteLine($"{counterLock.IsLocked} {counterLock.Acquire(false)}");
counterLock.Release();
try
{
    counterLock.Release();
}
catch (SynchronizationLockException error)
{
    Console.WriteLine(error.Message);
}
