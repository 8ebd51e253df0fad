#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// The child waits for the end of its input, so that it still runs at the first look.
using Child child = Command.Of("sh", "-c", "read line; exit 6").WithStdin(Stdio.Pipe).Start();
Console.WriteLine(Os.WaitPid(child.Pid, WaitOptions.WNOHANG).Pid);

child.Stdin.Dispose();
int pid;
WaitStatus status;
while (((pid, status) = Os.WaitPid(child.Pid, WaitOptions.WNOHANG)).pid == 0)
{
    Thread.Sleep(10);
}

Console.WriteLine($"{pid == child.Pid} {status.Raw} {status.ExitStatus}");
