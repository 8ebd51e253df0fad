#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// Reaps from the handler of SIGCHLD; afterwards there is nothing left to wait for.
using ManualResetEventSlim reaped = new();
Signals.Set(Signal.SIGCHLD, (signal, _) =>
{
    Console.WriteLine($"{signal is Signal.SIGCHLD} {Os.Wait().Status.Raw}");
    reaped.Set();
});

int pid = Os.Fork();
if (pid == 0)
{
    Os.ExitNow(4);
}

reaped.Wait();
try
{
    Os.WaitPid(pid);
}
catch (OsException error)
{
    Console.WriteLine($"already reaped: {(int)error.Errno}");
}
