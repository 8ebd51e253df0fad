#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Path functions by themselves.
Console.WriteLine(Os.Path.Join("a", "b"));
