#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Which handler stands on a signal?
Action<Signal, SignalInfo> handler = (_, _) => { };
Console.WriteLine(Signals.Get(Signal.SIGALRM) == SignalHandler.Default);
Signals.Set(Signal.SIGALRM, handler);
Console.WriteLine(Signals.Get(Signal.SIGALRM).Function == handler);
Console.WriteLine(Signals.Get(Signal.SIGINT) == SignalHandler.Default);
