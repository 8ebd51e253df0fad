#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// The four forms that take their arguments as a list. v: by path; p: searched for in PATH; e: with an environment of its own.
// The shell tells the name under which it was started, and one variable. Say which form to see: exec.cs execvpe
Environment.SetEnvironmentVariable("WHO", "inherited");
string form = args.FirstOrDefault("execv");
string[] shell = ["sh", "-c", "echo \"$0 $WHO\""];
Dictionary<string, string> environment = new() { ["WHO"] = "given", ["PATH"] = "/bin" };

Console.Write($"{form}: ");
switch (form)
{
    case "execv":
        Os.Execv("/bin/sh", shell);
        break;
    case "execve":
        Os.Execve("/bin/sh", shell, environment);
        break;
    case "execvp":
        Os.Execvp("sh", shell);
        break;
    case "execvpe":
        Os.Execvpe("sh", shell, environment);
        break;
    default:
        Console.WriteLine("no such form");
        break;
}
