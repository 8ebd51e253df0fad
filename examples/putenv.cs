#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// PutEnv and the mapping are two ways to one environment, so that they never disagree. In Python the mapping does not notice.
Os.PutEnv("BOOKVAR", @"C:\Tools;C:\Windows");
Console.WriteLine($"mapping: {Os.Environ["BOOKVAR"]}");
Command.Of("sh", "-c", "printf 'child: %s\\n' \"$BOOKVAR\"").Run();
