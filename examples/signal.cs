#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Setting a handler gives the one that stood there before.
Action<Signal, SignalInfo> one = (_, _) => { };
Console.WriteLine(Signals.Set(Signal.SIGUSR1, one) == SignalHandler.Default);
Console.WriteLine(Signals.Set(Signal.SIGUSR1, SignalHandler.Ignore).Function == one);
Console.WriteLine(Signals.Set(Signal.SIGUSR1, SignalHandler.Default) == SignalHandler.Ignore);
