#!/usr/bin/env gannet
#:project ../src/Gannet

using System.Text.Json.Serialization;
using Gannet;
using Microsoft.Win32.SafeHandles;

// What may run in a process of its own is registered first: in that process the program ends in its registration.
Os.RegisterSelf(Square);
Os.RegisterSelf(Draw, Json.Default.Job);

// The result is the status; a crash in there would be a status as well.
using (Child child = Os.RunSelf(Square, "12"))
{
    Console.WriteLine($"12 squared: {child.Wait().ExitStatus}");
}

// It is a command: with a time, an end of a pipe as descriptor 3, and its output captured.
(SafeFileHandle read, SafeFileHandle write) = Os.Pipe();
Command draw = Command.OfSelf(Draw, new Job("*", 3)).WithDescriptor(write, 3);
CapturedText text = draw.Capture(timeout: TimeSpan.FromMinutes(1));
write.Dispose();
using StreamReader log = new(new FileStream(read, FileAccess.Read));
Console.Write($"{text.Output}{log.ReadToEnd()}");

static int Square(string[] arguments) => int.Parse(arguments[0]) * int.Parse(arguments[0]);

static int Draw(Job job)
{
    for (int width = 1; width <= job.Height; width++)
    {
        Console.WriteLine(string.Concat(Enumerable.Repeat(job.Brush, width)));
    }

    using StreamWriter log = new(new FileStream(new SafeFileHandle(3, ownsHandle: true), FileAccess.Write));
    log.WriteLine($"drew {job.Height} lines");
    return 0;
}

internal sealed record Job(string Brush, int Height);

[JsonSerializable(typeof(Job))]
internal sealed partial class Json : JsonSerializerContext;
