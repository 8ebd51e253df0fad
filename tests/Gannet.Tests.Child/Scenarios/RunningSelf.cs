using System.Collections;
using System.Text.Json.Serialization;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>This program, started again by itself. What is started gets the scenario's name as its first argument, so that it comes by the
/// registration.</summary>
internal static partial class RunningSelf
{
    private const string Scenario = "RunningSelf.";
    private const int Descriptor = 5;
    private static int s_memory;

    /// <summary>What the method gets and finds.</summary>
    public static int Arguments(string[] arguments)
    {
        Os.RegisterSelf(Show);
        s_memory = 1;
        Os.PutEnv("INHERITED", "value");
        Os.ChDir("/");
        CapturedText text = Command.OfSelf(Show, $"{Scenario}Arguments", "a b", "", "é\udcff").Capture();
        Console.Write(text.Output);
        Console.WriteLine(text.Status);
        return 0;
    }

    /// <summary>A message.</summary>
    public static int Message(string[] arguments)
    {
        Os.RegisterSelf(Show);
        Os.RegisterSelf(Work, Json.Default.Job, name: "the work");
        Console.WriteLine(Command.OfSelf(Work, new Job("é\0 \"\n", [1, 2]), $"{Scenario}Message", "more").Capture().Output.Trim());
        // One environment is not another; and nobody is told of the order but who it is for.
        Console.WriteLine(Command.OfSelf(Work, new Job("bare", []), $"{Scenario}Message").WithEnvironment([new("DOTNET_ROOT", Os.GetEnv("DOTNET_ROOT") ?? "")]).Capture().Output.Trim());
        Console.WriteLine(Command.OfSelf(Work, new Job(new('x', 131_000 - 100), []), $"{Scenario}Message").Capture().Output.Length);
        Complain(() => Command.OfSelf(Work, new Job(new('x', 131_008), []), $"{Scenario}Message"));
        return 0;
    }

    /// <summary>All that a command can do.</summary>
    public static int AsCommand(string[] arguments)
    {
        Os.RegisterSelf(Tell);
        Os.RegisterSelf(Hang);
        Os.RegisterSelf(Nest);
        string scenario = $"{Scenario}AsCommand";
        (SafeFileHandle read, SafeFileHandle write) = Os.Pipe();
        using (global::Gannet.Child child = Command.OfSelf(Tell, scenario).WithDescriptor(write, Descriptor).Start())
        {
            write.Dispose();
            using StreamReader reader = new(new FileStream(read, FileAccess.Read));
            Console.WriteLine($"{reader.ReadToEnd()} {child.Wait()}");
        }

        using (global::Gannet.Child child = Os.RunSelf(Hang, scenario))
        {
            child.Kill();
            Console.WriteLine(child.Wait());
        }

        try
        {
            Command.OfSelf(Hang, scenario).Run(TimeSpan.FromMilliseconds(1));
        }
        catch (CommandTimeoutException)
        {
            Console.WriteLine("too long");
        }

        Console.WriteLine((Command.OfSelf(Nest, scenario) | Command.Of("cat")).Capture().Output.Trim());
        return 0;
    }

    /// <summary>What is refused.</summary>
    public static int Refused(string[] arguments)
    {
        Complain(() => Command.OfSelf(Show));
        Os.RegisterSelf(Show);
        Complain(() => Os.RegisterSelf(Show, "another"));
        Complain(() => Os.RegisterSelf(Tell, "Show"));
        Complain(() => Os.RegisterSelf(Tell, ""));
        Complain(() => Os.RegisterSelf(Tell, "a\0b"));
        Complain(() => Command.OfSelf(Show, "a\0b"));
        Complain(() => Command.OfSelf((Func<string[], int>)null!));
        Complain(() => Os.RegisterSelf((Func<string[], int>)null!));
        return 0;
    }

    /// <summary>A program that registers only in the process that it was started in first, and would start itself for ever.</summary>
    public static int TooLate(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            Os.RegisterSelf(Show);
            Console.Write(Command.OfSelf(Show, $"{Scenario}TooLate", "again").Capture().Output);
        }
        else
        {
            Complain(() => Command.OfSelf(Show));
        }

        return 0;
    }

    /// <summary>A function that ends by an exit, and one that fails; hooks run.</summary>
    public static int Endings(string[] arguments)
    {
        AtExit.Register(() => Console.WriteLine("hook"));
        Os.RegisterSelf(End);
        foreach (string way in (string[])["exit", "fail"])
        {
            CapturedText text = Command.OfSelf(End, $"{Scenario}Endings", way).WithMergedOutput().Capture();
            Console.WriteLine($"{text.Status} {text.Output.Split('\n')[0]}");
        }

        return 0;
    }

    private static int Show(string[] arguments)
    {
        Console.WriteLine(string.Join('|', arguments[1..].Select(Escape)));
        Console.WriteLine(string.Join('|', Sys.Argv.Skip(2).Select(Escape)));
        bool isTold = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Any(entry => ((string)entry.Key).StartsWith("GANNET_SELF", StringComparison.Ordinal))
            || File.ReadAllText("/proc/self/environ").Split('\0').Count(entry => entry.StartsWith("GANNET_SELF=", StringComparison.Ordinal)) != 1
            || Command.Of("env").Capture().Output.Contains("GANNET_SELF", StringComparison.Ordinal);
        Console.WriteLine($"{s_memory} {Os.GetEnv("INHERITED")} {Os.GetCwd()} {isTold}");
        return 5;
    }

    private static string Escape(string word) => word.Replace("\udcff", "?", StringComparison.Ordinal);

    private static int Work(Job job)
    {
        Console.WriteLine(job.Name.Length > 100 ? job.Name : $"{job.Name.Replace("\0", "0", StringComparison.Ordinal).Replace("\n", "n", StringComparison.Ordinal)} {job.Numbers.Sum()} {string.Join(' ', Sys.Argv.Skip(2))}");
        return 0;
    }

    private static int Tell(string[] arguments)
    {
        using FileStream stream = new(new SafeFileHandle(Descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0);
        stream.Write("told"u8);
        return 6;
    }

    private static int Hang(string[] arguments)
    {
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static int Nest(string[] arguments)
    {
        if (arguments.Length > 1)
        {
            Console.WriteLine("inner");
            return 0;
        }

        return Command.OfSelf(Nest, arguments[0], "inner").Run().Status.ExitStatus ?? 1;
    }

    private static int End(string[] arguments)
    {
        if (arguments[1] is "exit")
        {
            Sys.Exit(9);
        }

        throw new InvalidOperationException("failed");
    }

    private static void Complain(Action refused)
    {
        try
        {
            refused();
            Console.WriteLine("not refused");
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            Console.WriteLine($"{error.GetType().Name}: {error.Message.Split('\n')[0]}");
        }
    }

    internal sealed record Job(string Name, int[] Numbers);

    [JsonSerializable(typeof(Job))]
    internal sealed partial class Json : JsonSerializerContext;
}
