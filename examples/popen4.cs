#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// Output and standard error in one, in the order in which the command writes.
(StreamReader output, StreamWriter input) = Os.Popen4("cat; echo oops >&2");
input.WriteLine("in");
input.Dispose();
Console.Write(output.ReadToEnd());
