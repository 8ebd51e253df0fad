#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// A reentrant lock: its thread takes it twice, and others get it after the second release only.
ReentrantLock reentrant = new();
Console.WriteLine($"{reentrant.Acquire()} {reentrant.Acquire()}");
Probe("depth 2");
reentrant.Release();
Probe("depth 1");
reentrant.Release();
Probe("depth 0");

void Probe(string note) => Threads.StartNew(() =>
{
    bool taken = reentrant.Acquire(false);
    Console.WriteLine($"{note}, other thread gets it: {taken}");
    if (taken)
    {
        reentrant.Release();
    }
}).Join();
