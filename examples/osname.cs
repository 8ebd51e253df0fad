#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// The family of the operating system.
Console.WriteLine($"'{Os.Name}'");
