#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Shows how a command line is read:
//   getopt.cs -y -g --debug --output=process.out myfile.txt
// Letters: y and g are flags, n takes a number. Words: debug is a flag, output takes a file.

try
{
    var (options, rest) = GetOpt.Parse(args, "ygn:", ["debug", "output="]);
    foreach (var (name, value) in options)
    {
        Console.WriteLine(value == "" ? $"option {name}" : $"option {name} with '{value}'");
        if (name == "-n" && !int.TryParse(value, out _))
        {
            // What the program itself finds wrong is reported in the same way.
            throw new GetOptException($"option -n wants a number, not '{value}'", "n");
        }
    }

    Console.WriteLine($"rest: {string.Join(' ', rest)}");
    return 0;
}
catch (GetOptException error)
{
    Console.Error.WriteLine($"getopt: {error.Message}");
    Console.Error.WriteLine("usage: getopt.cs [-yg] [-n number] [--debug] [--output=file] [file ...]");
    return 2;
}
