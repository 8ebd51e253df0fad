using System.Diagnostics;
using System.Globalization;

namespace Gannet.Benchmarks.Processes;

/// <summary>What the comparisons of pipes share.</summary>
internal static class PipePeers
{
    /// <summary>The framework's process, with its output in a pipe.</summary>
    public static Process StartProcess(string[] words) =>
        Process.Start(new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false, RedirectStandardOutput = true })!;

    /// <summary>Has CPython measure itself: seconds, and how many bytes came.</summary>
    public static (double Seconds, long Count) AskPython(string python, string program, string[] arguments)
    {
        string[] answer = Command.Of(python, ["-c", program, .. arguments]).Capture().EnsureSuccess().Output.Split(' ');
        return (double.Parse(answer[0], CultureInfo.InvariantCulture), long.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Writes a text of words in lines of 0 to 100 bytes.</summary>
    public static void WriteText(string path, int size)
    {
        const string Words = "the quick brown fox jumps over the lazy dog and runs away from all the noise of the wide world beyond these hills";
        const int LongestLine = 100;
        Random random = new(1);
        using StreamWriter writer = new(path);
        for (int left = size; left > 0;)
        {
            int length = Math.Min(random.Next(LongestLine + 1), left - 1);
            writer.Write(Words.AsSpan(0, length));
            writer.Write('\n');
            left -= length + 1;
        }
    }
}
