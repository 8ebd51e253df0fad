#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Where programs are looked for.
Console.WriteLine(Os.Environ["PATH"]);
