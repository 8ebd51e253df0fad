using System.Diagnostics;
using System.Reflection;
using Gannet.Tool.Caching;
using Gannet.Tool.Prompt;
using Gannet.Tool.Publishing;
using Gannet.Tool.Running;

namespace Gannet.Tool;

/// <summary>The <c>gannet</c> command: compiles a script, then runs it in a fresh image of the same process.</summary>
internal static class GannetCommand
{
    private const string Usage = """
        usage: gannet
               gannet [--] script.cs [argument ...]
               gannet -c 'code' [argument ...]
               gannet - [argument ...] < script.cs
               gannet -i [script.cs [argument ...]]
               gannet --publish script.cs -o program
               gannet --clear-cache
               gannet -h | --help | -V | --version

        Without a script, on a terminal: the prompt, which evaluates what is typed. With -i the prompt follows the script, and
        has its variables.

        Runs a C# script: a file with top-level statements, as 'dotnet run script.cs' takes it, with the directives
        #:package, #:project, #:property, #:sdk and #:include. A script without directives has Gannet and
        Gannet.Threading in scope. What follows the script's name belongs to the script (Sys.Argv).

        The status is the script's own; 1 when it does not compile or an exception ends it; 2 when there is no such script.
        """;

    [StackTraceHidden]
    public static int Run(string[] words)
    {
        try
        {
            return Obey(CommandLine.Parse(words), words.Length);
        }
        catch (ToolException e)
        {
            Console.Error.WriteLine(e.Message);
            return e.Status;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk, a cache that was taken away meanwhile. What the script itself throws does not come here.
            Console.Error.WriteLine($"gannet: {e.Message}");
            return ExitStatus.Failure;
        }
    }

    [StackTraceHidden]
    private static int Obey(CommandLine command, int wordCount)
    {
        switch (command)
        {
            case CommandLine.Help:
                Console.WriteLine(Usage);
                return ExitStatus.Success;
            case CommandLine.Version:
                Console.WriteLine($"gannet {Version}, .NET {Environment.Version}");
                return ExitStatus.Success;
            case CommandLine.ClearCache:
                return ClearCache();
            case CommandLine.Publish publish:
                Publisher.Publish(ScriptProvider.Provide(publish.Source), publish.Output);
                return ExitStatus.Success;
            case CommandLine.Prompt prompt:
                PromptImage.Enter(wordCount);
                return PromptCommand.Run(prompt);
            case CommandLine.Run run:
                return Run(run, wordCount);
            default:
                throw new NotSupportedException($"A command line of the kind {command.GetType().Name}.");
        }
    }

    [StackTraceHidden]
    private static int Run(CommandLine.Run command, int wordCount)
    {
        if (Handover.Take() is { } handedOver)
        {
            return ScriptHost.Run(handedOver, command);
        }

        ProvidedScript provided = ScriptProvider.Provide(command.Source);
        if (provided.IsFresh || !provided.Script.RunsInPlace)
        {
            Handover.Replace(provided, wordCount);
        }

        return ScriptHost.Run(provided, command);
    }

    private static int ClearCache()
    {
        ScriptCache? cache = ScriptCache.TryOpen(out string? warning);
        if (warning is not null)
        {
            throw new ToolException($"gannet: {warning}", ExitStatus.Failure);
        }

        int running = cache?.Clear() ?? 0;
        if (running > 0)
        {
            Console.Error.WriteLine($"gannet: {running} {(running == 1 ? "entry stays" : "entries stay")}: the script is running");
        }

        return ExitStatus.Success;
    }

    /// <summary>The command's own version.</summary>
    public static string Version =>
        typeof(GannetCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
