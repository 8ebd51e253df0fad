#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Nothing after the exit runs; finally blocks do. A number would be the status, a text would go to standard error.
return Sys.Run(() =>
{
    Sys.Exit();
    Console.WriteLine("never reached");
});
