#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// The shell reads the command. The number is the wait status, which tells an exit from a signal.
Console.WriteLine(Os.System("true").Raw);
Console.WriteLine(Os.System("exit 3").Raw);
Console.WriteLine(Os.System("no-such-editor 2>/dev/null").Raw);
