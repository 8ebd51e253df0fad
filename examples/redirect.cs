#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Standard error into a file, as far as this program goes: Console follows, children would not.
DirectoryInfo place = Directory.CreateTempSubdirectory();
string log = Os.Path.Join(place.FullName, "error.log");

Sys.Stderr = new StreamWriter(log);
Sys.Stderr.Write("Error log!\n");
Sys.Stderr.Close();

Console.WriteLine($"'{File.ReadAllText(log).Replace("\n", "\\n")}'");
place.Delete(recursive: true);
