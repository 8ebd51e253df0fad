#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

// The bar is the shell's; no shell is involved, and each argument is one word.
Pipeline count = Command.Of("printf", @"pear\napple\npear\n") | Command.Of("sort") | Command.Of("uniq", "-c");
Console.WriteLine(count.Capture().EnsureSuccess().Output.Replace(" ", "").ReplaceLineEndings(" ").Trim());

// Who is told by SIGPIPE that nobody reads on has not failed, not even when every member counts.
CommandResult result = (Command.Of("yes") | Command.Of("head", "-n", "1").WithStdout(Stdio.Null)).WithPipeFail().Run();
Console.WriteLine($"{result.Succeeded}: {string.Join(", ", result.Members.Select(member => member.Status))}");

// A failure in the middle is one when that is asked for.
Pipeline failing = Command.Of("echo", "in") | Command.Of("sh", "-c", "cat; exit 3") | Command.Of("cat");
Console.WriteLine($"{failing.Capture().Status}, {failing.WithPipeFail().Capture().Status}");

// Lines while they come: as strings, or as the bytes that they are; who has seen enough leaves, and all members end.
foreach (string line in (Command.Of("seq", "3") | Command.Of("tac")).Lines())
{
    Console.Write($"{line} ");
}

long bytes = 0;
foreach (ReadOnlySpan<byte> line in Command.Of("yes", "gannet").Utf8Lines())
{
    bytes += line.Length;
    if (bytes >= 60)
    {
        break;
    }
}

Console.WriteLine(bytes);

// One time for all of them.
try
{
    await foreach (string line in (Command.Of("sleep", "100") | Command.Of("cat")).LinesAsync(TimeSpan.FromSeconds(0.2)))
    {
        Console.WriteLine(line);
    }
}
catch (CommandTimeoutException error)
{
    Console.WriteLine($"{error.Timeout.TotalSeconds} s: {error.Result.Members[0].Status}");
}
