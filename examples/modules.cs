#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// What is loaded, and from where. The program is there under two names.
foreach (string name in new[] { "__main__", "Gannet", "System.Private.CoreLib", "System.Console", "No.Such.Module" })
{
    Console.WriteLine($"{name,-24}{(Sys.Modules.TryGetValue(name, out LoadedModule? module) ? module : "(absent)")}");
}

LoadedModule main = Sys.Modules["__main__"];
Console.WriteLine(ReferenceEquals(main, Sys.Modules[main.Name]));
