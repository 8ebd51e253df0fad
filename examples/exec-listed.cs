#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// The forms that take their arguments one by one; an environment stands before them. Say which to see: exec-listed.cs execlpe
Environment.SetEnvironmentVariable("WHO", "inherited");
string form = args.FirstOrDefault("execl");
Dictionary<string, string> environment = new() { ["WHO"] = "given", ["PATH"] = "/bin" };

Console.Write($"{form}: ");
switch (form)
{
    case "execl":
        Os.Execl("/bin/sh", "sh", "-c", "echo \"$0 $WHO\"");
        break;
    case "execle":
        Os.Execle("/bin/sh", environment, "sh", "-c", "echo \"$0 $WHO\"");
        break;
    case "execlp":
        Os.Execlp("sh", "sh", "-c", "echo \"$0 $WHO\"");
        break;
    case "execlpe":
        Os.Execlpe("sh", environment, "sh", "-c", "echo \"$0 $WHO\"");
        break;
    default:
        Console.WriteLine("no such form");
        break;
}
