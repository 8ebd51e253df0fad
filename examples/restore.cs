#!/usr/bin/env gannet
#:project ../src/Gannet
using Gannet;

// Standard error goes to a file and comes back; the writer of the start has been kept.
DirectoryInfo place = Directory.CreateTempSubdirectory();
string log = Os.Path.Join(place.FullName, "error.log");

Sys.Stderr = new StreamWriter(log);
Sys.Stderr.Write("captured\n");
Sys.Stderr.Close();

Sys.Stderr = Sys.OriginalStderr;
Sys.Stderr.Write("visible again\n");
Console.WriteLine($"{ReferenceEquals(Sys.Stderr, Sys.OriginalStderr)} '{File.ReadAllText(log).Replace("\n", "\\n")}'");

// The same for the descriptor, which reaches children and native code too, and restores itself.
if (OperatingSystem.IsLinux())
{
    using (Sys.Redirect(2, log))
    {
        Console.Error.WriteLine("captured by descriptor");
    }
}

place.Delete(recursive: true);
