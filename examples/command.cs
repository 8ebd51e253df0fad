#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// Run has this program's streams; Capture collects what is written; neither needs a shell.
Command.Of("echo", "one   word", "$HOME", "*").Run();
Console.WriteLine(Command.Of("tr", "a-z", "A-Z").WithInput("shout\n").Capture().Output.Trim());

// What was written to both streams, in the order in which it was written.
Command both = Command.Of("sh", "-c", "echo 1; echo 2 >&2; echo 3");
Console.WriteLine(both.WithMergedOutput().Capture().Output.ReplaceLineEndings(" "));

// A status is none of an exception unless it is asked to be.
Command failing = Command.Of("sh", "-c", "echo no such luck >&2; exit 3");
Console.WriteLine(failing.Capture().Status);
try
{
    failing.Capture().EnsureSuccess();
}
catch (CommandFailedException error)
{
    Console.WriteLine(error.Message);
}

// Out of time: SIGTERM, five seconds to follow it, then SIGKILL.
try
{
    await Command.Of("sleep", "100").RunAsync(TimeSpan.FromSeconds(0.2));
}
catch (CommandTimeoutException error)
{
    Console.WriteLine($"{error.Result.Status}, {error.Result.Ending}");
}
