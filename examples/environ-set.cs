#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Assigning changes the real environment: the program that takes this one's place sees it.
Os.Environ["PATH"] = "/bin:/sbin:/usr/sbin:/usr/bin:/usr/local/bin";
Console.WriteLine(Os.Environ["PATH"]);
Os.Execv("/bin/sh", "sh", "-c", "echo child:$PATH");
