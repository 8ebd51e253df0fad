#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// Both calls give the child's number and its status. wait takes no argument: which child it is, it tells.
using Child first = Command.Of("sh", "-c", "exit 7").Start();
Console.WriteLine(Os.Wait() == (first.Pid, new WaitStatus(7 << 8)));

using Child second = Command.Of("sh", "-c", "exit 8").Start();
Console.WriteLine(Os.WaitPid(second.Pid) == (second.Pid, new WaitStatus(8 << 8)));
