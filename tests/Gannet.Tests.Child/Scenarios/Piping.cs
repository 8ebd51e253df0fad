using System.Diagnostics;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Pipes and pipelines in a process whose memory and limits are its own.</summary>
internal static class Piping
{
    private const uint Nobody = 65534;
    private const int Warm = 4 << 20;

    /// <summary>So many bytes through three members into this process; prints how many came, and by how much memory has grown at most since the
    /// first few.</summary>
    public static int ThroughThree(string[] arguments)
    {
        Command cat = Command.Of("cat");
        Read(Command.Of("head", "-c", $"{Warm}", "/dev/zero") | cat | cat);
        using Process self = Process.GetCurrentProcess();
        long before = self.PeakWorkingSet64;
        long count = Read(Command.Of("head", "-c", arguments[0], "/dev/zero") | cat | cat);
        self.Refresh();
        Console.WriteLine($"{count} {self.PeakWorkingSet64 - before}");
        return 0;
    }

    /// <summary>A user who may have no more pages in pipes, when this process may become such a one: prints how much went through.</summary>
    public static int WithoutPagesForPipes(string[] arguments)
    {
        if (Os.GetEUid() == 0)
        {
            Os.SetReGid(Nobody, Nobody);
            Os.SetReUid(Nobody, Nobody);
        }

        // The pages of 300 wide pipes are more than a user may have; whoever comes then gets narrow ones, and may widen none.
        List<SafeFileHandle> ends = [];
        for (int i = 0; i < 300; i++)
        {
            (SafeFileHandle reader, SafeFileHandle writer) = Libc.Pipe();
            Libc.TryWiden(writer);
            ends.AddRange(reader, writer);
        }

        Command cat = Command.Of("cat");
        byte[] input = new byte[3_000_000];
        int through = (cat.WithInput(input) | cat).CaptureBytes().Output.Length;
        int lines = 0;
        (Command.Of("head", "-c", "3000000", "/dev/zero") | Command.Of("tr", "\\0", "\\n")).ForEachLine(_ => ++lines > 0);
        ends.ForEach(end => end.Dispose());
        Console.WriteLine($"{through} {lines}");
        return 0;
    }

    private static long Read(Pipeline pipeline)
    {
        long count = 0;
        byte[] buffer = new byte[1 << 16];
        using ChildPipeline children = (pipeline | Command.Of("cat").WithStdout(Stdio.Pipe)).Start();
        for (int got; (got = children.Stdout.Read(buffer)) > 0;)
        {
            count += got;
        }

        return children.Wait().ExitStatus is 0 ? count : -1;
    }
}
