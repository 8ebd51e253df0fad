using System.Diagnostics;
using Gannet.Tool.Prompt.Editing;
using Gannet.Tool.Prompt.Evaluating;
using Gannet.Tool.Scripts;

namespace Gannet.Tool.Prompt;

/// <summary><c>gannet</c> on a terminal, and <c>gannet -i</c>.</summary>
internal static class PromptCommand
{
    /// <summary>Runs the prompt; the result is the exit status.</summary>
    [StackTraceHidden]
    public static int Run(CommandLine.Prompt command)
    {
        ScriptSource.StandardInput.ThrowIfClosed();
        Task<InputCompiler> compiler = PromptEngine.LoadCompiler();
        FirstScript? script = command.Source is null ? null : FirstScript.Read(command.Source);
        AppContext.SetData("Gannet.Script.Name", command.Source?.Name ?? "");
        AppContext.SetData("Gannet.Script.ArgumentCount", command.ArgumentCount);
        if (command.Source?.FullPath is { } path)
        {
            AppContext.SetData("Gannet.Script.Path", path);
        }

        // Before anybody holds the console's writers.
        SharedTerminal? terminal = TerminalKind.IsEdited ? new SharedTerminal() : null;
        terminal?.TakeConsole();
        return Sys.Run([StackTraceHidden] () =>
        {
            try
            {
                using PromptSession session = new(terminal, [.. Sys.Argv.Skip(1)], compiler);
                return session.Run(script);
            }
            catch (ToolException error)
            {
                Sys.Tell(error.Message + "\n");
                return error.Status;
            }
        });
    }
}
