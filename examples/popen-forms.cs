#!/usr/bin/env gannet
#:project ../src/Gannet

using Gannet;

using (PopenStream usual = Os.Popen("echo default mode"), reading = Os.Popen("echo r", PopenMode.Read), buffered = Os.Popen("echo buffered", PopenMode.Read, 512))
{
    Console.Write(usual.ReadToEnd());
    Console.Write(reading.ReadToEnd());
    Console.Write(buffered.ReadToEnd());
}

string file = Path.GetTempFileName();
PopenStream writing = Os.Popen($"cat > {file}", PopenMode.Write);
writing.WriteLine("sent");
Console.WriteLine($"{writing.Wait()}, {File.ReadAllText(file).TrimEnd()}");
File.Delete(file);

Console.WriteLine(Os.Popen("exit 3").Wait().Raw);
