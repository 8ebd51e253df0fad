#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// A line that ends as this system's text files do.
string file = Path.GetTempFileName();
File.WriteAllText(file, "Some other text" + Os.LineSeparator);
Console.WriteLine($"{Quote(File.ReadAllText(file))} {Quote(Os.LineSeparator)}");
File.Delete(file);

static string Quote(string text) => $"'{text.Replace("\r", "\\r").Replace("\n", "\\n")}'";
