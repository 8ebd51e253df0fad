#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Where assemblies are looked for: the script's own directory comes first.
Console.WriteLine($"list {Sys.Path.Count > 0}");
foreach (string directory in Sys.Path)
{
    Console.WriteLine(directory);
}
