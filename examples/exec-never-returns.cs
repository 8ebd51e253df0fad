#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// The new program takes the place of this one, in the same process: what stands behind the call never runs.
Console.WriteLine("before");
Os.Execv("/bin/sh", ["sh", "-c", "[ $$ = $1 ] && echo the same process", "sh", $"{Environment.ProcessId}"]);
Console.WriteLine("never printed");
