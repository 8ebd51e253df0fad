#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// The last three fields of the user database are the full name, the home directory and the shell.
(string name, _, _, _, string fullName, string home, string shell) = Users.Get(Os.GetUid());
Console.WriteLine($"You are {name} ({fullName})\nHome Directory is {home}\nShell is {shell}");
