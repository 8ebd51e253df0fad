#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

using Popen3 command = new("read x; echo got $x; echo err >&2; exit 3", captureStderr: true);
Console.WriteLine($"while running: {command.Poll()?.ToString() ?? "null"}");
command.ToChild.WriteLine("hello");
command.ToChild.Dispose();
Console.WriteLine($"{command.FromChild.ReadLine()}, {command.ChildErr!.ReadLine()}");
Console.WriteLine($"wait: {command.Wait().Raw} poll after: {command.Poll()?.Raw}");

using Popen3 plain = new("exit 0");
Console.WriteLine($"childerr without capture: {plain.ChildErr?.ToString() ?? "null"} wait: {plain.Wait().Raw}");
