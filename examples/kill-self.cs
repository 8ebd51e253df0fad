#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// SIGALRM for the program itself. Nobody handles it, so it ends the program: a shell shows 142.
Os.Kill(Environment.ProcessId, Signal.SIGALRM);
Thread.Sleep(10_000);
Console.WriteLine("never printed");
