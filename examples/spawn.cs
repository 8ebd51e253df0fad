#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// v: the arguments as a list, argv[0] first; e: with an environment that is all there is.
Console.WriteLine(Os.Spawnv(SpawnMode.Wait, "/bin/sh", ["sh", "-c", "exit 3"]));
Console.WriteLine(Os.Spawnve(SpawnMode.Wait, "/bin/sh", ["sh", "-c", "exit $CODE"], new Dictionary<string, string> { ["CODE"] = "4" }));

int pid = Os.Spawnv(SpawnMode.NoWait, "/bin/sh", ["sh", "-c", "exit 5"]);
Console.WriteLine($"{pid > 0} {Os.WaitPid(pid).Status.Raw}");

// What has been detached is nobody's child here: there is nothing to wait for.
pid = Os.Spawnv(SpawnMode.Detach, "/bin/sh", ["sh", "-c", "exit 6"]);
try
{
    Os.WaitPid(pid);
}
catch (OsException error)
{
    Console.WriteLine(error.Errno);
}
