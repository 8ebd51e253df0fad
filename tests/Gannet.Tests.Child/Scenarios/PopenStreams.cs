namespace Gannet.Tests.Child.Scenarios;

/// <summary>Os.Popen and its kin, where the streams of this program matter.</summary>
internal static class PopenStreams
{
    /// <summary>Reads a command that writes to both outputs.</summary>
    public static int ReadsOutputOnly(string[] arguments)
    {
        using PopenStream stream = Os.Popen("echo out; echo err >&2");
        Console.Write(stream.ReadToEnd());
        return 0;
    }

    /// <summary>The same in both directions.</summary>
    public static int LeavesErrorAlone(string[] arguments)
    {
        (StreamReader output, StreamWriter input) = Os.Popen2("cat; echo err2 >&2");
        input.Write("in\n");
        input.Dispose();
        Console.Write(output.ReadToEnd());
        using Popen3 popen = new("echo out; echo err3 >&2");
        Console.Write(popen.FromChild.ReadToEnd());
        Console.WriteLine($"{popen.ChildErr is null} {popen.Wait()}");
        return 0;
    }

    /// <summary>Writes to a command that prints to this program's output, after what this one holds back.</summary>
    public static int WritesInOrder(string[] arguments)
    {
        using StreamWriter writer = new(Console.OpenStandardOutput()) { AutoFlush = false };
        Sys.Stdout = writer;
        writer.Write("first ");
        using (PopenStream stream = Os.Popen("cat", PopenMode.Write))
        {
            stream.Write("second ");
        }

        writer.Write("third");
        return 0;
    }
}
