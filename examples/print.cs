#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Printing a line and writing it to standard output with its newline come to the same bytes.
Console.WriteLine("Busy doin nothin");
Sys.Stdout.Write("Busy doin nothin\n");
