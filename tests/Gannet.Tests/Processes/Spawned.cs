using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Processes;

/// <summary>Starts a program through the library's spawner, and gives what it wrote and how it ended.</summary>
internal static class Spawned
{
    public const string Shell = "/bin/sh";

    /// <summary>Tests that start children in this process run one after another, so that what one leaves behind can be seen.</summary>
    public const string Collection = "Children of the test process";

    private const int Attempts = 10_000;

    /// <summary>A shell script whose output is wanted.</summary>
    public static SpawnRequest Script(string script, params DescriptorMapping[] descriptors) =>
        new() { Program = Shell, Arguments = [Shell, "-c", script], Descriptors = descriptors };

    /// <summary>Runs a request to its end.</summary>
    public static WaitStatus Run(SpawnRequest request)
    {
        SpawnedChild child = Spawner.Start(request);
        using SafeFileHandle? pidFd = child.PidFd;
        return ChildWait.ForEnd(child).Status;
    }

    /// <summary>Runs a request whose descriptor 1 goes into a file, and gives the text; the exit status must be 0.</summary>
    public static string Capture(Func<int, SpawnRequest> request)
    {
        string path = Path.GetTempFileName();
        try
        {
            using SafeFileHandle output = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
            WaitStatus status = Run(request((int)output.DangerousGetHandle()));
            string text = OsText.Decode(File.ReadAllBytes(path));
            Assert.Equal((text, "exit 0"), (text, status.ToString()));
            return text;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The output of a script, with further wishes.</summary>
    public static string Output(string script, params DescriptorMapping[] descriptors) =>
        Capture(output => Script(script, [new(output, 1), .. descriptors]));

    /// <summary>The error that a request ends in.</summary>
    public static OsException Fails(SpawnRequest request)
    {
        HashSet<string> before = Descriptors();
        OsException error = Assert.Throws<OsException>(() => Spawner.Start(request));
        AssertNothingLeft(before);
        return error;
    }

    /// <summary>The numbers of the descriptors that are open here, and what stands behind them.</summary>
    public static HashSet<string> Descriptors() => [.. Directory.GetFiles("/proc/self/fd").Select(Describe)];

    private static string Describe(string descriptor)
    {
        try
        {
            return $"{descriptor} {File.ResolveLinkTarget(descriptor, returnFinalTarget: false)}";
        }
        catch (IOException)
        {
            // Another test has closed it meanwhile.
            return descriptor;
        }
    }

    /// <summary>Fails when a descriptor of a process has stayed open since then, or a child that has ended is not reaped.</summary>
    /// <param name="before">The descriptors that were open before.</param>
    public static void AssertNothingLeft(HashSet<string> before)
    {
        Await(() => !Descriptors().Except(before).Any(IsPidFd), "A descriptor of a process was left open.");
        // Programs that other tests have started may just have ended; what stays is a leak.
        List<string> zombies = Zombies();
        for (int i = 0; zombies.Count > 0 && i < Attempts; i++)
        {
            Thread.Sleep(1);
            zombies = [.. zombies.Intersect(Zombies())];
        }

        Assert.Empty(zombies);
    }

    /// <summary>Waits for what is to come about soon, however busy the machine is.</summary>
    public static void Await(Func<bool> condition, string complaint)
    {
        for (int i = 0; !condition(); i++)
        {
            Assert.True(i < Attempts, complaint);
            Thread.Sleep(1);
        }
    }

    private static bool IsPidFd(string descriptor) => descriptor.Contains("pidfd", StringComparison.Ordinal);

    /// <summary>Children of this process that have ended and are not reaped.</summary>
    public static List<string> Zombies()
    {
        List<string> zombies = [];
        foreach (string directory in Directory.GetDirectories("/proc", "*").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                string stat = File.ReadAllText($"{directory}/stat");
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[0] is "Z" && fields[1] == $"{Environment.ProcessId}")
                {
                    zombies.Add(stat);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile.
            }
        }

        return zombies;
    }
}
