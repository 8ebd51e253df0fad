#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// A server's loop that forks for each connection and reaps without waiting. A queue stands in for the connections.
Queue<string> connections = new(["a", "b", "c"]);
List<int> running = [], ended = [];
while (connections.Count > 0 || running.Count > 0)
{
    if (connections.TryDequeue(out _))
    {
        running.Add(Os.Fork(() =>
        {
            Thread.Sleep(50);
            return 0;
        }));
    }

    foreach (int child in running.ToArray())
    {
        (int pid, WaitStatus status) = Os.WaitPid(child, WaitOptions.WNOHANG);
        if (pid != 0)
        {
            running.Remove(pid);
            ended.Add(status.Raw);
        }
    }

    Thread.Sleep(10);
}

Console.WriteLine($"served and reaped [{string.Join(", ", ended)}]");
