#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// A program that is not there is an error, and this one goes on. Nobody catches it here, so that it ends with a trace and status 1.
return Sys.Run(() =>
{
    Os.Execv("nothing", [""]);
});
