#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// Each wait tells of one child; when none is left it fails.
Dictionary<int, Child> children = [];
foreach (int status in (int[])[1, 2, 3])
{
    Child child = Command.Of("sh", "-c", $"exit {status}").Start();
    children.Add(child.Pid, child);
}

while (children.Count > 0)
{
    (int pid, _) = Os.Wait();
    children.Remove(pid, out Child? ended);
    ended?.Dispose();
    Console.WriteLine($"left {children.Count}");
}

try
{
    Os.Wait();
}
catch (OsException error)
{
    Console.WriteLine(error.Message);
}
