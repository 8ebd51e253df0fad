#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// A lock beside the counter that it guards. Only the program knows that the two belong together.
int counter = 0;
PrimitiveLock counterLock = Threads.AllocateLock();
Console.WriteLine($"{counter} {counterLock.IsLocked} {new PrimitiveLock().IsLocked}");
