#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// Both directions: the command's output, then its input. Disposing the input is its end.
(StreamReader output, StreamWriter input) = Os.Popen2("tr a-z A-Z");
input.WriteLine("two way");
input.Dispose();
Console.Write(output.ReadToEnd());
