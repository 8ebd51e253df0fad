#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// The number chooses the branch: zero in the child, the child's own in the parent.
int pid = Os.Fork();
if (pid == 0)
{
    Console.WriteLine("child branch");
    Os.ExitNow(0);
}
else
{
    Os.WaitPid(pid);
    Console.WriteLine($"parent branch, pid > 0 is {pid > 0}");
}
