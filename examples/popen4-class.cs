#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

using Popen4 command = new("echo out; echo err >&2");
Console.Write(command.FromChild.ReadToEnd());
Console.WriteLine($"{command.ChildErr?.ToString() ?? "null"} {command.Wait().Raw}");
