#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// A thread object and its defaults. Nothing runs.
OsThread plain = new();
OsThread given = new(target: null, name: "Given");
Console.WriteLine($"{plain.Name} {given.Name} {plain.IsAlive} {plain.IsDaemon}");
