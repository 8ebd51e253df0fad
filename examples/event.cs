#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet.Threading;

// A flag that threads wait for.
EventFlag flag = new();
Console.WriteLine(flag.IsSet);
Console.WriteLine(flag.Wait(TimeSpan.FromSeconds(0.1)));
flag.Set();
Console.WriteLine($"{flag.IsSet} {flag.Wait()}");
flag.Clear();
Console.WriteLine(flag.IsSet);
