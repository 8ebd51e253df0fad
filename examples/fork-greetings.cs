#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// Parent and child each greet ten times; in which order is the scheduler's affair.
int pid = Os.Fork();
string who = pid != 0 ? "parent" : "child";
for (int step = 0; step < 10; step++)
{
    Console.WriteLine($"Hello from the {who}!");
    Thread.Sleep(20);
}

if (pid != 0)
{
    Os.WaitPid(pid);
}
