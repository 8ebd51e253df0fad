#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// A thread object for a function. It runs once it is started.
OsThread displayThread = new(() => Console.WriteLine("Counter is 0"));
Console.WriteLine(displayThread.IsAlive);
displayThread.Start();
displayThread.Join();
Console.WriteLine($"{displayThread.IsAlive} {displayThread.Name}");
