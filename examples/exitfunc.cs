#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// A function for the end of the program. It runs although nobody calls Sys.Exit.
Sys.ExitFunction = () => Console.WriteLine("Had enough, deciding to leave\n");
Console.WriteLine("body done");
