using System.Diagnostics;
using System.Runtime.InteropServices;
using Gannet.Tool.Prompt.Editing;
using Gannet.Tool.Prompt.Evaluating;
using Gannet.Tool.Prompt.Showing;

namespace Gannet.Tool.Prompt;

/// <summary>One run of the prompt: reads inputs, runs them, shows what comes out, until the end of the input or an exit.</summary>
internal sealed class PromptSession : IDisposable
{
    private readonly Interruption _interruption = new();
    private readonly PromptEngine _engine;
    private readonly ErrorWriter _errors = new();
    private int _inputs;

    public PromptSession(string[] arguments, Task<InputCompiler> compiler)
    {
        Sys.DisplayHook = Display;
        UnhandledErrors.EndThreadOnly(error => _errors.Tell("Exception on another thread. " + ErrorText.Of(error)));
        _engine = new PromptEngine(_interruption, arguments, compiler);
    }

    /// <summary>Runs until the end; an exit comes through as its exception.</summary>
    /// <param name="script">What is run first; null for nothing.</param>
    [StackTraceHidden]
    public int Run(FirstScript? script)
    {
        if (script is null)
        {
            WriteBanner();
        }
        else
        {
            RunScript(script);
        }

        using IInputReader reader = OpenReader();
        _interruption.Came += reader.Interrupt;
        while (reader.Read() is { } text)
        {
            Evaluate(text);
        }

        return 0;
    }

    public void Dispose() => _interruption.Dispose();

    private IInputReader OpenReader() =>
        TerminalKind.IsUsed && !TerminalKind.IsDumb
            ? new LineEditor(new RawTerminal(), new History(History.UsualPath), _engine, new PromptText(_interruption))
            : new PlainReader(_engine.IsComplete, new PromptText(_interruption));

    private static void WriteBanner() => TerminalKind.PromptWriter.WriteLine(
        $"Gannet {GannetCommand.Version} on .NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}\n" +
        "Type help() for help, exit() or Ctrl-D to leave.");

    private static void Display(object? value)
    {
        if (value is not null)
        {
            Sys.Stdout.WriteLine(ValueText.Of(value));
        }
    }

    [StackTraceHidden]
    private void Evaluate(string text)
    {
        string name = InputName.Of(++_inputs);
        Guard([StackTraceHidden] () =>
        {
            if (_engine.Evaluate(text, name) is { } value)
            {
                // It may compute for long, or for ever: the elements of a sequence, for instance.
                _interruption.Run([StackTraceHidden] (_) => Sys.DisplayHook(value));
            }
        });
    }

    // Its errors, an exit among them, leave its variables to be looked at.
    [StackTraceHidden]
    private void RunScript(FirstScript script) =>
        Guard([StackTraceHidden] () =>
        {
            try
            {
                foreach ((string text, string name) in script.Inputs)
                {
                    _engine.Evaluator.Evaluate(text, name, isScript: true);
                }
            }
            catch (Exception error) when (Sys.FindExit(error) is { } exit)
            {
                _errors.Tell($"{nameof(SystemExitException)}: {exit.Message}");
            }
        });

    [StackTraceHidden]
    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (InputException error)
        {
            _errors.Tell(ErrorText.Of(error));
        }
        catch (InputInterruptedException error)
        {
            _errors.Tell(error.Message);
        }
        catch (Exception error) when (Sys.FindExit(error) is null)
        {
            _errors.Tell(ErrorText.Of(error));
        }
    }
}
