#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Sends signals to processes. Signal 0 only asks whether the process is there.
Os.Kill(Environment.ProcessId, Signal.None);
Console.WriteLine("there");
(int Pid, Signal Signal)[] failures = [((1 << 22) + 1, Signal.None), (Environment.ProcessId, (Signal)9999)];
foreach ((int pid, Signal signal) in failures)
{
    try
    {
        Os.Kill(pid, signal);
    }
    catch (OsException error)
    {
        Console.WriteLine($"{(int)error.Errno} {error.Errno}");
    }
}
