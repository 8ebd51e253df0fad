#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// The argument vector: the script itself first, then the words after it.
for (int i = 0; i < Sys.Argv.Count; i++)
{
    Console.WriteLine($"Argument {i} is {Sys.Argv[i]}");
}
