#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// Semaphores count. At zero an acquisition that does not wait fails.
CountingSemaphore one = new();
Console.WriteLine($"{one.Acquire()} {one.Acquire(false)}");
one.Release();
Console.WriteLine(one.Acquire(false));
CountingSemaphore two = new(2);
Console.WriteLine($"{two.Acquire(false)} {two.Acquire(false)} {two.Acquire(false)}");
try
{
    _ = new CountingSemaphore(-1);
}
catch (ArgumentOutOfRangeException error)
{
    Console.WriteLine(error.Message.Split(" (")[0]);
}
