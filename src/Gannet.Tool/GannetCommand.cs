using System.Reflection;
using Gannet.Tool.Compiling;
using Gannet.Tool.Running;
using Gannet.Tool.Scripts;

namespace Gannet.Tool;

/// <summary>The <c>gannet</c> command: compiles a script, then runs it in a fresh image of the same process.</summary>
internal static class GannetCommand
{
    private const string Usage = """
        usage: gannet [--] script.cs [argument ...]
               gannet -c 'code' [argument ...]
               gannet - [argument ...] < script.cs
               gannet -h | --help | -V | --version

        Runs a C# script: a file with top-level statements, as 'dotnet run script.cs' takes it, with the directives
        #:package, #:project, #:property, #:sdk and #:include. A script without directives has Gannet and
        Gannet.Threading in scope. What follows the script's name belongs to the script (Sys.Argv).

        The status is the script's own; 1 when it does not compile or an exception ends it; 2 when there is no such script.
        """;

    public static int Run(string[] words)
    {
        try
        {
            if (Handover.TryTake(ref words, out CompiledScript? compiled))
            {
                return ScriptHost.Run(compiled, (CommandLine.Run)CommandLine.Parse(words));
            }

            return Obey(CommandLine.Parse(words), words);
        }
        catch (ToolException e)
        {
            Console.Error.WriteLine(e.Message);
            return e.Status;
        }
    }

    private static int Obey(CommandLine command, string[] words)
    {
        switch (command)
        {
            case CommandLine.Help:
                Console.WriteLine(Usage);
                return ExitStatus.Success;
            case CommandLine.Version:
                Console.WriteLine($"gannet {Version}, .NET {Environment.Version}");
                return ExitStatus.Success;
            case CommandLine.Run run:
                Handover.Replace(Compile(run.Source), words.Length);
                return ExitStatus.Failure;
            default:
                throw new NotSupportedException($"A command line of the kind {command.GetType().Name}.");
        }
    }

    private static CompiledScript Compile(ScriptSource source)
    {
        Script script = Script.Read(source);
        string directory = ScriptCache.DirectoryFor(script);
        return ScriptSettings.TryRead(script, out ScriptSettings? settings)
            ? ScriptCompiler.Compile(script, settings, directory)
            : SdkBuild.Run(script, directory);
    }

    private static string Version =>
        typeof(GannetCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
