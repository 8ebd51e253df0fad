#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// Output, input and standard error, each apart.
var pipes = Os.Popen3("cat; echo oops >&2");
pipes.Input.WriteLine("in");
pipes.Input.Dispose();
Console.WriteLine($"{pipes.Output.ReadLine()} {pipes.Error.ReadLine()}");
