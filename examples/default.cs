#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Ignored once; then the default action is back, and SIGQUIT ends the program: a shell shows 131.
Signals.Ignore(Signal.SIGQUIT);
Os.Kill(Environment.ProcessId, Signal.SIGQUIT);
Console.WriteLine("ignored once");
Signals.Default(Signal.SIGQUIT);
Os.Kill(Environment.ProcessId, Signal.SIGQUIT);
Thread.Sleep(10_000);
Console.WriteLine("never printed");
