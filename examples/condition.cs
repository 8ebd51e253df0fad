#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// Condition variables over the default lock, which is reentrant, and over a given one.
ConditionVariable condition = new();
Console.WriteLine($"{condition.Acquire()} {condition.Acquire(false)}");
condition.Release();
condition.Release();
PrimitiveLock given = new();
ConditionVariable over = new(given);
over.Acquire();
Console.WriteLine($"{given.IsLocked} {over.Acquire(false)}");
over.Release();
Console.WriteLine(given.IsLocked);
