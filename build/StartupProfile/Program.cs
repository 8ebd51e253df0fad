using Gannet.StartupProfile;

if (args is not [string command, string profile])
{
    Console.Error.WriteLine("usage: StartupProfile gannet compiler.mibc");
    return 2;
}

string trace = Path.Combine(Path.GetTempPath(), $"gannet-startup-{Environment.ProcessId}.nettrace");
try
{
    PromptRun.Record(command, trace);
    StartupTrace read = StartupTrace.Read(trace);
    using ProfileWriter writer = new(read);
    int count = read.Methods.Count(writer.TryAdd);
    writer.Save(profile);
    Console.WriteLine($"{profile}: {count} of {read.Methods.Count} methods that were compiled as they went");
    return 0;
}
finally
{
    File.Delete(trace);
}
