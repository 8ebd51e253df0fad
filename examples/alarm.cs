#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// The alarm clock: its handler ends the program, and the last line is never printed.
return Sys.Run(() =>
{
    Signals.Set(Signal.SIGALRM, (_, _) =>
    {
        Console.WriteLine("Wake Up!");
        Sys.Exit();
    });
    Signals.Alarm(1);
    Console.WriteLine("Going to sleep...");
    Thread.Sleep(3000);
    Console.WriteLine("Now I'm up.");
});
