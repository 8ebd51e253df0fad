namespace Gannet.Testing;

/// <summary>What /proc tells about the threads of this process.</summary>
internal static class OwnTasks
{
    /// <summary>The children of this process, which the kernel lists by the thread that started them.</summary>
    public static string[] Children() =>
        [.. Read("children").SelectMany(children => children.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>The names of the threads.</summary>
    public static string[] Names() => [.. Read("comm").Select(name => name.TrimEnd())];

    private static IEnumerable<string> Read(string file)
    {
        foreach (string task in Directory.GetDirectories("/proc/self/task"))
        {
            string text;
            try
            {
                text = File.ReadAllText(Path.Combine(task, file));
            }
            catch (IOException)
            {
                // The thread has ended meanwhile.
                continue;
            }

            yield return text;
        }
    }
}
