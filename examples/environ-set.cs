#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Assigning changes the real environment: programs that are started from here see it.
Os.Environ["PATH"] = "/bin:/sbin:/usr/sbin:/usr/bin:/usr/local/bin";
Console.WriteLine(Os.Environ["PATH"]);
Command.Of("sh", "-c", "echo child:$PATH").Run();
