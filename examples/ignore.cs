#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// A signal that is ignored does nothing.
Signals.Ignore(Signal.SIGALRM);
Os.Kill(Environment.ProcessId, Signal.SIGALRM);
Console.WriteLine("still here");
