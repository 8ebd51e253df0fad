#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// The list of arguments begins with the program's own name. Say which call to see: exec-own-name.cs forgotten
Dictionary<string, string> environment = new() { ["CVSROOT"] = "/export/cvs" };

switch (args.FirstOrDefault("execve"))
{
    case "forgotten":
        // "-a" becomes the name of ls, which is left without an option.
        Os.Execv("/bin/ls", ["-a"]);
        break;
    case "execv":
        Os.Execv("/bin/ls", ["ls", "-a"]);
        break;
    case "execvp":
        Os.Execvp("ls", ["ls", "-a"]);
        break;
    case "execve":
        Os.Execve("/usr/bin/env", ["env"], environment);
        break;
    case "execvpe":
        Os.Execvpe("env", ["env"], environment.Append(new("PATH", "/usr/bin")));
        break;
    default:
        Console.WriteLine("no such call");
        break;
}
