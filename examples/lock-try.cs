#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// Changes the counter only if its lock is free.
int counter = 0;
PrimitiveLock counterLock = new();
if (counterLock.Acquire(false))
{
    counter++;
}

Console.WriteLine($"{counter} {counterLock.IsLocked} {counterLock.Acquire(false)}");
