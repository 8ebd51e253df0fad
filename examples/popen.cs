#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

string folder = Directory.CreateTempSubdirectory("popen-").FullName;
File.WriteAllText($"{folder}/alpha", "");
File.WriteAllText($"{folder}/beta", "");

// Line by line until the end; Wait closes the pipe and tells how the command ended.
PopenStream stream = Os.Popen($"ls {folder}", PopenMode.Read);
while (stream.ReadLine() is { } line)
{
    Console.WriteLine(line);
}

Console.WriteLine(stream.Wait());
Directory.Delete(folder, recursive: true);
