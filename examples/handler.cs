#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Calls a handler by hand. A function can be called, the default action can't.
Signals.Set(Signal.SIGALRM, (signal, info) => Console.WriteLine($"handler called with {signal}, sender: {info.Pid?.ToString() ?? "none"}"));
Signals.Get(Signal.SIGALRM).Invoke(Signal.SIGALRM);
try
{
    SignalHandler.Default.Invoke(Signal.SIGALRM);
}
catch (InvalidOperationException error)
{
    Console.WriteLine(error.Message);
}
